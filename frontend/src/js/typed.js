// Dates and times as people type them: 112426 → 11/24/2026, 953a → 9:53 AM.

/** "9:53 AM" for 953, 9:53a, 21:53, 9; null when it is no time of day. Without a or p, 1–6 is the afternoon. */
export function readTime(text) {
  const found = text.trim().toLowerCase().match(/^(\d{1,2})[:.h ]?(\d{2})?\s*(a|p|am|pm|a\.m\.|p\.m\.)?$/)
  if (!found) return null
  let hour = Number(found[1])
  const minute = Number(found[2] ?? 0)
  const half = found[3]?.[0]
  if (hour > 23 || minute > 59 || (half && (hour > 12 || hour === 0))) return null
  if (half === 'p' && hour < 12) hour += 12
  else if (half === 'a' && hour === 12) hour = 0
  else if (!half && hour >= 1 && hour <= 6 && found[1].length < 2) hour += 12
  return hour * 60 + minute
}

export function showTime(minutes) {
  const day = ((minutes % 1440) + 1440) % 1440
  const hour = Math.floor(day / 60)
  return `${hour % 12 || 12}:${String(day % 60).padStart(2, '0')} ${hour < 12 ? 'AM' : 'PM'}`
}

/** "11/24/2026" for 112426, 11/24/26, 11-24-2026, 2026-11-24; null when there is no such day. */
export function readDate(text) {
  const plain = text.trim()
  const found =
    plain.match(/^(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})$/) ??
    plain.match(/^(?<m>\d{1,2})[/.\- ](?<d>\d{1,2})[/.\- ](?<y>\d{4}|\d{2})$/) ??
    plain.match(/^(?<m>\d{2})(?<d>\d{2})(?<y>\d{4}|\d{2})$/)
  if (!found) return null
  const { y, m, d } = found.groups
  // Two digits: this century up to ten years ahead, else the last one.
  const ahead = (new Date().getFullYear() + 10) % 100
  const year = y.length === 4 ? Number(y) : Number(y) <= ahead ? 2000 + Number(y) : 1900 + Number(y)
  const day = new Date(Date.UTC(year, m - 1, d))
  if (day.getUTCMonth() !== m - 1 || day.getUTCDate() !== Number(d)) return null
  return `${m.padStart(2, '0')}/${d.padStart(2, '0')}/${year}`
}

export function typed() {
  document.addEventListener('change', ({ target }) => {
    if (target.matches?.('input[data-time]')) {
      const minutes = readTime(target.value)
      if (minutes != null && target.value !== showTime(minutes)) put(target, showTime(minutes))
    } else if (target.matches?.('input[data-date]')) {
      const day = readDate(target.value)
      if (day && target.value !== day) put(target, day)
    }
  })
  document.addEventListener('keydown', (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (!step || !event.target.matches?.('input[data-time]')) return
    const minutes = readTime(event.target.value)
    if (minutes == null) return
    event.preventDefault()
    put(event.target, showTime(minutes + step * (event.shiftKey ? 5 : 1)))
  })
}

/** What the server wrote, in the same shape as what is typed ("08:00 PM" → "8:00 PM"). */
export function tidy(root = document) {
  for (const field of root.querySelectorAll('input[data-time]')) {
    const minutes = readTime(field.value)
    if (minutes != null) field.value = showTime(minutes)
  }
}

function put(field, value) {
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
