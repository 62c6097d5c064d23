// Keys: Ctrl+Enter sends the form that says so, `/` searches, `?` lists them. Single letters can be switched off.
import { el, icon } from './page.js'

const OFF = 'attest-keys-off'
const single = new Map()

export const lettersOn = () => localStorage.getItem(OFF) !== '1'

/** A single-letter key of the page: letter(['t'], 'Today', () => …) */
export function letter(keys, meaning, act) {
  const known = { keys, meaning, act }
  for (const key of keys) single.set(key, known)
}

const typing = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName)

function topLayer() {
  return [...document.querySelectorAll('dialog[open]')].at(-1) ?? document
}

function ctrlEnter(event) {
  const within = topLayer()
  const marked =
    event.target.closest?.('form')?.querySelector('button[data-ctrl-enter]') ??
    event.target.closest?.('form[data-ctrl-enter]') ??
    within.querySelector('button[data-ctrl-enter]') ??
    within.querySelector('form[data-ctrl-enter]')
  if (!marked) return
  event.preventDefault()
  if (marked.matches('form')) marked.requestSubmit([...marked.elements].find((button) => button.matches('button.btn-primary')))
  else if (marked.form) marked.form.requestSubmit(marked)
  else marked.click()
}

export function listKeys() {
  document.getElementById('keys')?.remove()
  const rows = [
    ['Ctrl Enter', 'Sign, confirm or save what is open'],
    ['Ctrl .', 'Snippets, in a note'],
    ['/', 'Search'],
    ['Esc', 'Close the panel or dialog'],
    ['?', 'This list'],
    ...[...new Set(single.values())].map(({ keys, meaning }) => [keys.join(' or '), meaning]),
  ].filter(([key]) => key !== '/' || document.querySelector('[data-search]')).filter(([key]) => key !== 'Ctrl .' || document.getElementById('note-snippets'))
  const list = el('dl', { class: 'keys' })
  const named = { ArrowLeft: '←', ArrowRight: '→' }
  for (const [keys, meaning] of rows) {
    const dt = el('dt')
    for (const key of keys.split(' ')) dt.append(key === 'or' ? ' or ' : el('kbd', { class: 'kbd kbd-sm', text: named[key] ?? key }), ' ')
    list.append(dt, el('dd', { text: meaning }))
  }
  const toggle = el('input', { type: 'checkbox', id: 'keys-letters' })
  toggle.checked = lettersOn()
  toggle.addEventListener('change', () => localStorage.setItem(OFF, toggle.checked ? '0' : '1'))
  const dialog = el(
    'dialog',
    { class: 'sheet', id: 'keys', 'aria-labelledby': 'keys-title' },
    el(
      'div',
      { class: 'sheet-head' },
      el('h2', { id: 'keys-title', tabindex: '-1', text: 'Keys' }),
      el('button', { type: 'button', class: 'close', 'data-close': true, 'aria-label': 'Close' }, icon('close')),
    ),
    el('div', { class: 'sheet-body' }, list, el('div', { class: 'check' }, toggle, el('label', { for: 'keys-letters', text: 'Single keys without Ctrl are on' }))),
  )
  document.body.append(dialog)
  dialog.showModal()
  dialog.querySelector('h2').focus()
}

export function keys() {
  // <a data-letter="j" data-letter-meaning="Open the first">: the key presses it
  for (const marked of document.querySelectorAll('[data-letter]')) {
    letter([marked.dataset.letter], marked.dataset.letterMeaning, () => marked.click())
  }
  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.defaultPrevented) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return ctrlEnter(event)
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !lettersOn()) return
    if (event.key === '?') {
      event.preventDefault()
      return listKeys()
    }
    if (document.querySelector('dialog[open]')) return
    if (event.key === '/') {
      const search = [...document.querySelectorAll('[data-search]')].find((field) => field.offsetParent)
      if (!search) return
      event.preventDefault()
      search.focus()
      return search.select()
    }
    const known = single.get(event.key)
    if (!known) return
    event.preventDefault()
    known.act()
  })
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-keys-open]')) {
      event.target.closest('[popover]')?.hidePopover()
      listKeys()
    }
  })
}
