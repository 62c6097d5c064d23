// Every request of the page: the token, what failed said in a sentence, no form sent twice, logins that expired.
import htmx from 'htmx.org'
import { lock } from './lock.js'
import { csrf, el, say } from './page.js'

const SENTENCES = {
  0: 'There is no connection to the practice just now. Nothing was changed.',
  403: 'Your role does not allow this. Nothing was changed.',
  404: 'This is no longer there. Reload the page to see what is.',
  413: 'That is too large to send. What you typed is still here: make it shorter, or choose a smaller file.',
  429: 'That was a little fast. Wait a moment and try again.',
  500: 'Something broke on our side. Reload the page before you try again.',
}

export const sentenceFor = (status) => SENTENCES[status] ?? (status >= 500 ? SENTENCES[500] : SENTENCES[403])

/** The login has expired: say so, keep everything that was typed. Resolves when the person comes back. */
export function signedOut() {
  const shown = document.getElementById('signed-out')
  if (shown?.open) return shown.done
  shown?.remove()
  const back = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`
  const dialog = el(
    'dialog',
    { class: 'sheet', id: 'signed-out', 'aria-labelledby': 'signed-out-title', 'data-stays': true },
    el('div', { class: 'sheet-head' }, el('h2', { id: 'signed-out-title', text: 'You have been signed out' })),
    el('div', { class: 'sheet-body' }, el('p', { text: 'What you typed is still here. Sign in in a new tab, then come back to this one.' })),
    el(
      'div',
      { class: 'sheet-foot' },
      el('button', { type: 'button', class: 'btn', 'data-close': true, text: 'I have signed in' }),
      el('a', { class: 'btn btn-primary', href: back, target: '_blank', rel: 'opener', autofocus: true, text: 'Sign in in a new tab' }),
    ),
  )
  document.body.append(dialog)
  dialog.showModal()
  dialog.done = new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }))
  return dialog.done
}

function busy(button, on) {
  if (!button) return
  button.toggleAttribute('disabled', on)
  if (on) button.setAttribute('aria-busy', 'true')
  else button.removeAttribute('aria-busy')
}

function freshToken(form) {
  const field = form.querySelector('input[name="csrfmiddlewaretoken"]')
  if (field) field.value = csrf()
}

/** More than the server takes (see DATA_UPLOAD_MAX_MEMORY_SIZE and LARGEST_BODY): said before anything typed is lost. */
const MOST_TEXT = 5 * 1024 * 1024
const MOST_FILES = 25 * 1024 * 1024

function tooLarge(form) {
  let text = 0
  let files = 0
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) files += value.size
    else if (name.length + value.length > 1000) text += new Blob([name, value]).size
  }
  return text > MOST_TEXT || files > MOST_FILES
}

function guard(event) {
  const form = event.target
  if (event.defaultPrevented || form.method !== 'post') return
  freshToken(form)
  if (tooLarge(form)) {
    event.preventDefault()
    event.stopImmediatePropagation()
    return say(SENTENCES[413], 'lost')
  }
  if (form.dataset.sending) return event.preventDefault()
  if (isHtmx(form) || form.target === '_blank' || form.hasAttribute('data-many')) return
  form.dataset.sending = '1'
  const button = event.submitter ?? form.querySelector('button:not([type="button"])')
  // Not at once: a disabled button would not be sent along.
  setTimeout(() => busy(button, true))
}

const isHtmx = (form) => [...form.attributes].some(({ name }) => /^(data-)?hx-(get|post|put|patch|delete)/.test(name))

function release() {
  for (const form of document.querySelectorAll('form[data-sending]')) {
    delete form.dataset.sending
    form.querySelectorAll('[aria-busy]').forEach((button) => busy(button, false))
  }
}

/** HX-Trigger: names separated by commas, or JSON of name → detail. */
function announce(header) {
  if (!header) return
  const events = header.startsWith('{') ? JSON.parse(header) : Object.fromEntries(header.split(',').map((name) => [name.trim(), null]))
  for (const [name, detail] of Object.entries(events)) {
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }))
  }
}

export function requests() {
  document.addEventListener('submit', guard)
  window.addEventListener('pageshow', (event) => event.persisted && release())

  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    ctx.request.headers['X-CSRFToken'] = csrf()
  })
  document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    ctx.pressed = ctx.request.submitter ?? (ctx.sourceElement.matches('button') ? ctx.sourceElement : null)
    busy(ctx.pressed, true)
  })
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (!ctx.keepIndicators) busy(ctx.pressed, false)
    announce(ctx.announced)
  })
  document.addEventListener('htmx:after:request', (event) => {
    const { ctx } = event.detail
    const { status } = ctx.response
    // Said on the body once the answer is in the page: the form that asked may be gone by then.
    ctx.announced = ctx.hx.trigger
    delete ctx.hx.trigger
    if (status < 400 || status === 422 || status === 409) return
    event.preventDefault()
    if (status === 401) ctx.response.headers?.get?.('X-Locked') ? lock() : signedOut()
    else {
      const reference = ctx.response.headers?.get?.('X-Reference')
      say(reference ? `${sentenceFor(status)} Its number is ${reference}.` : sentenceFor(status), 'lost')
    }
  })
  document.addEventListener('htmx:error', ({ detail }) => {
    if (detail.error instanceof TypeError || detail.ctx?.status?.includes?.('timeout')) say(SENTENCES[0], 'lost')
  })
  document.addEventListener('htmx:after:settle', ({ target }) => target.querySelector?.('[data-error-summary]')?.focus())
}

export { htmx }
