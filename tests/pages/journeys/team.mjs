// A team that comes together by a link, writes one draft, and comes apart.

import assert from "node:assert/strict";
import { Person } from "../people.mjs";

const at = (person) => new URL(person.page.url()).pathname;

async function link(author, draft) {
  await author.go(`${draft}/team`);
  await author.press("Make an invitation link");
  const address = await author.page.getByLabel("The link", { exact: true }).inputValue();
  assert.ok(address.startsWith(`${author.house.url}/programmes/`), address);
  await author.look();
  return address;
}

// Follows a link as somebody does who isn't signed in, and asks for two codes
// since the first is slow to come.
async function joins(person, address, draft) {
  const since = Date.now() - 1000;
  await person.page.goto(address);
  assert.equal(at(person), "/sign-in");
  await person.fill("Your email address", person.email);
  await person.press("Send me a code");
  await person.page.getByText("Nothing has come").click();
  await person.look();
  await person.follow("Ask for another code");
  const again = Date.now() - 100;
  await person.fill("Your email address", person.email);
  await person.press("Send me a code");
  assert.ok(again > since);
  const code = await person.house.code(person.email, again);
  await person.fill("The code", `${code.slice(0, 3)} ${code.slice(3)}`);
  await person.press("Continue");
  if (at(person) === "/account/name") {
    await person.fill("Your name", person.name);
    await person.press("Continue");
  }
  assert.equal(person.page.url(), address, "they are where the link leads");
  await person.look();
  await person.press("Join the team");
  assert.equal(at(person), draft);
  assert.match(await person.text(), /You are in the team: this is what you write together/);
}

const answer = (person) => person.page.locator("[name^='answers.']");

async function writes(person, draft, question, words) {
  await person.go(`${draft}/questions/${question}`);
  await answer(person).fill(words);
  await person.press("Save and continue");
}

async function reads(person, draft, question) {
  await person.go(`${draft}/questions/${question}`);
  return answer(person).inputValue();
}

async function together(stage) {
  const bronagh = await stage.person("Bronagh McAteer");
  const comes = (name, options) => Person.of(stage.browser, stage.house, `${name.toLowerCase()}@team.example`, name, options);
  const [samir, wren] = await Promise.all([comes("Samir"), comes("Wren", { javaScriptEnabled: false })]);
  const programme = await stage.call([bronagh]);
  const draft = await programme.draft(bronagh);
  const first = await link(bronagh, draft);
  await joins(samir, first, draft);
  await writes(samir, draft, "pitch", "A street owns its line.");
  assert.equal(await reads(bronagh, draft, "pitch"), "A street owns its line.");
  await writes(bronagh, draft, "money", "Forty aerials.");
  assert.equal(await reads(samir, draft, "money"), "Forty aerials.");

  // Only the author invites and removes; who joined may leave.
  await samir.go(`${draft}/team`);
  await samir.look();
  assert.equal(await samir.page.getByRole("button", { name: "Make an invitation link" }).count(), 0);
  await samir.press("Leave (team mate 1)");
  assert.equal(at(samir), programme.path("/pitches"), "whoever left is at their own pitches");
  assert.match(await samir.text(), /You no longer write this draft/);
  assert.equal((await samir.go(draft)).status(), 404);

  // Without JavaScript; and whoever is removed is out.
  await joins(wren, await link(bronagh, draft), draft);
  await writes(wren, draft, "money", "Forty aerials, and a ladder.");
  assert.equal(await reads(bronagh, draft, "money"), "Forty aerials, and a ladder.");
  await bronagh.go(`${draft}/team`);
  await bronagh.press("Remove (team mate 1)");
  assert.match(await bronagh.text(), /They no longer write this draft/);
  assert.equal((await wren.go(`${draft}/questions/money`)).status(), 404);

  // A link that was taken back leads nowhere, and says so.
  const taken = await link(bronagh, draft);
  await bronagh.press("Take the link back");
  assert.match(await bronagh.text(), /The link no longer works/);
  for (const dead of [taken, first]) {
    await wren.page.goto(dead);
    await wren.press("Join the team");
    assert.match(await wren.page.locator(".govuk-error-summary").innerText(), /link|code/i);
    await wren.look();
  }
  assert.equal(await reads(bronagh, draft, "money"), "Forty aerials, and a ladder.", "what they wrote stays");
  for (const person of [bronagh, samir, wren]) assert.deepEqual(person.complaints, [], person.name);
}

export const journeys = {
  "team mates join by a link, write together, leave and are removed": together,
};
