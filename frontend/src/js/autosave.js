// Forms that save themselves: <form data-autosave="URL" data-revision="3">.
// What has not reached the server is also kept in this browser, for the same person, and offered back.
import { lock } from './lock.js'
import { csrf, el, say } from './page.js'
import { signedOut } from './requests.js'

const PAUSE = 800
const KEEP_DAYS = 7

class Autosave {
  constructor(form) {
    this.form = form
    this.url = form.dataset.autosave
    this.key = `attest:${document.body.dataset.person ?? ''}:${this.url}`
    this.saved = this.values()
    this.waits = 0
    this.keptText = document.querySelector(`[data-saved-state][data-for~="${form.id}"]`)?.textContent ?? ''
    // The server hears which text was on the screen only from a page that also sends what is typed over it.
    for (const field of document.querySelectorAll(`[data-saved-from="${form.id}"][data-vouches]`)) field.value = field.dataset.vouches
    this.offer()
    form.addEventListener('input', () => this.touched())
    form.addEventListener('change', () => this.touched())
    window.addEventListener('online', () => this.dirty() && this.save())
    document.addEventListener('unlocked', () => this.dirty() && this.save())
    document.addEventListener('htmx:before:swap', () => (this.typedBefore = new Set(this.changed())))
    document.addEventListener('htmx:after:swap', () => this.rebase())
    window.addEventListener('pagehide', () => this.leave())
  }

  fields() {
    return [...this.form.elements].filter(
      (field) =>
        field.name &&
        !field.disabled &&
        !['submit', 'button', 'file', 'password', 'reset'].includes(field.type) &&
        field.name !== 'csrfmiddlewaretoken' &&
        !field.closest('[data-no-autosave]'),
    )
  }

  /** name → list of values; an unticked box or an emptied list is [] */
  values() {
    const found = {}
    for (const field of this.fields()) {
      found[field.name] ??= []
      if (field.type === 'checkbox' || field.type === 'radio') {
        if (field.checked) found[field.name].push(field.value)
      } else if (field.type === 'select-multiple') {
        found[field.name].push(...[...field.selectedOptions].map((option) => option.value))
      } else found[field.name].push(field.value)
    }
    for (const list of this.form.querySelectorAll('[data-combo]')) found[list.dataset.combo] ??= []
    return found
  }

