// What changes on pages when a score sheet comes in: for those who may not
// know of it, nothing, be it only a page's size.

import { address, ask, each, generic } from "./pages.mjs";

// Who may not know that the second judge has sealed the pitch; and who may, so
// that it can be seen that something would be.
const UNAWARE = ["nobody", "stranger", "entrant", "rival", "judge", "aside", "conflicted"];
const AWARE = "amy";

// The log is public, and grows with every event; letters go in their own time.
const GROWS = /\/trail\b|\/receipt\/|everything\.json|\/organise\/letters$/;

// What each reads now, by page.
export async function looks(play, pages) {
  const still = pages.filter(({ route }) => !GROWS.test(route.path));
  const cells = still.flatMap((row) => [...UNAWARE, AWARE].map((role) => ({ row, role })));
  const answers = await each(cells, 24, ({ row, role }) => ask(play, role, "GET", address(play, row)));
  return new Map(cells.map(({ row, role }, at) => [`${role}: ${row.asked}`, tidy(play, answers[at])]));
}

// Without what is another each time: keys of forms.
function tidy(play, { status, text }) {
  return { status, size: Buffer.byteLength(text), text: generic(play, text) };
}

export function sizesThatTell(before, after) {
  const told = [];
  let noticed = false;
  for (const [page, { status, size, text }] of before) {
    const now = after.get(page);
    if (page.startsWith(`${AWARE}: `)) noticed ||= now.text !== text;
    else if (now.status !== status || now.size !== size) told.push(`${page}: ${size} bytes before, ${now.size} after`);
    else if (now.text !== text) told.push(`${page}: other words of the same size: ${between(text, now.text)}`);
  }
  if (!noticed) told.push(`not even ${AWARE} sees that a score sheet came in: this would prove nothing`);
  return told;
}

// Where two texts part.
function between(one, other) {
  let at = 0;
  while (one[at] === other[at]) at += 1;
  return JSON.stringify([one.slice(at - 60, at + 60), other.slice(at - 60, at + 60)]);
}
