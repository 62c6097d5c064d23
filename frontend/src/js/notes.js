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

const filled = (box) => [...box.querySelectorAll('textarea, input:not([type="hidden"])')].some((field) => (/checkbox|radio/.test(field.type) ? field.checked : field.value.trim()))

/** A field that is asked for only under a condition shows itself when it is met, and stays while it has text. */
function wake(form) {
  for (const box of form.querySelectorAll('[data-when]')) {
    const chosen = [...form.elements].find((field) => field.name === box.dataset.when && field.checked)
    const asked = chosen && box.dataset.whenIs.split(' ').includes(chosen.value)
    box.hidden = !asked && !filled(box)
  }
  for (const box of form.querySelectorAll('[data-unless]')) {
    const answered = [...form.elements].some((field) => field.name === box.dataset.unless && field.checked)
    box.hidden = answered && !filled(box)
  }
}

/** What is for video and phone shows itself when the session is said to be held so. */
function circumstances(modality) {
  for (const section of document.querySelectorAll('[data-circumstance="telehealth"]')) section.hidden = modality === 'in_person' && !filled(section)
}

/** Of one goal's answers one counts; pressed again, none. */
function oneOf(chosen) {
  if (!chosen.checked) return
  for (const other of chosen.closest('[data-one-of]').querySelectorAll('input[type="checkbox"]')) if (other !== chosen) other.checked = false
}

/** One more row, empty, like the last one. */
function addRow(button) {
  const rows = button.closest('fieldset').querySelector('[data-rows]')
  const number = rows.children.length + 1
  const row = rows.lastElementChild.cloneNode(true)
  row.setAttribute('aria-label', row.getAttribute('aria-label').replace(/\d+$/, number))
  row.querySelector('.note-row-number').textContent = number
  for (const field of row.querySelectorAll('textarea, select')) {
    const id = field.id.replace(/-\d+-/, `-${number}-`)
    row.querySelector(`label[for="${field.id}"]`).htmlFor = id
    field.id = id
    if (field.matches('select')) field.selectedIndex = 0
    else field.value = ''
  }
  rows.append(row)
  button.hidden = number >= Number(rows.dataset.most)
  row.querySelector('textarea').focus()
}

export function notes() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-copy]')
    if (button) copy(button)
    const more = event.target.closest('[data-add-row]')
    if (more) addRow(more)
  })
  document.addEventListener('input', (event) => {
    event.target.closest?.('[data-copied]')?.removeAttribute('data-copied')
  })
  document.addEventListener('change', (event) => {
    if (event.target.name === 'modality') circumstances(event.target.value)
    if (event.target.form?.querySelector('[data-when], [data-unless]')) wake(event.target.form)
  })
  // Before the form saves itself: it hears of the change after this.
  document.addEventListener('input', (event) => event.target.closest?.('[data-one-of]') && oneOf(event.target), true)
  for (const more of document.querySelectorAll('[data-add-row]')) {
    const rows = more.closest('fieldset').querySelector('[data-rows]')
    more.hidden = rows.children.length >= Number(rows.dataset.most)
  }
}
