// What several modules need of the page: the CSRF token, icons, and one way to say something.
import shapes from '../../../src/attest/core/templatetags/icons.json'

/** The CSRF token of now: signing in again in another tab changes the cookie, not this page. */
export function csrf() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)
  if (cookie) return decodeURIComponent(cookie[1])
  const headers = document.body.getAttribute('hx-headers:inherited')
  return headers ? JSON.parse(headers)['X-CSRFToken'] : ''
}

/** An inline icon from the same file the templates use. */
export function icon(name, label = '') {
  const box = document.createElement('template')
  box.innerHTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shapes[name] ?? shapes.dot}</svg>`
  const svg = box.content.firstChild
  if (label) {
    svg.removeAttribute('aria-hidden')
    svg.setAttribute('role', 'img')
    svg.setAttribute('aria-label', label)
  }
  return svg
}

/** el('p', {class: 'hint', text: '…'}, child, …) */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue
    if (name === 'text') made.textContent = value
    else made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...children.filter(Boolean))
  return made
}

const ICON_OF = { lost: 'stop', owed: 'circle-alert', done: 'circle-check', signed: 'lock' }

/** A message at the bottom right. Good news leaves by itself, trouble stays until it is dismissed. */
export function say(text, tone = 'planned') {
  const note = el(
    'div',
    { class: `toast-note tone-${tone}`, 'data-fades': tone === 'done' || tone === 'planned' },
    icon(ICON_OF[tone] ?? 'info'),
    el('p', { text }),
    el('button', { type: 'button', class: 'close', 'data-dismiss': true, 'aria-label': 'Dismiss' }, icon('close')),
  )
  const open = [...document.querySelectorAll('dialog[open]')].at(-1)
  const region = document.getElementById('toasts')
  if (!region) return
  // A modal dialog covers everything outside it, so the messages move into the one that is open.
  if (open && !open.contains(region)) open.append(region)
  else if (!open && region.parentElement !== document.body) document.body.append(region)
  region.append(note)
  fade(note)
}

function fade(note) {
  if (!note.hasAttribute('data-fades')) return
  let timer = setTimeout(() => note.remove(), 8000)
  note.addEventListener('pointerenter', () => clearTimeout(timer))
  note.addEventListener('focusin', () => clearTimeout(timer))
  note.addEventListener('pointerleave', () => (timer = setTimeout(() => note.remove(), 3000)))
}

export function messages() {
  document.querySelectorAll('.toast-note').forEach(fade)
  document.addEventListener('click', (event) => {
    event.target.closest?.('[data-dismiss]')?.closest('.toast-note, [data-dismissable]')?.remove()
  })
  document.addEventListener('say', (event) => say(event.detail.text, event.detail.tone))
}

export const isPhone = () => matchMedia('(width < 48rem)').matches
