// What is missing is brought into sight, its first field ready to be filled.

const FIELDS = 'input:not([type="hidden"], [disabled]), select:not([disabled]), textarea:not([disabled])'

/** Scroll to the element with that id and focus its first field. False when there is none. */
export function bring(id) {
  const place = id && document.getElementById(id)
  if (!place) return false
  for (let box = place.closest('details:not([open])'); box; box = box.parentElement.closest('details:not([open])')) box.open = true
  place.scrollIntoView({ block: place.offsetHeight > innerHeight / 2 ? 'start' : 'center' })
  const field = place.matches('input, select, textarea, button') ? place : (place.querySelector(FIELDS) ?? place.querySelector('button'))
  ;(field ?? place).focus({ preventScroll: true })
  return true
}

/** After a press that was stopped, by links that say so, and for an address that names a field of a form. */
export function places() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-go], .roadblock a[href*="#"]')
    if (!link || link.pathname !== location.pathname || !bring(link.hash.slice(1))) return
    event.preventDefault()
  })
  const stopped = document.querySelector('[data-go-to]')?.dataset.goTo
  const named = document.querySelector('form[data-autosave]') && location.hash.slice(1)
  // The browser goes to the address's own place once all is there, and takes the focus away; so this comes after.
  const go = () =>
    requestAnimationFrame(() => {
      // Used up: it would else follow every form sent from here.
      if (bring(stopped || named) && named) history.replaceState(history.state, '', location.pathname + location.search)
    })
  if (document.readyState === 'complete') go()
  else window.addEventListener('load', go, { once: true })
}
