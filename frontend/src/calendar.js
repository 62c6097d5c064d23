// The calendar of a practice: week, day, month and list over <div id="calendar">, see core/templates.
// The browser's clock is never asked what time it is: the server's is sent along (the demo can move it).
import { Calendar } from 'fullcalendar'
import dayGrid from 'fullcalendar/daygrid'
import interaction from 'fullcalendar/interaction'
import list from 'fullcalendar/list'
import breezy from 'fullcalendar/themes/breezy'
import timeGrid from 'fullcalendar/timegrid'
import 'fullcalendar/skeleton.css'
import 'fullcalendar/themes/breezy/theme.css'
import './css/calendar.css'
import { csrf, el, icon, say } from './js/page.js'
import { letter } from './js/keys.js'
import { openSide } from './js/overlays.js'
import { sentenceFor, signedOut } from './js/requests.js'

const VIEWS = { day: 'timeGridDay', week: 'timeGridWeek', month: 'dayGridMonth', list: 'listWeek' }
const WORDS = { day: 'Day', week: 'Week', month: 'Month', list: 'List' }
const nameOf = (type) => Object.keys(VIEWS).find((name) => VIEWS[name] === type)

const DAY = 86_400_000
const WEEKENDS = 'attest-weekends'

const isWeekend = (iso, zone) =>
  ['Sat', 'Sun'].includes(new Date(iso).toLocaleDateString('en-US', { timeZone: zone, weekday: 'short' }))

/** Saturday and Sunday are shown once a session was seen there, and while it is one of them. */
const weekendSeen = (now, zone) => localStorage.getItem(WEEKENDS) === '1' || isWeekend(now, zone)

/** "9:00 AM" of an ISO time as the calendar's zone shows it. */
function clock(iso) {
  const hour = Number(iso.slice(11, 13))
  return `${hour % 12 || 12}:${iso.slice(14, 16)} ${hour < 12 ? 'AM' : 'PM'}`
}

/** "9:00 – 9:53 AM"; a short box shows "9:00 AM" alone. */
function span(event) {
  const from = clock(event.startStr)
  const to = clock(event.endStr || event.startStr)
  return el(
    'span',
    { class: 'ev-time', text: from.slice(0, -3) },
    el('span', { class: from.slice(-2) === to.slice(-2) ? 'ev-half' : '', text: from.slice(-3) }),
    el('span', { class: 'ev-to', text: ` – ${to}` }),
  )
}

/** What one session shows. The whole is a link, so its words are its name for a screen reader. */
function drawn({ event, view }) {
  const { word, tone, icon: symbol, roadblock, note, telehealth, off, detail } = event.extendedProps
  const kind = nameOf(view.type)
  if (!event.url) return { domNodes: [el('div', { class: 'ev ev-new' }, span(event))] }
  const marks = el('span', { class: 'ev-marks' })
  if (telehealth) marks.append(icon('video', 'Telehealth'))
  if (note) marks.append(icon('lock', 'Note signed'))
  if (roadblock) marks.append(icon('stop', 'Something is in the way'))
  marks.querySelector('[aria-label="Something is in the way"]')?.classList.add('ev-block')
  const name = el('span', { class: 'ev-name', text: event.title })
  const time = kind === 'month' ? el('span', { class: 'ev-time', text: clock(event.startStr) }) : span(event)
  const chip = el('span', { class: 'ev-chip' }, icon(symbol), el('span', { text: word }))
  const body = el('div', { class: `ev ev-${kind} tone-${tone}${off ? ' is-off' : ''}` })
  const more = el('span', { class: 'ev-detail', text: detail ?? '' })
  if (kind === 'list') body.append(time, name, more, marks, chip)
  else if (kind === 'month') body.append(time, name, icon(symbol, word))
  else body.append(el('div', { class: 'ev-lines' }, name, marks, time, chip, kind === 'day' && more))
  return { domNodes: [body] }
}

// The link's name begins with what is seen: "Mon 23", or "23" in a month.
function weekday(text) {
  const day = new Date(text)
  return `${day.toLocaleDateString('en-US', { weekday: 'short' })} ${day.getDate()}`
}

