// What each finds on the pages under other rulebooks than the one that
// walls.test.mjs plays: where judges may not know whose a pitch is, and where
// all marks are public in the end. From judging on, as walls.rulebooks.txt says.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { House } from "./house.mjs";
import { asked, everything, ROLES, sign } from "./walls/pages.mjs";
import { ANONYMOUS, DEN, PHASES, Play } from "./walls/play.mjs";
import { routes } from "./walls/routes.mjs";
import { Secrecy } from "./walls/secrecy.mjs";
import { Sights } from "./walls/sights.mjs";
import { differences } from "./walls/table.mjs";

const FILE = fileURLToPath(new URL("walls.rulebooks.txt", import.meta.url));
const READ = PHASES.slice(PHASES.indexOf("judging"), PHASES.indexOf("announced") + 1);
const RULEBOOKS = { "judges may not know whose a pitch is": ANONYMOUS, "a den with public marks": DEN };
// What is planted before the money, but for a draft, which no rulebook touches.
const NAMES = [
  ...["title", "team", "author", "file", "answers", "question", "answer"],
  ...["other_title", "other_team", "other_author", "other_answers"],
  ...["mark", "comment_to_panel", "comment_to_entrant"],
  ...["second_mark", "second_comment_to_panel", "second_comment_to_entrant"],
  ...["other_mark", "other_comment_to_entrant", "total", "other_total"],
];
const ON_NO_PAGE = [];

// Whatever is of a programme, and what somebody finds about it at home; but for
// what is an entrant's own or comes before the judging, where no rulebook
// changes who sees what.
const ALIKE = /\/drafts\/|\/pitches\/\{pitch\}\/|\/awards\/\{award\}\/[^c]|\/setup|\/call|\/reopening|\/(enter|join|invitation|pledge|rules)$/;
const pages = asked(
  routes().filter(({ method, path }) => {
    const concerns = path === "/home" || (path.startsWith("/programmes/{") && !ALIKE.test(path));
    return method === "GET" && concerns;
  }),
);
const sights = new Map();
const faults = new Set();
let house;

before(async () => {
  house = await House.start();
  await Promise.all(Object.entries(RULEBOOKS).map(([name, rulebook], at) => played(name, rulebook, at)));
});

after(async () => {
  await house?.stop();
});

async function played(name, rulebook, at) {
  const play = new Play(house, rulebook, `walls-${at}.example`);
  const found = new Sights(ROLES, READ, new Secrecy(rulebook), NAMES);
  sights.set(name, found);
  await play.signIn();
  for (const phase of PHASES.slice(0, PHASES.indexOf("announced") + 1)) {
    await play.reach(phase);
    if (!READ.includes(phase)) continue;
    for (const { row, role, answer } of await everything(play, pages)) {
      if (sign(play, answer).sign === "!") faults.add(`${name}, ${phase}, ${role}: ${row.asked} answers ${answer.status}`);
      found.look(phase, role, row.asked, answer);
    }
  }
}

const none = (found) => assert.equal([...found].join("\n"), "");

for (const name of Object.keys(RULEBOOKS)) {
  test(`where ${name}, each finds what the table says`, () => {
    none(differences(FILE, name, sights.get(name).table()));
  });

  test(`where ${name}, nobody sees what they may not`, () => {
    none(sights.get(name).breaches());
    // What is on some page proves something by not being on the others.
    assert.deepEqual(sights.get(name).unseen(), ON_NO_PAGE);
  });
}

test("no page breaks under any of them", () => {
  none(faults);
});
