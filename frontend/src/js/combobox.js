// Search and choose several, in order (diagnoses): the ARIA 1.2 combobox with a listbox; the chosen ones are
// hidden inputs in the order they are shown, the first is the primary one.
import { csrf, el, icon, say } from './page.js'
import { sentenceFor, signedOut } from './requests.js'

const PAUSE = 160

class Combobox {
  constructor(root) {
    this.root = root
    this.name = root.dataset.combo
    this.most = Number(root.dataset.most ?? 12)
    this.input = root.querySelector('[role="combobox"]')
    this.list = root.querySelector('[role="listbox"]')
    this.chosen = root.querySelector('.combo-chosen')
    this.status = root.querySelector('[data-combo-status]')
    this.results = []
    this.active = -1
    this.input.addEventListener('input', () => this.typed())
    this.input.addEventListener('keydown', (event) => this.key(event))
    this.input.addEventListener('blur', () => setTimeout(() => this.close(), 120))
    this.list.addEventListener('pointerdown', (event) => event.preventDefault())
    this.list.addEventListener('click', (event) => {
      const option = event.target.closest('[role="option"]')
      if (option) this.choose(this.results[Number(option.dataset.index)])
    })
    this.chosen.addEventListener('click', (event) => this.press(event))
  }

  values() {
    return [...this.chosen.querySelectorAll('input[type="hidden"]')].map((input) => input.value)
  }

  typed() {
    clearTimeout(this.timer)
    const query = this.input.value.trim()
    if (!query) return this.close()
    this.timer = setTimeout(() => this.ask(query), PAUSE)
  }

  async ask(query) {
    this.waiting?.abort()
    this.waiting = new AbortController()
    try {
      const response = await fetch(this.root.dataset.url, {
        method: 'POST', // a log of addresses would tell the words, and which session they are about
        body: new URLSearchParams({ q: query }),
        signal: this.waiting.signal,
        headers: { Accept: 'application/json', 'HX-Request': 'true', 'X-CSRFToken': csrf() },
      })
      if (response.status === 401) return signedOut()
      if (!response.ok) return say(sentenceFor(response.status), 'lost')
      this.show((await response.json()).results)
    } catch (error) {
      if (error.name !== 'AbortError') say(sentenceFor(0), 'lost')
    }
  }

  show(results) {
    this.results = results
    const taken = new Set(this.values())
    this.list.replaceChildren(
      ...results.map((row, index) =>
        el(
          'div',
          { role: 'option', id: `${this.list.id}-${index}`, 'data-index': index, 'aria-selected': 'false', 'aria-disabled': row.disabled || taken.has(row.value) ? 'true' : false },
          row.code && el('b', { text: row.code }),
          el('span', { text: row.label }),
          (row.note || taken.has(row.value)) && el('small', { text: taken.has(row.value) ? 'already chosen' : row.note }),
        ),
      ),
    )
    if (!results.length) this.list.append(el('div', { role: 'option', 'aria-disabled': 'true', class: 'combo-status', text: 'Nothing found. Try a code (F41.1) or fewer words.' }))
    this.list.hidden = false
    this.input.setAttribute('aria-expanded', 'true')
    this.status.textContent = results.length ? `${results.length} found` : 'Nothing found'
    this.move(results.findIndex((row) => !row.disabled && !taken.has(row.value)))
  }

  move(index) {
    this.active = index
    this.list.querySelectorAll('[role="option"]').forEach((option, at) => option.setAttribute('aria-selected', String(at === index)))
    const option = document.getElementById(`${this.list.id}-${index}`)
    if (option) {
      this.input.setAttribute('aria-activedescendant', option.id)
      option.scrollIntoView({ block: 'nearest' })
    } else this.input.removeAttribute('aria-activedescendant')
  }

  key(event) {
    const open = !this.list.hidden
    const last = this.results.length - 1
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) return this.typed()
      this.step(event.key === 'ArrowDown' ? 1 : -1)
    } else if (open && event.key === 'Home') {
      event.preventDefault()
      this.move(0)
    } else if (open && event.key === 'End') {
      event.preventDefault()
      this.move(last)
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      if (open && this.results[this.active]) this.choose(this.results[this.active])
    } else if (event.key === 'Escape' && (open || this.input.value)) {
      event.preventDefault()
      event.stopPropagation()
      this.input.value = ''
      this.close()
    } else if (event.key === 'Backspace' && !this.input.value) {
      this.chosen.lastElementChild?.querySelector('[data-remove]')?.focus()
    }
  }

  /** To the next one that can be chosen, round and round. */
  step(by) {
    const count = this.results.length
    for (let tried = 1; tried <= count; tried += 1) {
      const index = (((this.active + by * tried) % count) + count) % count
      if (this.list.children[index].getAttribute('aria-disabled') !== 'true') return this.move(index)
    }
  }

  close() {
    this.list.hidden = true
    this.results = []
    this.input.setAttribute('aria-expanded', 'false')
    this.input.removeAttribute('aria-activedescendant')
  }

  choose(row) {
    if (row.disabled || this.values().includes(row.value)) return
    if (this.values().length >= this.most) return say(`No more than ${this.most} fit on a claim.`, 'owed')
    this.add(row)
    this.input.value = ''
    this.close()
    this.input.focus()
    this.status.textContent = `${row.code ?? ''} ${row.label} added`
  }

  add({ value, code, label }) {
    this.chosen.append(
      el(
        'li',
        {},
        el('input', { type: 'hidden', name: this.name, value }),
        code && el('b', { text: code }),
        el('span', { class: 'combo-label', text: label }),
        el('span', { class: 'tag', text: 'Primary' }),
        el('button', { type: 'button', class: 'close', 'data-up': true, 'aria-label': `Move ${code ?? label} up` }, icon('chevron-up')),
        el('button', { type: 'button', class: 'close', 'data-remove': true, 'aria-label': `Remove ${code ?? label}` }, icon('close')),
      ),
    )
    this.changed()
  }

  press(event) {
    const item = event.target.closest('li')
    if (event.target.closest('[data-remove]')) {
      const next = item.nextElementSibling ?? item.previousElementSibling
      this.status.textContent = `${item.querySelector('.combo-label').textContent} removed`
      item.remove()
      ;(next?.querySelector('[data-remove]') ?? this.input).focus()
      this.changed()
    } else if (event.target.closest('[data-up]') && item.previousElementSibling) {
      item.previousElementSibling.before(item)
      const button = item.querySelector('[data-up]')
      ;(item.previousElementSibling ? button : item.querySelector('[data-remove]')).focus()
      this.status.textContent = `${item.querySelector('.combo-label').textContent} moved up`
      this.changed()
    }
  }

  changed() {
    const chosen = this.values()
    for (const pick of document.querySelectorAll(`[data-combo-add="#${this.root.id}"]`)) pick.disabled = chosen.includes(pick.dataset.value)
    this.root.dispatchEvent(new Event('input', { bubbles: true }))
    this.root.dispatchEvent(new Event('change', { bubbles: true }))
  }
}

export function comboboxes(root = document) {
  for (const box of root.querySelectorAll('[data-combo]')) box.combobox ??= new Combobox(box)
}

export function comboPicks() {
  document.addEventListener('click', (event) => {
    const pick = event.target.closest('[data-combo-add]')
    const box = pick && document.querySelector(pick.dataset.comboAdd)?.closest('[data-combo]')
    if (box) box.combobox.choose({ ...pick.dataset })
  })
}
