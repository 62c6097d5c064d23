// Fields for passwords: a button that shows what was typed, and for new ones a word on how strong it is.
import { el } from './page.js'

const SHORTEST = 12

/** A hint in words; the server judges. Length is what counts, and different words. */
function hint(typed) {
  const length = [...typed.normalize('NFKC')].length
  if (!length) return ''
  if (length < SHORTEST) return `${SHORTEST - length} more character${SHORTEST - length === 1 ? '' : 's'} needed.`
  const different = new Set(typed.toLowerCase()).size
  if (different < 6) return 'Long enough, but nearly the same all the way. Use different words.'
  if (length < 16) return 'Long enough. One more word makes it stronger.'
  if (length < 24) return 'Strong.'
  return 'Very strong.'
}

function showable(field) {
  if (field.dataset.showable) return
  field.dataset.showable = '1'
  const label = field.labels?.[0]?.textContent.trim() || 'password'
  const word = el('span', { text: 'Show' })
  const button = el('button', { type: 'button', class: 'btn btn-sm btn-ghost password-show' }, word, el('span', { class: 'sr-only', text: ` ${label}` }))
  const box = el('div', { class: 'password-field' })
  field.replaceWith(box)
  box.append(field, button)
  if (field.autofocus) field.focus()
  button.addEventListener('click', () => {
    const shown = field.type === 'password'
    field.type = shown ? 'text' : 'password'
    word.textContent = shown ? 'Hide' : 'Show'
  })
  // What was shown is sent, and kept by the browser, as a password.
  field.form?.addEventListener('submit', () => (field.type = 'password'), true)
  if (field.autocomplete !== 'new-password' || field.name.endsWith('2')) return
  const words = el('p', { class: 'hint', role: 'status', 'data-strength': true })
  box.after(words)
  field.addEventListener('input', () => (words.textContent = hint(field.value)))
}

export function passwords(root = document) {
  root.querySelectorAll('input[type="password"]').forEach(showable)
}
