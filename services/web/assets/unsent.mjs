// On the list of sheets: what this device has not sent yet goes on from here.

import { drawer, names, read, remove, sendLeft } from "asset:outbox.mjs";

const box = document.getElementById("unsent");

if (box) {
  const { member } = box.dataset;
  const prefix = drawer(box.dataset);
  let timer;

  const show = () => {
    const left = names(prefix).map((name) => ({ ...read(name), name })).filter((record) => record.action && (record.wanted || record.sending || record.refused || record.moved));
    box.hidden = left.length === 0;
    box.className = "plaudit-unsent";
    box.replaceChildren(...left.map((record) => {
      const line = document.createElement("p");
      const link = document.createElement("a");
      link.className = "govuk-link";
      link.href = record.action;
      link.textContent = record.title;
      const does = (record.sending?.does ?? record.wanted) === "hand-in" ? "waits on this device to be handed in" : "has changes that are only on this device";
      line.append(link, record.refused ? ` was refused: ${record.refused} ` : ` ${does}.`);
      if (record.refused) line.append(words(record), remover(record.name));
      return line;
    }));
    return left.length;
  };

  const words = (record) => {
    const all = document.createElement("span");
    all.className = "plaudit-unsent__words";
    all.textContent = Object.entries(record.fields).filter(([, value]) => value.trim()).map(([name, value]) => `${name.replace("marks.", "").replaceAll(/[_-]/g, " ")}: ${value}`).join("\n");
    return all;
  };

  // What was refused for good, a judge may want to copy first: it goes when they say so.
  const remover = (name) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button govuk-button--secondary", textContent: "Remove it from this device" });
    button.addEventListener("click", () => {
      remove(name);
      show();
    });
    return button;
  };

  const go = async () => {
    clearTimeout(timer);
    if (!show()) return;
    const before = names(prefix).length;
    const waiting = await sendLeft(prefix, member);
    // The list itself has changed.
    if (names(prefix).length < before) location.reload();
    show();
    if (waiting) timer = setTimeout(go, 10000);
  };

  addEventListener("online", go);
  addEventListener("storage", show);
  go();
}
