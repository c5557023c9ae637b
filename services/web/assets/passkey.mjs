// Passkeys: the browser's own dialogue, and its answer into the form.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

// The options come as JSON, where binary parts are base64url.
function options(publicKey) {
  const known = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (known.user) known.user = { ...known.user, id: bytes(known.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (known[list]) known[list] = known[list].map((one) => ({ ...one, id: bytes(one.id) }));
  return known;
}

// What the browser answers, as JSON again.
function answered(credential) {
  const { response } = credential;
  const parts = ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"];
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    extensions: credential.getClientExtensionResults(),
    response: Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, text(response[part])])),
  };
}

async function ask(form) {
  const begun = await fetch(form.dataset.begin, { method: "POST", headers: { accept: "application/json" } });
  if (!begun.ok) throw new Error("It could not be begun. Show that it is you first, or use a code.");
  const question = await begun.json();
  const publicKey = options(question.options.publicKey);
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
  form.elements.challenge.value = question.challenge;
  form.elements.credential.value = JSON.stringify(answered(credential));
}

if (globalThis.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const told = form.querySelector("[role=alert]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      told.hidden = true;
      try {
        await ask(form);
        form.submit();
      } catch (error) {
        told.textContent = error.name === "NotAllowedError" ? "The passkey was not used. Try again, or use a code." : error.message;
        told.hidden = false;
      }
    });
  }
}
