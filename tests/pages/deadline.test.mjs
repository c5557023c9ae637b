// A form that was opened before the deadline and sent after it is kept,
// explained, and offered to the organisers to reopen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House } from "./house.mjs";
import { launch } from "./people.mjs";
import { Stage, entry } from "./stage.mjs";

// Long enough to get every form open on a slow machine.
const AHEAD = 25_000;
const LATE = "We weave, and the train was late:\nthese words came after.";
const EARLY = "Written in time.";

let house, browser, stage, programme, deadline;
const people = {};
const drafts = {};

before(async () => {
  house = await House.start();
  browser = await launch();
  stage = new Stage(house, browser);
  people.bronagh = await stage.person("Bronagh McAteer");
  people.samir = await stage.person("Samir Haddad");
  people.ada = await stage.person("Ada Lind");
  people.wren = await stage.person("Wren Ellery", { javaScriptEnabled: false });
  stage.rhiannon = await stage.person("Rhiannon Pugh", { javaScriptEnabled: false });
  stage.kofi = await stage.person("Kofi Asante");
  deadline = Date.now() + AHEAD;
  programme = await stage.call(Object.values(people), deadline, { most_attachments: 2 });
  await Promise.all(Object.keys(people).map(open));
  assert.ok(Date.now() < deadline, "too slow: the forms were not open before the deadline");
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

// What each has in time, and the form that they look at when the deadline passes.
async function open(who) {
  const person = people[who];
  const draft = (drafts[who] = await programme.draft(person));
  const { answers, ...rest } = entry(who === "ada" ? "Ada’s Loom" : "Secret Title");
  const submits = who === "samir" || who === "ada";
  const content = { ...rest, answers: { ...answers, pitch: submits ? EARLY : "" }, enter_at_deadline: who !== "samir" };
  await programme.save(person, draft, content, 1);
  await person.go(submits ? `${draft}/check` : `${draft}/questions/pitch`);
}

async function passed() {
  while (Date.now() <= deadline) await new Promise((done) => setTimeout(done, deadline - Date.now() + 1));
}

const area = (person) => person.page.locator("[name='answers.pitch']");
const phase = async () => (await stage.ask(stage.rhiannon, "GET", `submissions/programmes/${programme.id}`)).phase;

async function until(holds, why) {
  const last = Date.now() + 40_000;
  while (!(await holds())) {
    assert.ok(Date.now() < last, why);
    await new Promise((done) => setTimeout(done, 200));
  }
}

// The page says that it is kept, when it came, by how much too late, and for when it was.
async function explained(person) {
  assert.match(await person.heading(), /^It came too late, and is kept$/);
  await person.look();
  const text = await person.text();
  const [, number, unit] = /(\d+) (milliseconds?|seconds?|minutes?) after the last instant/.exec(text) ?? assert.fail(text);
  assert.ok(Number(number) > 0 && (unit.startsWith("m") || Number(number) < 180), text);
  assert.match(text, /It arrived on \w+day \d+ \w+ \d{4} at/);
  assert.match(text, /does not count by itself/);
  assert.match(text, /write to the organisers\. Two of them can reopen/);
  return text;
}

test("saved by itself after the deadline, it says so at once and explains it", async () => {
  const { bronagh } = people;
  await passed();
  await area(bronagh).fill(LATE);
  await bronagh.page.locator("[data-saved='late-kept']").waitFor();
  assert.match(await bronagh.page.locator("[data-saved]").innerText(), /after the deadline/);
  await bronagh.look();
  await bronagh.press("Save and continue");
  assert.ok((await explained(bronagh)).includes(LATE.split("\n")[1]));
  assert.equal((await programme.saved(bronagh, drafts.bronagh)).late.content.answers.pitch, LATE);
});

test("sent after the deadline without JavaScript, it is kept and explained", async () => {
  const { wren } = people;
  await area(wren).fill(LATE);
  await wren.press("Save and continue");
  assert.ok((await explained(wren)).includes(LATE.split("\n")[1]));
  const saved = await programme.saved(wren, drafts.wren);
  assert.equal(saved.late.content.answers.pitch, LATE);
  assert.equal(saved.content.answers.pitch ?? "", "", "what counts is as it was");
  await wren.follow("Back to what is kept");
  assert.match(await wren.text(), /It is kept, and does not count by itself/);
  await wren.look();
  await wren.go(`${drafts.wren}/questions/pitch`);
  assert.equal(await area(wren).inputValue(), LATE);
});

test("submitted after the deadline, it is kept and explained", async () => {
  const { samir } = people;
  await samir.press("Submit your pitch");
  await explained(samir);
});

test("a file that is added after the deadline is kept, and says so", async () => {
  const plan = { name: "Plan.txt", mimeType: "text/plain", buffer: Buffer.from("The plan that took a minute longer.") };
  const kept = /Plan\.txt .*Came too late.*It came after the last instant: it is kept, and does not count by itself\. The organisers see that it came, not what it says\./s;
  for (const person of [people.bronagh, people.wren]) {
    await person.go(`${person === people.wren ? drafts.wren : drafts.bronagh}/attachments`);
    assert.match(await person.text(), /The last instant is over\. A file that you add now is kept, and does not count by itself/);
    const chooser = person.page.getByLabel("Add files");
    if (person === people.bronagh) await person.arrive(() => chooser.setInputFiles([plan]));
    else {
      await chooser.setInputFiles([plan]);
      await person.press("Add");
      assert.match(await person.text(), /1 file added\. It came after the last instant: it is kept/);
    }
    assert.match(await person.page.locator("main ul.entrant-files:not([data-progress])").innerText(), kept);
    await person.look();
  }
});

test("a complete draft enters by itself, whenever its button is pressed", async () => {
  const { ada } = people;
  await ada.press("Submit your pitch");
  await ada.look();
  assert.match(await ada.heading(), /^(It enters by itself|This pitch is in already)$/);
  await until(async () => {
    await ada.go(drafts.ada);
    return new URL(ada.page.url()).pathname === drafts.ada.replace("/drafts/", "/pitches/");
  }, "it did not enter");
});

test("the organisers see that it came, not what it says; two reopen it, and it enters", async () => {
  const { rhiannon, kofi } = stage;
  const { wren } = people;
  await until(async () => (await phase()) === "closed", "the call did not close");
  await rhiannon.go(programme.path("/organise/pitches"));
  const listed = await rhiannon.text();
  await rhiannon.look();
  assert.match(listed, /Came too late/);
  for (const who of ["bronagh", "wren", "samir"]) assert.ok(listed.includes(people[who].name), `${who}: ${listed}`);
  assert.match(listed, /\d+ (milliseconds?|seconds?|minutes?) too late/);
  assert.ok(!listed.includes("Secret Title") && !listed.includes("Plan.txt") && !(await rhiannon.page.content()).includes("these words came after"));
  await rhiannon.go(programme.path("/organise"));
  assert.match(await rhiannon.text(), /3 forms came after the deadline: see whether to reopen one/);
  await rhiannon.follow(/^3 forms came after the deadline/);
  assert.equal(new URL(rhiannon.page.url()).hash, "#late");
  const pitch = drafts.wren.split("/").pop();
  const late = (person) => person.page.locator("li").filter({ hasText: wren.name });
  await rhiannon.arrive(() => late(rhiannon).getByRole("link", { name: /^Reopen it/ }).click());
  assert.equal(new URL(rhiannon.page.url()).pathname, programme.path(`/organise/screening/${pitch}/reopening`));
  await rhiannon.look();
  const tomorrow = new Date(Date.now() + 86_400_000);
  for (const [part, value] of [["day", tomorrow.getUTCDate()], ["month", tomorrow.getUTCMonth() + 1], ["year", tomorrow.getUTCFullYear()]])
    await rhiannon.page.locator(`[name="until.${part}"]`).fill(String(value));
  await rhiannon.fill("At what time", "17:30");
  await rhiannon.page.locator("[name=reason][value=service_fault]").check();
  await rhiannon.press("Propose to reopen it");
  await rhiannon.go(programme.path("/organise/pitches"));
  assert.match(await late(rhiannon).innerText(), /Another organiser or an approver must confirm it/);
  assert.equal(await late(rhiannon).getByRole("button").count(), 0, "nobody confirms their own proposal");

  await wren.go(`${drafts.wren}/check`);
  await wren.press("Submit your pitch");
  await explained(wren);

  await kofi.go(programme.path("/organise"));
  assert.match(await kofi.text(), /Confirm or leave 1 proposal about a pitch/);
  assert.match(await kofi.text(), /2 forms came after the deadline/);
  await kofi.look();
  await kofi.go(programme.path("/organise/pitches"));
  assert.match(await late(kofi).innerText(), /Rhiannon Pugh proposes to reopen it until .* 5:30pm .*The service failed/s);
  await kofi.look();
  await kofi.arrive(() => late(kofi).getByRole("button", { name: "Confirm: reopen it" }).click());
  assert.match(await kofi.text(), /Reopened/);

  await wren.go(programme.path("/pitches"));
  assert.match(await wren.text(), /Two people have reopened it: submit it by/);
  await wren.look();
  await wren.go(`${drafts.wren}/check`);
  assert.ok((await wren.text()).includes(LATE.split("\n")[1]));
  await wren.press("Submit your pitch");
  assert.match(await wren.text(), /receipt/i);
  assert.match(await wren.page.content(), /Plan\.txt/, "let in, the file that was late comes with it");
  assert.equal(new URL(wren.page.url()).pathname, drafts.wren.replace("/drafts/", "/pitches/"));
  await until(async () => {
    const { items } = await stage.ask(rhiannon, "GET", `submissions/programmes/${programme.id}/late`);
    return !items.some((one) => one.id === pitch);
  }, "what was let in is still listed as late");
  for (const person of [...Object.values(people), rhiannon, kofi]) assert.deepEqual(person.complaints, [], person.name);
});
