// The side panel and dialogs. Both show pages that have a real URL; the panel also puts it in the address bar,
// so that it can be reloaded and shared, and leaving it returns to the page behind without losing the place.
import htmx from 'htmx.org'
import { isPhone } from './page.js'

const loadedPath = location.pathname
let titleBehind = document.title
let openedFrom = null

const side = () => document.getElementById('side')
const sheet = () => document.getElementById('sheet')

function skeleton(target) {
  target.replaceChildren()
  const box = document.createElement('div')
  box.className = 'side-loading'
  box.append(...Array.from({ length: 5 }, () => document.createElement('span')))
  target.append(box)
}

async function load(dialog, url) {
  const target = document.getElementById(`${dialog.id}-content`)
  dialog.dataset.url = url
  const wait = setTimeout(() => skeleton(target), dialog.open ? 300 : 0)
  if (!dialog.open) dialog.showModal()
  await htmx.ajax('GET', url, { source: document.body, target: `#${target.id}`, swap: 'innerHTML' })
  clearTimeout(wait)
  if (target.querySelector('.side-loading')) return close(dialog)
  focusTitle(dialog)
}

function focusTitle(dialog) {
  const wanted = dialog.querySelector('[autofocus]') ?? dialog.querySelector('[id$="-title"]')
  wanted?.focus({ preventScroll: true })
}

export function openSide(url, from = null) {
  if (!side() || isPhone()) return location.assign(url)
  openedFrom = from ?? document.activeElement
  const already = history.state?.side
  if (!already) titleBehind = document.title
  history[already ? 'replaceState' : 'pushState']({ side: url }, '', url)
  load(side(), url)
}

export function openSheet(url) {
  if (!sheet()) return location.assign(url)
  load(sheet(), url)
}

function close(dialog) {
  if (dialog.id === 'side' && history.state?.side) history.back()
  else shut(dialog)
}

function shut(dialog) {
  if (!dialog.open) return
  dialog.close()
  const region = dialog.querySelector('#toasts')
  if (region) document.body.append(region)
  if (dialog.id !== 'side') return
  document.title = titleBehind
  document.getElementById('side-content').replaceChildren()
  // The calendar may have drawn its events anew: find the same link again.
  const again = openedFrom?.isConnected
    ? openedFrom
    : document.querySelector(`a[href="${CSS.escape(dialog.dataset.url ?? '')}"]`)
  again?.focus({ preventScroll: true })
}

function onClick(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.target.closest('a[data-side], a[data-sheet]')
  if (link) {
    if (link.hasAttribute('data-side') && isPhone()) return
    event.preventDefault()
    return link.hasAttribute('data-side') ? openSide(link.href, link) : openSheet(link.href)
  }
  const opener = event.target.closest('[data-opens]')
  if (opener) return document.querySelector(opener.dataset.opens)?.showModal()
  const closer = event.target.closest('[data-close]')
  if (closer) {
    const dialog = closer.closest('dialog')
    if (dialog) {
      event.preventDefault()
      close(dialog)
    }
    return
  }
  if (event.target instanceof HTMLDialogElement && event.target.open) outside(event)
}

// A click beside the panel closes it; on another session it goes straight there.
function outside(event) {
  const dialog = event.target
  const box = dialog.getBoundingClientRect()
  const within = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom
  if (within || dialog.hasAttribute('data-stays')) return
  if (dialog.id === 'side') {
    dialog.close()
    const below = document.elementFromPoint(event.clientX, event.clientY)?.closest('a[data-side]')
    if (below) return openSide(below.href, below)
    dialog.showModal()
  }
  close(dialog)
}

export function overlays() {
  // Reloaded on a panel's address the page is whole: the entry no longer stands for an open panel.
  if (history.state?.side) history.replaceState(null, '')
  document.addEventListener('click', onClick)
  document.addEventListener(
    'cancel',
    (event) => {
      if (event.target.id !== 'side') return
      event.preventDefault()
      close(event.target)
    },
    true,
  )
  window.addEventListener('popstate', (event) => {
    if (event.state?.side && side()) load(side(), event.state.side)
    else if (side()?.open) shut(side())
    else if (location.pathname !== loadedPath) location.reload()
  })
  document.addEventListener('close-overlay', () => {
    const open = [...document.querySelectorAll('dialog[open]')].at(-1)
    if (open) close(open)
  })
}
