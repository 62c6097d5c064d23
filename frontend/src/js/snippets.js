// Snippets: Ctrl+. in a field of a note opens them, a press puts the words where the cursor stood.
let field = null

const menu = () => document.getElementById('note-snippets')
const takes = (node) => node?.matches?.('#note-form textarea')

function put(words) {
  if (!field?.isConnected) field = document.querySelector('#note-form textarea')
  if (!field) return
  field.focus()
  const { selectionStart: start, selectionEnd: end, value } = field
  const gap = start && !/\s$/.test(value.slice(0, start)) ? ' ' : ''
  field.setRangeText(gap + words, start, end, 'end')
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

function step(event) {
  const items = [...menu().querySelectorAll('.menu-item')]
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!by || !items.length) return
  event.preventDefault()
  const at = items.indexOf(document.activeElement)
  items[(at + by + items.length) % items.length].focus()
}

export function snippets() {
  document.addEventListener('focusin', ({ target }) => {
    if (takes(target)) field = target
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === '.' && event.ctrlKey && takes(event.target) && menu()) {
      event.preventDefault()
      menu().showPopover()
      menu().querySelector('.menu-item')?.focus()
    } else if (menu()?.contains(event.target)) step(event)
  })
  document.addEventListener('click', (event) => {
    const chosen = event.target.closest('[data-snippet]')
    if (!chosen) return
    menu().hidePopover()
    put(chosen.dataset.snippet)
  })
}
