// Saves a form by itself, and says so. Without it, its buttons do.

import { Keeper, forget } from "asset:keeper.mjs";

const storage = (() => {
  try {
    const own = window.localStorage;
    own.setItem("plaudit:try", "");
    own.removeItem("plaudit:try");
    return own;
  } catch {
    // Without a place on this device there is still the server.
    return { length: 0, key: () => null, getItem: () => null, removeItem() {}, setItem() { throw new Error("full"); } };
  }
})();

const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

const WORDS = {
  saved: (at) => `Saved at ${clock(at)}`,
  device: () => `Kept on this device at ${clock(Date.now())}`,
  offline: () => "Not saved: offline, kept on this device",
  nowhere: () => "Not saved, and this device cannot keep it: leave this page open",
  "signed-out": () => "Not saved: you have been signed out. It is kept on this device. ",
  moved: () =>
    "Changed elsewhere: other words were saved here in the meantime. Yours are kept on this device. Press “Save and continue” to see both.",
  "late-kept": (at) => `Kept at ${clock(at)}, but after the deadline: press “Save and continue” to read what that means`,
  "too-late": () => "Not saved: the deadline has passed. What you wrote is kept on this device.",
  "call-closed": () => "Not saved: the call is closed. What you wrote is kept on this device.",
  refused: (detail) => `Not saved: ${detail || "it was refused."} What you wrote is kept on this device.`,
};

const valuesOf = (form) =>
  [...new FormData(form)].filter(([name, value]) => !name.startsWith("_") && name !== "then" && typeof value === "string")
    .map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]);

function put(form, values) {
  for (const field of form.elements) {
    if (!field.name || field.name.startsWith("_") || field.type === "submit") continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.some(([name, value]) => name === field.name && value === field.value);
    } else if (field.tagName !== "BUTTON") {
      field.value = values.find(([name]) => name === field.name)?.[1] ?? "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function sayIn(region) {
  return (what, detail) => {
    const text = (WORDS[what] ?? WORDS.refused)(detail);
    if (region.textContent === text) return;
    region.textContent = text;
    region.dataset.saved = what;
    if (what !== "signed-out") return;
    const link = document.createElement("a");
    Object.assign(link, { href: `/sign-in?next=${encodeURIComponent(location.pathname)}`, target: "_blank", rel: "noopener" });
    link.className = "govuk-link";
    link.textContent = "Sign in, in a new tab";
    region.append(link);
  };
}

const sender = (form) => async (values, base, leaving) => {
  const body = new URLSearchParams(values);
  body.append("_version", base.version ?? "");
  for (const was of base.was) body.append("_was", was);
  body.append("_key", crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { accept: "application/json" },
      // A browser lets so much outlive its page.
      keepalive: leaving && body.toString().length < 60_000,
    });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  } catch {
    return null;
  }
};

function offer(keeper, form) {
  const [entry] = keeper.offers();
  form.parentElement.querySelector(".entrant-offer")?.remove();
  if (!entry) return;
  const box = document.createElement("section");
  box.className = "entrant-offer";
  box.setAttribute("aria-label", "Kept on this device");
  const said = document.createElement("p");
  said.className = "govuk-body";
  const when = new Date(entry.at).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  said.textContent = `On this device is something that you wrote on ${when} and that is not saved.`;
  const text = document.createElement("div");
  text.className = "plaudit-answer govuk-body entrant-theirs";
  text.textContent = entry.values.map(([, value]) => value).join("\n\n");
  const buttons = document.createElement("div");
  buttons.className = "govuk-button-group";
  for (const [label, act] of [
    ["Put it back", () => { put(form, entry.values); keeper.restore(entry); }],
    ["Discard it", () => keeper.discard(entry)],
  ]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button govuk-button--secondary", textContent: label });
    button.addEventListener("click", () => { act(); offer(keeper, form); });
    buttons.append(button);
  }
  box.append(said, text, buttons);
  form.before(box);
}

// With the module, a form is sent when it is saved: while the server can't be
// reached, it stays where it is.
function onSubmit(keeper, form) {
  let goes = false;
  form.addEventListener("submit", async (event) => {
    if (goes || keeper.deviceOnly || keeper.stopped || !keeper.dirty) return;
    event.preventDefault();
    await keeper.flush();
    if (keeper.dirty && !keeper.stopped) {
      form.querySelector("[data-saved]")?.scrollIntoView({ block: "center" });
      return;
    }
    goes = true;
    form.requestSubmit(event.submitter);
  });
  form.addEventListener("formdata", ({ formData }) => {
    if (!form.elements._was) return;
    formData.set("_version", keeper.base.version ?? "");
    formData.delete("_was");
    for (const was of keeper.base.was) formData.append("_was", was);
  });
}

function watch(form) {
  const region = form.querySelector("[data-saved]") ?? document.createElement("p");
  const values = valuesOf(form);
  const keeper = new Keeper({
    id: form.dataset.autosave,
    tab: Math.random().toString(36).slice(2),
    storage,
    base: {
      values: "unsaved" in form.dataset ? null : values,
      version: form.elements._version?.value,
      was: form.elements._was ? [form.elements._was.value] : [],
    },
    send: sender(form),
    say: sayIn(region),
    later: (act, after) => { const timer = setTimeout(act, after); return () => clearTimeout(timer); },
    deviceOnly: form.dataset.autosaveOnly === "device",
  });
  if ("unsaved" in form.dataset) keeper.typed(values);
  if (new URLSearchParams(location.search).get("kept") === "saved") forget(`${keeper.id}:`, storage);
  if ("savedAt" in form.dataset && !("unsaved" in form.dataset)) sayIn(region)("saved", form.dataset.savedAt);
  offer(keeper, form);

  form.addEventListener("input", () => keeper.typed(valuesOf(form)));
  form.addEventListener("focusout", () => keeper.flush());
  const leave = () => keeper.flush(true);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : keeper.flush()));
  for (const back of ["online", "focus"]) addEventListener(back, () => keeper.flush());
  // A page that comes back from the browser's memory may be older than what is saved.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  onSubmit(keeper, form);
  // Whoever has chosen between two texts is not asked about either again.
  if ("settles" in form.dataset) {
    form.addEventListener("submit", () => { forget(`${keeper.id}:`, storage); keeper.keep(); });
  }
}

for (const done of document.querySelectorAll("[data-autosave-forget]")) forget(done.dataset.autosaveForget, storage);
for (const form of document.querySelectorAll("form[data-autosave]")) watch(form);