  changed(now = this.values()) {
    return Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(this.saved[name] ?? []))
  }

  dirty() {
    return this.changed().length > 0
  }

  /** Said in the form and wherever data-for names it; one place may stand for several forms: trouble goes first. */
  state(text, kind) {
    this.said = { text, kind }
    const places = this.form.querySelectorAll('[data-saved-state]:not([data-for])')
    const afar = this.form.id ? document.querySelectorAll(`[data-saved-state][data-for~="${this.form.id}"]`) : []
    for (const place of [...places, ...afar]) {
      const forms = (place.dataset.for ?? '').split(' ').map((id) => document.getElementById(id)?.autosaver?.said)
      const said = ['trouble', 'busy'].map((worse) => forms.find((one) => one?.kind === worse)).find(Boolean) ?? this.said
      if (!place.hasAttribute('role')) place.setAttribute('role', 'status')
      place.dataset.state = said.kind
      if (place.textContent !== said.text) place.textContent = said.text
    }
  }

  touched() {
    const now = this.values()
    const names = this.changed(now)
    if (!names.length) return this.unchanged()
    this.typed = true
    this.remember(Object.fromEntries(names.map((name) => [name, now[name]])))
    if (!this.waits) this.state('Saving…', 'busy')
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), PAUSE)
  }

  /** Typed and taken back: all is as it was saved. */
  unchanged() {
    clearTimeout(this.timer)
    this.forget()
    if (this.said?.kind === 'busy' && !this.running) this.state(this.keptText, 'saved')
  }

  remember(fields) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), fields }))
    } catch {
      // A full or closed store only means that nothing can be offered back.
    }
  }

  forget() {
    localStorage.removeItem(this.key)
  }

  body(now, names) {
    const body = new URLSearchParams({ revision: this.form.dataset.revision ?? '' })
    for (const name of names) {
      if (now[name].length) now[name].forEach((value) => body.append(name, value))
      else body.append(name, '')
    }
    return body
  }

  send(body, keepalive = false) {
    return fetch(this.url, {
      method: 'POST',
      body,
      keepalive,
      // Trying again by itself is no sign that somebody is there (see lock.js).
      headers: { 'X-CSRFToken': csrf(), 'X-Autosave': '1', Accept: 'application/json', ...(this.typed ? {} : { 'X-Quiet': '1' }) },
    })
  }

  /** True when everything is on the server. */
  async save() {
    clearTimeout(this.timer)
    if (this.running) {
      await this.running
      return this.dirty() ? this.save() : true
    }
    const now = this.values()
    const names = this.changed(now)
    if (!names.length) return true
    if (this.stopped) return false
    this.running = this.attempt(now, names)
    const done = await this.running
    this.running = null
    if (done && this.dirty()) return this.save()
    return done
  }

  async attempt(now, names) {
    let response
    try {
      const sent = this.send(this.body(now, names))
      this.typed = false
      response = await sent
    } catch {
      return this.later()
    }
    if (response.status === 401) {
      const locked = response.headers.get('X-Locked')
      this.state(locked ? 'Not saved yet: locked' : 'Not saved: you have been signed out', 'trouble')
      ;(locked ? lock() : signedOut()).then(() => this.save())
      return false
    }
    const said = await response.json().catch(() => ({}))
    if (response.status === 409) return this.conflict(said.message)
    if (response.status === 422) return this.refused(said.errors ?? {})
    if (!response.ok) return this.later()
    this.waits = 0
    Object.assign(this.saved, Object.fromEntries(names.map((name) => [name, now[name]])))
    if (said.revision != null) this.form.dataset.revision = said.revision
    for (const field of document.querySelectorAll(`[data-saved-from="${this.form.id}"]`)) {
      if (said[field.dataset.savedKey] != null) field.value = said[field.dataset.savedKey]
    }
    names.forEach((name) => this.settle(name))
    this.complain(said.errors ?? {})
    if (!this.dirty()) this.forget()
    this.keptText = said.saved ? `Saved ${said.saved}` : 'Saved'
    this.state(this.keptText, 'saved')
    this.form.dispatchEvent(new CustomEvent('saved', { bubbles: true, detail: said }))
    return true
  }

  later() {
    this.state('Not saved, trying again', 'trouble')
    this.waits += 1
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), Math.min(30, 2 ** this.waits) * 1000)
    return false
  }

  // Somebody else, or another tab, has saved since: the text stays here, nothing is overwritten.
  conflict(message) {
    this.stopped = true
    const text = message ?? 'This was changed in another tab. Copy what you need, then reload the page.'
    this.state('Not saved', 'trouble')
    if (!this.form.querySelector('[data-conflict]')) {
      this.form.prepend(
        el(
          'div',
          { class: 'banner tone-lost', role: 'alert', 'data-conflict': true },
          el('p', { class: 'banner-text', text }),
          el('a', { href: location.href, text: 'Reload the page' }),
        ),
      )
      this.form.firstElementChild.scrollIntoView({ block: 'nearest' })
    }
    return false
  }

  refused(errors) {
    this.complain(errors)
    this.state('Not saved: see the marked fields', 'trouble')
    return false
  }

  /** A field that was changed and saved no longer carries what the page said about it when it was drawn. */
  settle(name) {
    const fields = [...this.form.elements].filter((field) => field.name === name)
    for (const field of fields) field.removeAttribute('aria-invalid')
    for (const id of new Set([name, ...fields.map((field) => field.id)])) document.getElementById(`${id}_error`)?.remove()
  }

  complain(errors) {
    for (const old of this.form.querySelectorAll('[data-autosave-error]')) {
      document.getElementById(old.dataset.autosaveError)?.removeAttribute('aria-invalid')
      old.remove()
    }
    for (const [name, sentence] of Object.entries(errors)) {
      const field = [...this.form.elements].find((candidate) => candidate.name === name)
      if (!field) continue
      field.id ||= `autosave-${name}`
      field.setAttribute('aria-invalid', 'true')
      const note = el('p', { class: 'error', id: `${field.id}_autosave`, 'data-autosave-error': field.id, text: sentence })
      ;(field.closest('.field') ?? field.parentElement).append(note)
      if (!field.getAttribute('aria-describedby')?.includes(note.id)) {
        field.setAttribute('aria-describedby', [field.getAttribute('aria-describedby'), note.id].filter(Boolean).join(' '))
      }
    }
  }

  /** Fields that the server has just drawn anew are as saved, unless the person was typing in them. */
  rebase() {
    const now = this.values()
    for (const name of Object.keys(now)) if (!this.typedBefore?.has(name)) this.saved[name] = now[name]
  }

  leave() {
    const now = this.values()
    const names = this.changed(now)
    if (names.length && !this.stopped) this.send(this.body(now, names), true).catch(() => {})
  }

  offer() {
    let kept
    try {
      kept = JSON.parse(localStorage.getItem(this.key))
    } catch {
      kept = null
    }
    if (!kept) return
    const now = this.values()
    const differs = Object.keys(kept.fields).filter(
      (name) => now[name] && JSON.stringify(now[name]) !== JSON.stringify(kept.fields[name]) && kept.fields[name].join('').trim(),
    )
    if (!differs.length || Date.now() - kept.at > KEEP_DAYS * 86_400_000) return this.forget()
    const when = new Date(kept.at).toLocaleString('en-US', { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' })
    const banner = el(
      'div',
      { class: 'banner tone-owed', role: 'status', 'data-dismissable': true },
      el('p', { class: 'banner-text', text: `What you typed here on ${when} did not reach the practice. This browser has kept it.` }),
      el('button', { type: 'button', class: 'btn btn-sm', text: 'Put it back' }),
      el('button', { type: 'button', class: 'btn btn-sm btn-ghost', text: 'Drop it' }),
    )
    const [restore, drop] = banner.querySelectorAll('button')
    restore.addEventListener('click', () => {
      this.restore(Object.fromEntries(differs.map((name) => [name, kept.fields[name]])))
      banner.remove()
      say('Your text is back.', 'done')
    })
    drop.addEventListener('click', () => {
      this.forget()
      banner.remove()
    })
    this.form.prepend(banner)
  }

  restore(fields) {
    for (const field of this.fields()) {
      const values = fields[field.name]
      if (!values) continue
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value)
      else if (field.type !== 'hidden') field.value = values[0] ?? ''
    }
    this.touched()
  }
}

