// Who sees which page, and what on it, from the first draft of a programme to
// its end: every role, every page, every phase, as walls.txt says.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { House } from "./house.mjs";
import { faultsOf } from "./html.mjs";
import { Inspector, show } from "./inspect.mjs";
import { launch } from "./people.mjs";
import { looks, sizesThatTell } from "./walls/sizes.mjs";
import { ask, asked, everything, ROLES, sign } from "./walls/pages.mjs";
import { DESK, PHASES, Play } from "./walls/play.mjs";
import { routes } from "./walls/routes.mjs";
import { carefulness } from "./walls/headers.mjs";
import { forged, foreign, written } from "./walls/forms.mjs";
import { Secrecy } from "./walls/secrecy.mjs";
import { Sights } from "./walls/sights.mjs";
import { differences, Table } from "./walls/table.mjs";
import { Views } from "./walls/views.mjs";

const FILE = fileURLToPath(new URL("walls.txt", import.meta.url));
// A stranger to what is not public yet is made to wait: better all together.
const AT_ONCE_AT_FIRST = 400;

// What the API tells those whom it concerns, and no page does.
const ON_NO_PAGE = ["nature_of_the_conflict", "nature_of_the_aside"];

const pages = asked(routes().filter(({ method }) => method === "GET"));
const forms = asked(routes().filter(({ method }) => method === "POST"));
const readings = new Table(ROLES);
const writings = new Table(ROLES);
const sights = new Sights(ROLES, PHASES, new Secrecy(DESK));
const views = new Views();
const faults = new Set();
const told = [];
let house, play;
let refused, crossed;

before(async () => {
  house = await House.start();
  play = new Play(house);
  await play.signIn();
  const seen = {};
  for (const phase of PHASES) {
    if (phase === "judging") {
      await play.judging(async (when) => (seen[when] = await looks(play, pages)));
      told.push(...sizesThatTell(seen.before, seen.after));
    } else await play.reach(phase);
    await readEverything(phase);
    if (phase === "judging") {
      refused = await foreign(play, forms, writings, views);
      crossed = await forged(play, forms);
    }
  }
  await written(play, forms, writings, views);
});

after(async () => {
  await house?.stop();
});

async function readEverything(phase) {
  const began = Date.now();
  const cells = await everything(play, pages, phase === PHASES[0] ? AT_ONCE_AT_FIRST : undefined);
  for (const { row, role, answer } of cells) {
    const { sign: letter, to } = sign(play, answer);
    if (letter === "!") faults.add(`${phase}, ${role}: ${row.asked} answers ${answer.status}`);
    for (const fault of carefulness(answer)) faults.add(`${row.asked}: ${fault}`);
    readings.add(row.asked, role, letter, to);
    sights.look(phase, role, row.asked, answer);
    views.take(play, row, role, phase, answer);
  }
  console.log(`# ${phase}: ${cells.length} pages in ${Date.now() - began} ms`);
}

const none = (found) => assert.equal([...found].join("\n"), "");

test("every page answers everybody as the table says", () => {
  none(differences(FILE, "pages", readings));
});

test("no page breaks, and each is sent with care", () => {
  none(faults);
});

test("each finds on all pages what the table says", () => {
  none(differences(FILE, "texts", sights.table()));
});

test("nobody sees through a wall, nor another's marks before they are open", () => {
  none(sights.breaches());
  // What is on some page proves something by not being on the others.
  assert.deepEqual(sights.unseen(), ON_NO_PAGE);
});

test("no page of a reader tells by its size that another's score sheet came in", () => {
  none(told);
});

test("no form does anything for those whom it does not concern", () => {
  none(refused);
});

test("no form is taken from another site", () => {
  none(crossed);
});

test("whoever sends too much is told so, and how much is taken", async () => {
  const headers = { origin: house.url, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
  for (const [bytes, most] of [[3 << 20, "2 MB"], [26 << 20, "25 MB"]]) {
    const { status, text } = await ask(play, "amy", "POST", "/programmes/new", headers, "x".repeat(bytes));
    assert.equal(status, 413);
    assert.match(text, /That is too large/);
    assert.ok(text.includes(`${most} at most`), text);
  }
});

test("every form answers everybody as the table says", () => {
  none(differences(FILE, "forms", writings));
});

test("every page and what it refuses is accessible, narrow and valid, however it stands", async () => {
  const inspector = new Inspector();
  const browser = await launch();
  try {
    const page = await browser.newPage();
    for (const view of views.distinct()) {
      await show(page, view);
      await inspector.look(page, view.name);
    }
  } finally {
    await browser.close();
  }
  none([...inspector.faults, ...faultsOf(inspector.seen)]);
});
