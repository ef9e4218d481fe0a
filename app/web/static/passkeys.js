// Passkeys: asks the server what to ask the device, asks the device, and sends the form with what it answered.
// Where a browser has none, or is on another address than the one that passkeys are bound to, nothing is offered.

const CEREMONIES = {
  create: (options) =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: (options.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
      },
    }),
  get: (options) =>
    navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: [] } }),
};
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function written(credential) {
  const response = {};
  for (const part of PARTS) if (credential.response[part]) response[part] = text(credential.response[part]);
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: {} });
}

async function asked(form) {
  const answer = await fetch(form.dataset.start, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}

function say(form, sentence) {
  const place = form.querySelector("[data-said]");
  place.textContent = sentence;
  place.hidden = !sentence;
}

async function perform(form) {
  say(form, "");
  let options;
  try {
    options = await asked(form);
  } catch (problem) {
    say(form, problem instanceof TypeError || problem instanceof SyntaxError ? form.dataset.failed : problem.message);
    return;
  }
  try {
    form.elements.credential.value = written(await CEREMONIES[form.dataset.passkey](options));
  } catch {
    say(form, form.dataset.givenUp);
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || form.dataset.origin !== location.origin) continue;
  form.parentElement.hidden = false;
  let isBusy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    await perform(form);
    isBusy = false;
  });
}
