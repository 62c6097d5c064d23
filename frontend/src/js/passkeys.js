// Making and using passkeys. A form with data-passkey="make" or "use" holds the challenge as JSON, or the server is
// asked for one when the button is pressed; the device's answer goes into the field `credential`, and the form is sent.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0))
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }))

const SENTENCES = {
  NotAllowedError: 'No passkey was given: the question was closed, or took too long. Press again when you are ready.',
  InvalidStateError: 'This device already has a passkey for this login.',
  NotSupportedError: 'This device cannot make the kind of passkey that is needed here.',
  SecurityError: 'Passkeys belong to the name of a site, and this address is not its name. Open the site by its name.',
  AbortError: 'That was stopped. Press again when you are ready.',
}
const NO_ANSWER = 'There is no connection just now. Try again.'

function sentenceOf(error) {
  return SENTENCES[error.name] ?? NO_ANSWER
}

async function challenge(form) {
  const given = form.querySelector('script[type="application/json"]')
  const { publicKey } = given
    ? JSON.parse(given.textContent)
    : (await (await fetch(form.action, { headers: { Accept: 'application/json' } })).json()).request_options
  return publicKey
}

async function make(publicKey) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
    },
  })
  return answer(made, {
    clientDataJSON: text(made.response.clientDataJSON),
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  })
}

async function use(publicKey) {
  const used = await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) },
  })
  const { clientDataJSON, authenticatorData, signature, userHandle } = used.response
  return answer(used, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  })
}

function answer(credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}

async function go(form, button) {
  const said = form.querySelector('[data-passkey-said]')
  said.hidden = true
  button.disabled = true
  try {
    const publicKey = await challenge(form)
    form.elements.credential.value = JSON.stringify(await (form.dataset.passkey === 'make' ? make : use)(publicKey))
    form.requestSubmit()
  } catch (error) {
    said.textContent = sentenceOf(error)
    said.hidden = false
    button.disabled = false
  }
}

/** Prove who one is by a passkey from any page; `url` is the page that asks for it. Empty when it was taken, else why not. */
export async function usePasskey(url) {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html')
    const form = page.querySelector('form[data-passkey="use"]')
    const given = form?.querySelector('script[type="application/json"]')
    if (!given) return 'There is no passkey for this login.'
    const body = new URLSearchParams(new FormData(form))
    body.set('credential', JSON.stringify(await use(JSON.parse(given.textContent).publicKey)))
    const response = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    return response.type === 'opaqueredirect' ? '' : 'This passkey was not taken. Try another way.'
  } catch (error) {
    return sentenceOf(error)
  }
}

export function passkeys() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-passkey-go]')
    if (button) go(button.form, button)
    if (event.target.closest?.('[data-print]')) print()
  })
  // Enter in the name's field presses the button: without an answer of the device there is nothing to send.
  document.addEventListener('submit', (event) => {
    const form = event.target.closest('form[data-passkey]')
    if (!form || form.elements.credential.value) return
    event.preventDefault()
    event.stopPropagation()
    form.querySelector('[data-passkey-go]').click()
  }, true)
  if (window.PublicKeyCredential) return
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const said = form.querySelector('[data-passkey-said]')
    said.textContent = 'Passkeys do not work in this browser, or not at this address: they need https.'
    said.hidden = false
    form.querySelector('[data-passkey-go]').disabled = true
  }
}
