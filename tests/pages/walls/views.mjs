// What pages look like to those who may see them: of all answers, those that
// have something in them which none before had.

import { address } from "./pages.mjs";

const HTML = /^text\/html\b/;
const TAG = /<([a-z][a-z0-9]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/g;
// What of a tag makes it another thing to look at or to listen to.
const SAID = /\s(class|type|role|hidden|disabled|open|checked|aria-[a-z]+)(?:="([^"]*)")?/g;

export class Views {
  constructor() {
    this.shapes = new Set();
    this.all = [];
  }

  take(play, row, role, when, { status, headers, text }) {
    if (!HTML.test(headers.get("content-type") ?? "")) return;
    const steps = stepsOf(text);
    const shape = `${row.asked}\n${status}\n${[...steps].sort().join("\n")}`;
    if (this.shapes.has(shape)) return;
    this.shapes.add(shape);
    const name = `${row.asked} of ${role}, ${when}`;
    this.all.push({ name, row, role, when, url: play.house.url + address(play, row), status, headers, text, steps });
  }

  // Each page once, and again wherever it has what no other has: the fullest first.
  distinct() {
    const [known, rows] = [new Set(), new Set()];
    return this.all
      .sort((one, other) => other.steps.size - one.steps.size)
      .filter(({ row, status, steps }) => {
        const which = `${row.asked} ${status}`;
        const isNew = !rows.has(which) && status < 400;
        const hasNew = [...steps].some((step) => !known.has(step));
        for (const step of steps) known.add(step);
        rows.add(which);
        return isNew || hasNew;
      });
  }
}

// What follows upon what, without words, names and numbers.
function stepsOf(text) {
  const steps = new Set();
  let before = "";
  for (const [, tag, attributes] of text.matchAll(TAG)) {
    const said = [...attributes.matchAll(SAID)].map(([, name, value]) => (/^(class|type|role)$/.test(name) ? `${name}=${value}` : name));
    const here = [tag, ...said].join(" ");
    steps.add(`${before} > ${here}`);
    before = here;
  }
  return steps;
}
