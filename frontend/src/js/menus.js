// Menus are popovers: the browser opens and closes them, this puts them beside their button.
import { isPhone } from './page.js'

const GAP = 6

function place(menu) {
  menu.style.inset = ''
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`)
  if (!button?.offsetParent || isPhone()) return
  const at = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const below = at.bottom + GAP + height <= innerHeight
  const left = Math.max(GAP, Math.min(button.dataset.menu === 'left' ? at.right - width : at.left, innerWidth - width - GAP))
  menu.style.inset = 'auto'
  menu.style.left = `${left}px`
  menu.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height)}px`
}

export function menus() {
  document.addEventListener('toggle', ({ target, newState }) => {
    if (newState === 'open' && target.matches?.('.menu-pop')) place(target)
  }, true)
}
