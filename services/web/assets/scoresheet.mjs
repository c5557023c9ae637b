// The score sheet: every change is kept on this device at once, then sent. The
// line under the total always says where the sheet is.

import { alone, drawer, hold, names, read, remove, same, sendLeft, step, write } from "asset:outbox.mjs";
import { byKeyboard, bySlider } from "asset:grades.mjs";
import { decimal, equal, product } from "asset:sums.mjs";

const form = document.getElementById("sheet-form");
const stateLine = document.getElementById("state");
const { programme, round, pitch } = form.dataset;
const member = form.elements._member.value;
const prefix = drawer({ programme, round, member });
const ofSheet = `${prefix}${pitch}/`;
const name = ofSheet + Math.random().toString(36).slice(2);

// What is on the sheet

const isOurs = (field) => field && !field.startsWith("_") && field !== "do";

function fields() {
  const said = {};
  for (const [field, value] of new FormData(form)) if (isOurs(field)) said[field] = value.replace(/\r\n/g, "\n");
  return said;
}

function fill(said) {
  for (const field of form.elements) {
    if (!isOurs(field.name)) continue;
    if (field.type === "radio") field.checked = equal(field.value, said[field.name] ?? "");
    else field.value = said[field.name] ?? "";
  }
  for (const slider of form.querySelectorAll("input[type='range']")) slider.follow();
  total();
}

function markOf(criterion) {
  const number = criterion.querySelector("input[data-min]");
  if (!number) return decimal(criterion.querySelector("input:checked")?.value ?? "");
  const [mark, min, max, size] = [number.value, number.dataset.min, number.dataset.max, number.dataset.step].map(decimal);
  return mark !== null && mark >= min && mark <= max && (mark - min) % size === 0n ? mark : null;
}

const criteria = [...form.querySelectorAll("[data-weight]")];
const unmarked = () => criteria.filter((criterion) => markOf(criterion) === null);

function total() {
  let [sum, most] = [0n, 0n];
  for (const criterion of criteria) {
    const weight = decimal(criterion.dataset.weight);
    most += weight * decimal(form.dataset.most);
    sum += weight * (markOf(criterion) ?? 0n);
  }
  const left = unmarked().length;
  const toGo = left ? ` so far, ${left} ${left === 1 ? "criterion" : "criteria"} to go` : "";
  document.getElementById("total").textContent = `${product(sum)} of ${product(most)}${toGo}`;
}

// Where it is

let others = 0;

function say(state, words) {
  stateLine.dataset.state = state;
  if (stateLine.textContent !== words) stateLine.textContent = words;
}

function sayWhere(state, why) {
  if (state === "saved") say("saved", "Saved");
  if (state === "waiting") {
    const count = others + 1;
    const handsIn = [record.wanted, record.sending?.does].includes("hand-in") ? " This sheet is handed in as soon as there is one." : "";
    say("waiting", `Waiting: no connection. ${count} ${count === 1 ? "sheet is" : "sheets are"} kept on this device.${handsIn}`);
  }
  if (state === "refused") say("refused", `Refused: ${why}`);
  if (state === "moved") {
    sayWithLink("refused", "Not saved: there is another copy of this sheet. ", { href: "#other", textContent: "Look at both" }, ".");
  }
  if (state === "signed-out") {
    const link = { href: "/sign-in?next=/home", target: "_blank", rel: "noopener", textContent: "Sign in again (a new tab)" };
    sayWithLink("waiting", "Waiting: you are signed out. ", link, ". What you wrote is kept on this device.");
  }
}

function sayWithLink(state, before, to, after) {
  const link = Object.assign(document.createElement("a"), { className: "govuk-link", ...to });
  stateLine.dataset.state = state;
  // Said once, however often it is found to be so.
  if (stateLine.textContent !== before + link.textContent + after) stateLine.replaceChildren(before, link, after);
}

// The record of this tab

let record = {
  at: 0, action: form.getAttribute("action"), title: form.dataset.title, fields: fields(),
  version: Number(form.elements._version.value), sheet: Number(form.elements._sheet.value),
  wanted: null, sending: null, refused: null, moved: null,
};
let kept = true;

function update(change) {
  change(record);
  kept = write(name, record);
  [form.elements._version.value, form.elements._sheet.value] = [record.version, record.sheet];
}

let pause, again, working = false, delay = 2000;

function changed() {
  update((record) => {
    record.at = Date.now();
    record.fields = fields();
    record.refused = null;
    record.wanted ??= "save";
  });
  total();
  if (!record.moved) say("saving", kept ? "Saving" : "Saving: stay on this page until it says saved");
  clearTimeout(pause);
  pause = setTimeout(work, 1500);
}

