// The idle lock: after some minutes without use the page covers itself and asks who it is. The page stays as it is
// beneath the cover, with all that was typed in it. The server refuses an idle login by itself (core/idle.py).
import { usePasskey } from './passkeys.js'
import { csrf, el } from './page.js'

const SEEN = 'attest-seen' // when somebody last used any tab of this browser
const NOTE_EVERY = 5_000
const LOOK_EVERY = 1_000
const USES = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'input']

let limit = 0
let here = Date.now()
let noted = 0
let told = Date.now()
let cover = null

const now = () => Date.now()

function seen() {
  let elsewhere = 0
  try {
    elsewhere = Number(localStorage.getItem(SEEN)) || 0
  } catch {
    // Without a store each tab counts for itself.
  }
  return Math.max(here, elsewhere)
}

function note() {
  noted = now()
  try {
    localStorage.setItem(SEEN, String(noted))
  } catch {
    // See above.
  }
}

function used() {
  if (cover) return
  if (now() - seen() >= limit) return look() // after the lid was closed for hours, a key must not count as use
  here = now()
  if (here - noted > NOTE_EVERY) note()
}

/** Tells the server that somebody is here, at most a few times in each limit. Whose login is it? */
async function tell(quiet = false) {
  told = now()
  const headers = { 'X-CSRFToken': csrf(), ...(quiet ? { 'X-Quiet': '1' } : {}) }
  try {
    const response = await fetch('/accounts/alive/', { method: 'POST', headers })
    if (response.headers.get('X-Locked')) return 'locked'
    if (!response.ok) return 'away'
    return (await response.json()).person === document.body.dataset.person ? 'mine' : 'other'
  } catch {
    return 'away'
  }
}

function look() {
  if (cover) return
  if (now() - seen() >= limit) return lock()
  if (here > told && now() - told > Math.min(60_000, limit / 4)) tell().then((whose) => ['locked', 'other'].includes(whose) && lock())
}

/** Cover the page. Resolves when the person has proven who they are. */
export function lock() {
  if (cover) return cover.done
  const person = document.body.dataset.personName ?? ''
  const error = el('p', { class: 'error', id: 'lock-error', role: 'alert', hidden: true })
  const password = el('input', { type: 'password', id: 'lock-password', name: 'password', autocomplete: 'current-password', autofocus: true, 'aria-describedby': 'lock-error' })
  const byPassword = 'hasPassword' in document.body.dataset
  const form = el(
    'form',
    { novalidate: true }, // no post of the page's own: before those, what was typed is saved, and that waits for this
    el('div', { class: 'sheet-head' }, el('h2', { id: 'lock-title', text: 'Locked' })),
    el(
      'div',
      { class: 'sheet-body stack-sm' },
      el('p', { class: 'muted', text: `Nobody was here for a while. What ${person || 'you'} typed is still on this page.` }),
      byPassword && el('div', { class: 'field' }, el('label', { for: 'lock-password', text: 'Your password' }), password),
      error,
    ),
    el(
      'div',
      { class: 'sheet-foot' },
      el('a', { class: 'btn btn-ghost', href: '/accounts/locked/', target: '_blank', rel: 'opener', text: 'Another way' }),
      el('button', { type: 'button', class: 'btn', 'data-lock-passkey': true, text: 'Use a passkey' }),
      byPassword && el('button', { class: 'btn btn-primary', text: 'Unlock' }),
    ),
  )
  cover = el('dialog', { class: 'sheet lock', id: 'lock', 'aria-labelledby': 'lock-title', 'data-stays': true, closedby: 'none' }, form)
  cover.titleBefore = document.title
  cover.focusBefore = document.activeElement
  cover.done = new Promise((resolve) => (cover.resolve = resolve))
  document.title = 'Locked'
  document.documentElement.classList.add('is-locked')
  document.body.append(cover)
  cover.addEventListener('cancel', (event) => event.preventDefault())
  cover.addEventListener('keydown', (event) => event.key === 'Escape' && event.preventDefault())
  const place = cover
  cover.addEventListener('close', () => cover === place && place.isConnected && place.showModal())
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    unlock(form, password, error)
  })
  form.querySelector('[data-lock-passkey]').addEventListener('click', (event) => byPasskey(event.target, error))
  cover.showModal()
  return cover.done
}

function complain(error, sentence, field) {
  error.textContent = sentence
  error.hidden = false
  field?.setAttribute('aria-invalid', 'true')
  field?.select()
}

async function unlock(form, password, error) {
  const button = form.querySelector('.btn-primary')
  button.disabled = true
  const body = new URLSearchParams({ password: password.value, person: document.body.dataset.person })
  try {
    const response = await fetch('/accounts/unlock/', { method: 'POST', body, headers: { 'X-CSRFToken': csrf() } })
    if (response.status === 204) return release()
    const { sentence } = await response.json().catch(() => ({}))
    complain(error, sentence ?? 'That did not work. Try again.', password)
  } catch {
    complain(error, 'There is no connection to the practice just now. Try again.', password)
  } finally {
    button.disabled = false
  }
}

async function byPasskey(button, error) {
  button.disabled = true
  try {
    const sentence = await usePasskey('/accounts/reauthenticate/passkey/')
    const whose = sentence ? '' : await tell()
    if (whose === 'mine') return release()
    complain(error, sentence || (whose === 'other' ? 'Somebody else is signed in now. Reload the page.' : 'This passkey was not taken. Try another way.'))
  } finally {
    button.disabled = false
  }
}

function release() {
  const before = cover
  if (!before) return
  cover = null
  here = told = now()
  note()
  document.title = before.titleBefore
  document.documentElement.classList.remove('is-locked')
  before.close()
  before.remove()
  before.focusBefore?.focus?.({ preventScroll: true })
  before.resolve()
  document.dispatchEvent(new CustomEvent('unlocked'))
}

/** Another tab was used or unlocked: this one follows when the server agrees that it is the same person. */
async function follow(event) {
  if (event.key !== SEEN || !cover || now() - Number(event.newValue) >= limit) return
  if ((await tell(true)) === 'mine') release()
}

export function idleLock() {
  const minutes = Number(document.body.dataset.idle)
  if (!minutes) return
  limit = minutes * 60_000
  note()
  for (const use of USES) document.addEventListener(use, used, { capture: true, passive: true })
  for (const back of ['visibilitychange', 'pageshow', 'focus']) window.addEventListener(back, look, true)
  window.addEventListener('storage', follow)
  setInterval(look, LOOK_EVERY)
}
