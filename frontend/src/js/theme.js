// Light, dark or as the system says: a cookie, so that the server already draws the right one.
export function theme() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-theme-choice]')
    if (!button) return
    const choice = button.dataset.themeChoice
    const secure = location.protocol === 'https:' ? '; Secure' : ''
    document.cookie = `theme=${choice}; Path=/; SameSite=Lax; Max-Age=${choice ? 31536000 : 0}${secure}`
    if (choice) document.documentElement.dataset.theme = choice
    else delete document.documentElement.dataset.theme
    for (const other of document.querySelectorAll('[data-theme-choice]')) {
      other.setAttribute('aria-pressed', String(other.dataset.themeChoice === choice))
    }
  })
}