function toolbar(calendar, box) {
  const go = (label, symbol, act) => {
    const button = el('button', { type: 'button', class: 'btn btn-sm btn-square', 'aria-label': label }, icon(symbol))
    button.addEventListener('click', act)
    return button
  }
  const today = el('button', { type: 'button', class: 'btn btn-sm', text: 'Today' })
  today.addEventListener('click', () => calendar.today())
  const title = el('h2', { class: 'cal-title', 'aria-live': 'polite' })
  const views = el('div', { class: 'segments', role: 'group', 'aria-label': 'View' })
  for (const name of ['day', 'week', 'month', 'list']) {
    const button = el('button', { type: 'button', 'data-view': name, text: WORDS[name] })
    button.addEventListener('click', () => calendar.changeView(VIEWS[name]))
    views.append(button)
  }
  const before = go('Earlier', 'chevron-left', () => calendar.prev())
  const after = go('Later', 'chevron-right', () => calendar.next())
  box.before(el('div', { class: 'cal-bar no-print' }, today, el('div', { class: 'cal-turn' }, before, after), title, views))
  return (info) => {
    title.textContent = info.view.title
    const current = nameOf(info.view.type)
    for (const button of views.children) button.setAttribute('aria-pressed', String(button.dataset.view === current))
    const unit = { day: 'day', week: 'week', month: 'month', list: 'week' }[current]
    before.setAttribute('aria-label', `Previous ${unit}`)
    after.setAttribute('aria-label', `Next ${unit}`)
  }
}

async function move(info) {
  const { event, revert } = info
  let response
  try {
    response = await fetch(event.extendedProps.moveUrl, {
      method: 'POST',
      headers: { 'X-CSRFToken': csrf(), 'HX-Request': 'true', Accept: 'application/json' },
      body: new URLSearchParams({ start: event.startStr, end: event.endStr }),
    })
  } catch {
    revert()
    return say(sentenceFor(0), 'lost')
  }
  if (response.ok) return say(`${event.title} moved to ${when(event)}.`, 'done')
  revert()
  if (response.status === 401) return signedOut()
  const said = await response.json().catch(() => ({}))
  say(said.message ?? sentenceFor(response.status), 'lost')
}

const when = (event) =>
  new Date(`${event.startStr.slice(0, 16)}Z`).toLocaleString('en-US', {
    timeZone: 'UTC', weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit',
  })

function keep(view, date) {
  const url = new URL(location.href)
  url.searchParams.set('view', view)
  url.searchParams.set('date', date)
  history.replaceState(history.state, '', url)
}

