// Copy a section of the last note into the fields that are still empty. Copied text is marked until it is edited.
import { say } from './page.js'

function copy(button) {
  let copied = 0
  for (const piece of button.closest('[data-copy-from]').querySelectorAll('[data-copy-into]')) {
    const field = document.getElementById(piece.dataset.copyInto)
    if (!field || field.value.trim()) continue
    field.value = piece.textContent
    field.dispatchEvent(new Event('input', { bubbles: true }))
    field.closest('[data-note-field]')?.setAttribute('data-copied', '')
    if (!copied) field.scrollIntoView({ block: 'center' })
    copied += 1
  }
  if (copied) say(`Copied into ${copied} ${copied === 1 ? 'field' : 'fields'}. Make it this session’s own before you sign.`)
  else say('Nothing was copied: those fields already have text.')
}

/** A field that is asked for only under a condition shows itself when it is met, and stays while it has text. */
function wake(form) {
  for (const box of form.querySelectorAll('[data-when]')) {
    const chosen = [...form.elements].find((field) => field.name === box.dataset.when && field.checked)
    const asked = chosen && box.dataset.whenIs.split(' ').includes(chosen.value)
    box.hidden = !asked && !box.querySelector('textarea').value.trim()
  }
}

export function notes() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-copy]')
    if (button) copy(button)
  })
  document.addEventListener('input', (event) => {
    event.target.closest?.('[data-copied]')?.removeAttribute('data-copied')
  })
  document.addEventListener('change', (event) => {
    if (event.target.form?.querySelector('[data-when]')) wake(event.target.form)
  })
}
