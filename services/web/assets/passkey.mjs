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

// Why it can't begin, in the server's words; with the way to what it needs.
async function refusal(begun) {
  const problem = await begun.json().catch(() => ({}));
  if (!problem.type?.endsWith("/second-key-needed")) return [problem.detail || "It could not be begun. Try again, or use a code."];
  const link = { className: "govuk-link", href: "/second-key", target: "_blank", rel: "noopener", textContent: "Show that it is you, in a new tab" };
  return ["This needs a fresh proof that it is you. ", Object.assign(document.createElement("a"), link), ", then try again here."];
}

async function ask(form) {
  const begun = await fetch(form.dataset.begin, { method: "POST", headers: { accept: "application/json" } });
  if (!begun.ok) return refusal(begun);
  const question = await begun.json();
  const publicKey = options(question.options.publicKey);
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
  form.elements.challenge.value = question.challenge;
  form.elements.credential.value = JSON.stringify(answered(credential));
  return null;
}

function why({ name, message }) {
  if (name === "NotAllowedError") return "The passkey was not used. Try again, or use a code.";
  if (name === "InvalidStateError") return "This device has a passkey for you already.";
  return message;
}

// The server says what is missing, before the device makes a key that nobody keeps.
const isNameless = (form) => form.elements.name?.value.trim() === "";

if (globalThis.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const told = form.querySelector("[role=alert]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      told.hidden = true;
      const refused = isNameless(form) ? null : await ask(form).catch((error) => [why(error)]);
      if (!refused) return form.submit();
      told.replaceChildren(...refused);
      told.hidden = false;
    });
  }
}