/** Wire every autosaving form under `root` that is not wired yet. */
export function autosave(root = document) {
  for (const form of root.querySelectorAll('form[data-autosave]')) {
    form.autosaver ??= new Autosave(form)
  }
}

const dirtyOnes = () =>
  [...document.querySelectorAll('form[data-autosave]')].map((form) => form.autosaver).filter((one) => one?.dirty())

/** Save all that is not yet saved. False when something was refused; a server that is away holds nobody up. */
async function flush() {
  const wait = new Promise((resolve) => setTimeout(() => resolve(true), 4000))
  const done = await Promise.all(dirtyOnes().map((one) => Promise.race([one.save(), wait]).then((saved) => saved || one.waits > 0)))
  return done.every(Boolean)
}

/** Before a form is sent or a link is followed, what was typed is saved, in whichever form of the page. */
export function flushBeforeLeaving() {
  let passing = false
  document.addEventListener(
    'submit',
    async (event) => {
      const { target: form, submitter } = event
      if (passing || form.method !== 'post' || !dirtyOnes().length) return
      event.preventDefault()
      event.stopImmediatePropagation()
      submitter?.setAttribute('aria-busy', 'true')
      const done = await flush()
      submitter?.removeAttribute('aria-busy')
      if (!done && !form.matches('[data-sign-out]')) {
        return document.querySelector('[data-conflict], [data-autosave-error]')?.scrollIntoView({ block: 'center' })
      }
      passing = true
      form.requestSubmit(submitter ?? undefined)
      passing = false
    },
    true,
  )
  document.addEventListener(
    'click',
    async (event) => {
      const link = event.target.closest?.('a[href]')
      if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented) return
      if (link.target || link.origin !== location.origin || link.hasAttribute('download') || link.matches('[data-side], [data-sheet], [data-close]')) return
      if (link.hash && link.pathname === location.pathname) return
      if (!dirtyOnes().length || dirtyOnes().every((one) => one.stopped)) return
      event.preventDefault()
      event.stopImmediatePropagation()
      await flush()
      location.assign(link.href)
    },
    true,
  )
}

/** Nothing typed by this person stays in the browser after they sign out. */
export function forgetOnSignOut() {
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('[data-sign-out]')) return
    for (const key of Object.keys(localStorage)) if (key.startsWith('attest:')) localStorage.removeItem(key)
  })
}
