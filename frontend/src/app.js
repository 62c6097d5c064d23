// What every page carries. No framework but htmx; each module wires one kind of attribute.
import { autosave, flushBeforeLeaving, forgetOnSignOut } from './js/autosave.js'
import { comboPicks, comboboxes } from './js/combobox.js'
import { keys } from './js/keys.js'
import { idleLock } from './js/lock.js'
import { menus } from './js/menus.js'
import { notes } from './js/notes.js'
import { overlays } from './js/overlays.js'
import { messages } from './js/page.js'
import { passwords } from './js/passwords.js'
import { passkeys } from './js/passkeys.js'
import { places } from './js/places.js'
import { requests } from './js/requests.js'
import { snippets } from './js/snippets.js'
import { theme } from './js/theme.js'
import { tidy, typed } from './js/typed.js'

requests()
overlays()
messages()
keys()
menus()
theme()
typed()
comboPicks()
notes()
snippets()
flushBeforeLeaving()
forgetOnSignOut()
passkeys()
passwords()
idleLock()

function wire(root) {
  tidy(root)
  comboboxes(root)
  autosave(root)
}
wire(document)
document.addEventListener('htmx:after:swap', () => wire(document))

// Errors first: the summary takes the focus, its links go to the fields themselves.
document.querySelector('[data-error-summary]')?.focus()
document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-error-summary] a[href^="#"]')
  const field = link && document.getElementById(link.hash.slice(1))
  if (!field) return
  event.preventDefault()
  const control = field.matches('input, select, textarea, button') ? field : field.querySelector('input, select, textarea')
  ;(control ?? field).focus({ preventScroll: true })
  field.scrollIntoView({ block: 'center' })
})

places()