function start(box) {
  const asked = new URLSearchParams(location.search)
  const { eventsUrl, newUrl, zone, now, firstHour = '8', lastHour = '19', weekends = 'auto', firstDay = '0' } = box.dataset
  const served = Date.parse(now)
  const loaded = Date.now()
  const hour = (text) => `${text.padStart(2, '0')}:00:00`
  const home = location.pathname
  let show = () => {}

  const calendar = new Calendar(box, {
    plugins: [dayGrid, timeGrid, list, interaction, breezy],
    headerToolbar: false,
    initialView: VIEWS[asked.get('view')] ?? VIEWS[box.dataset.view] ?? VIEWS.week,
    initialDate: asked.get('date') ?? (box.dataset.date || undefined),
    now: () => new Date(served + Date.now() - loaded),
    timeZone: zone,
    nowIndicator: true,
    firstDay: Number(firstDay),
    weekends: weekends === 'true' || (weekends === 'auto' && weekendSeen(now, zone)),
    height: '100%',
    expandRows: true,
    slotMinTime: hour(firstHour),
    slotMaxTime: hour(lastHour),
    scrollTime: hour(firstHour),
    slotDuration: '00:30:00',
    snapDuration: '00:05:00',
    slotMinHeight: 24,
    slotHeaderFormat: { hour: 'numeric', meridiem: 'short' },
    eventTimeFormat: { hour: 'numeric', minute: '2-digit', meridiem: 'short' },
    allDaySlot: false,
    borderless: true,
    dayMaxEvents: 4,
    navLinks: true,
    navLinkHint: (text) => `${weekday(text)}: open ${text}`,
    titleFormat: { year: 'numeric', month: 'short', day: 'numeric' },
    views: { dayGridMonth: { titleFormat: { year: 'numeric', month: 'long' } }, timeGridDay: { titleFormat: { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' } } },
    slotEventOverlap: false,
    listDayFormat: { weekday: 'long' },
    listDayAltFormat: { month: 'short', day: 'numeric' },
    noEventsText: 'No sessions in this week.',
    eventColor: 'transparent',
    eventContrastColor: 'var(--color-base-content)',
    eventMinHeight: 24,
    eventShortHeight: 34,
    eventInnerClass: 'evi',
    eventClass: ({ view }) => `evx evx-${nameOf(view.type)}`,
    listDaysClass: 'cal-list',
    listDayClass: 'cal-list-day',
    listDayBodyClass: 'cal-list-body',
    fixedWeekCount: false,
    // The label would replace what the cell says: its number and its sessions.
    dayCellDidMount: ({ el: cell }) => cell.removeAttribute('aria-label'),
    eventInteractive: true,
    eventDurationEditable: false,
    dragRevertDuration: 160,
    selectable: Boolean(newUrl),
    selectMirror: true,
    unselectCancel: 'dialog',
    events: async (range) => {
      const url = new URL(eventsUrl, location.href)
      // Two days more on both sides: a hidden weekend may hold a session.
      url.searchParams.set('start', new Date(range.start.getTime() - 2 * DAY).toISOString())
      url.searchParams.set('end', new Date(range.end.getTime() + 2 * DAY).toISOString())
      box.setAttribute('aria-busy', 'true')
      try {
        const response = await fetch(url, { headers: { Accept: 'application/json', 'HX-Request': 'true' } })
        if (response.status === 401) {
          signedOut().then(() => calendar.refetchEvents())
          return []
        }
        if (!response.ok) throw new Error(String(response.status))
        const rows = await response.json()
        if (weekends === 'auto' && !calendar.getOption('weekends') && rows.some((row) => isWeekend(row.start, zone))) {
          localStorage.setItem(WEEKENDS, '1')
          queueMicrotask(() => calendar.setOption('weekends', true))
        }
        return rows
      } catch (error) {
        say(sentenceFor(Number(error.message) || 0), 'lost')
        return []
      } finally {
        box.removeAttribute('aria-busy')
      }
    },
    eventDataTransform: (row) => ({ ...row, moveUrl: row.move_url, startEditable: Boolean(row.movable && row.move_url) }),
    eventContent: drawn,
    eventDidMount: ({ el: link, event }) => {
      if (event.url) link.setAttribute('data-side', '')
    },
    eventClick: (info) => {
      const { jsEvent } = info
      if (jsEvent.metaKey || jsEvent.ctrlKey || jsEvent.shiftKey) return
      jsEvent.preventDefault()
      openSide(info.event.url, info.el)
    },
    eventDrop: move,
    select: (info) => {
      const url = new URL(newUrl, location.href)
      if (info.allDay) url.searchParams.set('date', info.startStr.slice(0, 10))
      else {
        url.searchParams.set('start', info.startStr.slice(0, 16))
        // A plain click marks one half hour: the form has its own usual length.
        if (info.end - info.start > 1_800_000) url.searchParams.set('end', info.endStr.slice(0, 16))
      }
      location.assign(url)
    },
    datesSet: (info) => {
      show(info)
      if (location.pathname === home) keep(nameOf(info.view.type), calendar.getDate().toISOString().slice(0, 10))
    },
  })
  // The grid takes the height that is left over, and scrolls inside it.
  const frame = el('div', { class: 'cal-frame' })
  box.replaceWith(frame)
  frame.append(box)
  show = toolbar(calendar, frame)
  calendar.render()
  document.addEventListener('sessions-changed', () => calendar.refetchEvents())

  letter(['t'], 'Today', () => calendar.today())
  letter(['ArrowLeft'], 'Earlier', () => calendar.prev())
  letter(['ArrowRight'], 'Later', () => calendar.next())
  letter(['d', '1'], 'Day', () => calendar.changeView(VIEWS.day))
  letter(['w', '2'], 'Week', () => calendar.changeView(VIEWS.week))
  letter(['m', '3'], 'Month', () => calendar.changeView(VIEWS.month))
  letter(['l', '4'], 'List', () => calendar.changeView(VIEWS.list))
  if (newUrl) letter(['n'], 'New session', () => location.assign(newUrl))
  return calendar
}

// A phone shows the agenda drawn by the server; the grid is only built where it can be seen.
const box = document.getElementById('calendar')
const wide = matchMedia('(width >= 48rem)')
const begin = () => box && wide.matches && !box.calendar && (box.calendar = start(box))
begin()
wide.addEventListener('change', begin)
