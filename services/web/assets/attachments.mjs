// Files with their progress. Without it, the form sends them whole.

import { send } from "asset:upload.mjs";

const MOST = 20 * 1024 * 1024;
const LATE = "it came after the last instant: it is kept, and does not count by itself. The organisers see that it came, not what it says.";
const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

// The same question has the same key however often it is asked.
function asker(base) {
  const keys = new Map();
  const keyOf = (name) => keys.get(name) ?? keys.set(name, newKey()).get(name);
  return async (what, path, { offset, part, ...fields }) => {
    const key = keyOf(`${path}?${offset ?? ""}`);
    const address = what === "part" ? `${base}${path}?offset=${offset}&key=${key}` : base + path;
    const body = what === "part" ? part : new URLSearchParams({ ...fields, _key: key });
    try {
      const answer = await fetch(address, what === "state" ? {} : { method: "POST", body });
      return { status: answer.status, body: await answer.json().catch(() => ({})) };
    } catch {
      return null;
    }
  };
}

function line(list, file) {
  const item = document.createElement("li");
  const said = document.createElement("span");
  const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  item.append(said, bar);
  list.append(item);
  list.hidden = false;
  const say = (text) => { said.textContent = `${file.name}: ${text}`; };
  return { say, bar };
}

async function add(form, list, file) {
  const { say, bar } = line(list, file);
  if (file.size > MOST || file.size === 0) {
    bar.remove();
    say(file.size ? "larger than 20 MB. Make it smaller, or share what matters most of it." : "it is empty.");
    return false;
  }
  say("on its way");
  const unfinished = [...document.querySelectorAll("[data-unfinished]")].find(
    ({ dataset }) => dataset.unfinished === file.name && Number(dataset.size) === file.size);
  const begun = unfinished && { id: unfinished.dataset.id, received: Number(unfinished.dataset.received) };
  const outcome = await send(file, begun, {
    ask: asker(form.dataset.attachments),
    at: (bytes) => { bar.value = bytes; if (bytes < file.size) say(`${Math.floor((100 * bytes) / file.size)}%`); },
    waits: (status) => say(status === 401 ? "waiting: you have been signed out. Sign in in another tab" : "waiting for the connection"),
    pause: (wait) => new Promise((done) => setTimeout(done, wait)),
  });
  bar.remove();
  say(outcome.refused ?? (outcome.late ? LATE : "added"));
  return !outcome.refused;
}

for (const form of document.querySelectorAll("form[data-attachments]")) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-progress]");
  let busy = false;
  const start = async () => {
    if (busy || input.files.length === 0) return;
    busy = true;
    let all = true;
    for (const file of input.files) all = (await add(form, list, file)) && all;
    busy = false;
    input.value = "";
    if (all) location.assign(form.dataset.attachments);
  };
  input.addEventListener("change", start);
  form.addEventListener("submit", (event) => {
    if (busy) event.preventDefault();
    else if (input.files.length > 0) { event.preventDefault(); start(); }
  });
}