/** Sends until there is nothing left to send, or no way to. */
async function work() {
  clearTimeout(pause);
  clearTimeout(again);
  if (working) return;
  working = true;
  let outcome;
  try {
    do outcome = await step(member, record, update);
    while (outcome.state === "saved" && record.wanted);
  } finally {
    working = false;
  }
  if (outcome.state === "handed-in") return handedIn(outcome.next);
  const waits = outcome.state === "waiting" || outcome.state === "signed-out";
  delay = waits ? Math.min(delay * 1.5, 30000) : 2000;
  if (waits) again = setTimeout(work, delay);
  if (outcome.state === "saved" || (outcome.state === "idle" && !record.refused && !record.moved && !record.wanted && record.at)) {
    dropCopies();
    sayWhere("saved");
    if (goOn) location.assign(goOn);
  } else if (outcome.state !== "idle") {
    sayWhere(outcome.state, outcome.says);
  }
  if (outcome.state === "moved") showOther(record.moved.fields, "It was saved elsewhere after you opened this page.", record.moved);
  if (outcome.state !== "saved") goOn = null;
}

let goOn = null;

function handedIn(next) {
  if (record.wanted) return work();
  dropCopies();
  remove(name);
  leaving = true;
  location.assign(next);
}

/** What the server has needs no copy here. */
function dropCopies() {
  if (!record.wanted && !record.sending) remove(name);
}

// Another copy: the server's, or one that a closed tab left

const other = document.getElementById("other");

function showOther(said, says, moved, leftBy) {
  document.getElementById("other-says").textContent = says;
  const labels = new Map(criteria.map((criterion) => [criterion.querySelector("input").name, criterion.querySelector("legend").firstChild.textContent.trim()]));
  labels.set("comment_to_panel", "For the panel").set("comment_to_entrant", "For the entrant");
  const lines = [...labels].flatMap(([field, label]) => {
    const [key, value] = [document.createElement("dt"), document.createElement("dd")];
    [key.textContent, value.textContent] = [label, said[field] || (field.startsWith("marks.") ? "no mark" : "nothing")];
    return [key, value];
  });
  document.getElementById("other-content").replaceChildren(...lines);
  other.hidden = false;
  other.decide = (useOther) => {
    other.hidden = true;
    if (leftBy) remove(leftBy);
    update((record) => {
      if (moved) Object.assign(record, { version: moved.version, sheet: moved.sheet });
      record.moved = null;
    });
    if (useOther) fill(said);
    changed();
    work();
    stateLine.scrollIntoView({ block: "nearest" });
  };
}

document.getElementById("use-other").addEventListener("click", (event) => {
  if (!other.decide) return;
  event.preventDefault();
  other.decide(true);
});

// What a tab left that was closed before everything was sent

async function takeOver() {
  const found = names(ofSheet).filter((found) => found !== name).map((found) => [found, read(found)]);
  for (const [left, copy] of found.sort((one, two) => (two[1]?.at ?? 0) - (one[1]?.at ?? 0))) {
    await alone(left, async () => {
      if (!copy || (same(copy.fields, fields()) && !copy.wanted && !copy.sending)) return remove(left);
      if (record.at) {
        if (same(copy.fields, fields())) return remove(left);
        if (other.hidden) showOther(copy.fields, "A tab that was closed left it on this device.", null, left);
        return;
      }
      const before = { version: record.version, sheet: record.sheet };
      update(() => { record = { ...copy, action: record.action, title: record.title, refused: null, moved: null, wanted: copy.wanted ?? "save" }; });
      // The sheet was handed in or saved since, just so.
      if (same(copy.fields, fields()) && record.wanted === "save") Object.assign(record, before, { wanted: null, sending: null });
      fill(record.fields);
      if (kept) remove(left);
      if (record.wanted) say("saving", "Saving what you wrote here before");
    });
  }
  dropCopies();
  if (record.wanted || record.sending) work();
}

// The form

form.addEventListener("input", changed);
form.addEventListener("submit", (event) => {
  const does = event.submitter?.value ?? "save";
  if (does === "hand-in" && unmarked().length) {
    event.preventDefault();
    return incomplete(event.submitter);
  }
  event.preventDefault();
  if (event.submitter?.id === "keep-own" && other.decide) return other.decide(false);
  goOn = does === "next" ? event.submitter.dataset.next : null;
  update((record) => {
    record.at = Date.now();
    record.fields = fields();
    record.refused = null;
    record.wanted = does === "hand-in" ? "hand-in" : record.wanted ?? "save";
  });
  say("saving", does === "hand-in" ? "Handing in" : "Saving");
  work();
});

/** The server's page says what is missing; without a connection the line does. */
async function incomplete(button) {
  goOn = null;
  await work();
  if (!record.wanted && !record.sending && !record.moved && navigator.onLine) {
    const does = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(does);
    leaving = true;
    return form.submit();
  }
  if (record.moved) return;
  const left = unmarked();
  say("refused", `Not handed in: ${left.length === 1 ? "one criterion has" : `${left.length} criteria have`} no mark yet.`);
  left[0].querySelector("input").focus();
}

// When there may be a connection again

let leaving = false;
const goAgain = async () => {
  delay = 2000;
  if (record.wanted || record.sending) work();
  others = await sendLeft(prefix, member, name);
};
addEventListener("online", goAgain);
document.addEventListener("visibilitychange", () => { if (!document.hidden) goAgain(); });
addEventListener("beforeunload", (event) => { if (!kept && record.wanted && !leaving) event.preventDefault(); });

document.getElementById("save").hidden = true;
byKeyboard(form, changed);
bySlider(form);
total();
await hold(name);
if (form.dataset.unsaved !== undefined) changed();
await takeOver();
others = await sendLeft(prefix, member, name);
