// Lost work is impossible: whatever happens in the middle of a pitch or of a
// score sheet, every word is found again, and nobody's is written over.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { House } from "./house.mjs";
import { faultsOn } from "./inspect.mjs";
import { launch } from "./people.mjs";
import { CRITERIA, Stage } from "./stage.mjs";

const FIRST = "Wir weben – “we weave”, said Zoë:\n\n\tone street, one loom. 🧵 5 < 6 & so on.";
const MORE = " And every word of this came after.";
const SHEET = { marks: ["9", "0", "10"], panel: "Not yet:\nask about the lease & the “loan”.", entrant: "Zoë, what you could do next: <ask> your members." };

let house, browser, stage, open, bronagh, wren, ines, tom;
// Score sheets that nobody has written on.
const spare = {};

before(async () => {
  [house, browser] = await Promise.all([House.start(), launch()]);
  stage = new Stage(house, browser);
  const silent = { javaScriptEnabled: false };
  [bronagh, ines, wren, tom] = await Promise.all([
    stage.person("Bronagh McAteer"), stage.person("Ines Duarte"), stage.person("Wren Ellery", silent), stage.person("Tom Okafor", silent),
  ]);
  open = await stage.call([bronagh, wren]);
  [spare.ines, spare.tom] = await Promise.all([sheets(ines, 7), sheets(tom, 2)]);
});

async function sheets(judge, number) {
  const judged = await stage.call([bronagh]);
  const pitches = [];
  for (let at = 0; at < number; at++) pitches.push((await judged.submit(bronagh, `Handover ${at}`)).id);
  await judged.judging(judge, pitches);
  return pitches.map((pitch) => ({ judged, pitch, path: judged.sheet(pitch) }));
}

afterEach(async () => {
  for (const { context } of [bronagh, ines]) await context.setOffline(false);
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

// Waits until what is read is as it should be.
async function eventually(read, wanted, why) {
  const until = Date.now() + 40_000;
  let found;
  do {
    found = await read().catch((error) => error.message);
    try {
      return assert.deepEqual(found, wanted);
    } catch {
      await new Promise((done) => setTimeout(done, 150));
    }
  } while (Date.now() < until);
  assert.deepEqual(found, wanted, why);
}

// A pitch's question

const area = (page) => page.locator("[name='answers.pitch']");
const answer = async (person, draft) => (await open.saved(person, draft)).content.answers.pitch ?? "";
const onServer = (person, draft, wanted) => eventually(() => answer(person, draft), wanted, "on the server");
const says = (page, state) => page.locator(`[data-saved="${state}"]`).waitFor();

async function question(person, begun) {
  const draft = begun ?? (await open.draft(person));
  await person.go(`${draft}/questions/pitch`);
  return draft;
}

// Typed key by key after what is there.
async function typeOn(page, text) {
  await area(page).press("ControlOrMeta+End");
  await area(page).pressSequentially(text);
}

// A score sheet

async function fillSheet(page, { marks, panel, entrant } = SHEET) {
  for (const [at, id] of CRITERIA.entries()) await page.locator(`[name="marks.${id}"][value="${marks[at]}"]`).check({ force: true });
  await page.getByLabel("For the panel", { exact: true }).fill(panel);
  await page.getByLabel("For the entrant", { exact: true }).fill(entrant);
}

const onPage = async (page) => ({
  marks: await Promise.all(CRITERIA.map((id) => page.locator(`[name="marks.${id}"]:checked`).inputValue({ timeout: 2_000 }))),
  panel: await page.locator("[name=comment_to_panel]").inputValue(),
  entrant: await page.locator("[name=comment_to_entrant]").inputValue(),
});

const sheetOnServer = (judge, { judged, pitch }, wanted = SHEET) =>
  eventually(async () => {
    const { content } = await judged.written(judge, pitch);
    return { marks: CRITERIA.map((id) => content.marks[id]), panel: content.comment_to_panel, entrant: content.comment_to_entrant };
  }, wanted, "on the server");

const sheetSays = (page, words) => page.locator("#state").filter({ hasText: words }).waitFor();

async function anotherTab(person, path) {
  const page = await person.context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(path);
  return page;
}

// In a tab of its own, which is closed again.
async function signInAgain(person, opening) {
  const own = person.page;
  person.page = opening ? await opening() : await person.context.newPage();
  await person.signIn("/home");
  await person.page.close();
  person.page = own;
  person.token = (await person.context.cookies()).find(({ name }) => name === "__Host-plaudit").value;
}

test("the network is cut in the middle of a pitch", async () => {
  const draft = await question(bronagh);
  const { page, context } = bronagh;
  await area(page).fill(FIRST);
  await onServer(bronagh, draft, FIRST);
  await context.setOffline(true);
  await typeOn(page, MORE);
  await says(page, "offline");
  // A button pressed now takes nobody to a page that isn't there.
  await page.getByRole("button", { name: "Save and continue" }).click();
  await says(page, "offline");
  await bronagh.look();
  assert.equal(await area(page).inputValue(), FIRST + MORE);
  assert.equal(await answer(bronagh, draft), FIRST);
  await context.setOffline(false);
  await onServer(bronagh, draft, FIRST + MORE);
  await says(page, "saved");
});

test("the network is cut in the middle of a score sheet", async () => {
  const sheet = spare.ines.pop();
  const { page, context } = ines;
  await ines.go(sheet.path);
  await page.locator(`[name="marks.plan"][value="3"]`).check({ force: true });
  await sheetSays(page, /^Saved$/);
  await context.setOffline(true);
  await fillSheet(page);
  await sheetSays(page, "no connection");
  await page.getByRole("button", { name: "Hand in", exact: true }).click();
  await sheetSays(page, "handed in as soon as there is one");
  await ines.look();
  assert.deepEqual(await onPage(page), SHEET);
  await context.setOffline(false);
  await page.waitForURL((url) => url.pathname !== sheet.path);
  const { scorecards } = await stage.ask(ines, "GET", `scoring${sheet.judged.path(`/rounds/final/scorecards/${sheet.pitch}`)}`);
  const card = scorecards.find(({ own }) => own);
  assert.deepEqual([card.status, card.comment_to_panel, card.comment_to_entrant], ["sealed", SHEET.panel, SHEET.entrant]);
  assert.deepEqual(CRITERIA.map((id) => card.marks[id]), SHEET.marks);
});

test("the session ends in the middle of a pitch", async () => {
  const draft = await question(bronagh);
  const { page, context } = bronagh;
  await area(page).fill(FIRST);
  await onServer(bronagh, draft, FIRST);
  await stage.endSession(bronagh);
  await typeOn(page, MORE);
  await says(page, "signed-out");
  await bronagh.look();
  await signInAgain(bronagh, async () => {
    const opened = context.waitForEvent("page");
    await page.getByRole("link", { name: "Sign in, in a new tab" }).click();
    return opened;
  });
  await onServer(bronagh, draft, FIRST + MORE);
  await says(page, "saved");
  assert.equal(await area(page).inputValue(), FIRST + MORE);
});

test("the session ends in the middle of a score sheet", async () => {
  const sheet = spare.ines.pop();
  const { page, context } = ines;
  await ines.go(sheet.path);
  await page.locator(`[name="marks.plan"][value="3"]`).check({ force: true });
  await sheetSays(page, /^Saved$/);
  await stage.endSession(ines);
  await fillSheet(page);
  await sheetSays(page, "you are signed out");
  await ines.look();
  await signInAgain(ines, async () => {
    const opened = context.waitForEvent("page");
    await page.getByRole("link", { name: "Sign in again" }).click();
    return opened;
  });
  await sheetOnServer(ines, sheet);
  await sheetSays(page, /^Saved$/);
  assert.deepEqual(await onPage(page), SHEET);
});

test("the server is killed in the middle of a pitch and of a score sheet", async () => {
  const draft = await question(bronagh);
  const sheet = spare.ines.pop();
  await ines.go(sheet.path);
  await area(bronagh.page).fill(FIRST);
  await onServer(bronagh, draft, FIRST);
  await house.kill();
  await typeOn(bronagh.page, MORE);
  await fillSheet(ines.page);
  await says(bronagh.page, "offline");
  await sheetSays(ines.page, "no connection");
  await house.up();
  await onServer(bronagh, draft, FIRST + MORE);
  await sheetOnServer(ines, sheet);
  for (const { page } of [bronagh, ines]) await page.reload();
  assert.equal(await area(bronagh.page).inputValue(), FIRST + MORE);
  assert.deepEqual(await onPage(ines.page), SHEET);
});

// As somebody closes it; its last words may still reach the server.
const closed = (page) => page.close();

// As a phone ends it that needs its memory: it gets no chance to say goodbye.
async function ended(page) {
  await page.context().setOffline(true);
  const debugger_ = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  debugger_.send("Page.crash").catch(() => {});
  await crashed;
  await page.close();
  await page.context().setOffline(false);
}

test("the tab is closed in the middle of a pitch, or ended by the device", async () => {
  for (const end of [closed, ended]) {
    const draft = await question(bronagh);
    const path = new URL(bronagh.page.url()).pathname;
    await area(bronagh.page).fill(FIRST);
    await onServer(bronagh, draft, FIRST);
    if (end === ended) await bronagh.context.setOffline(true);
    await typeOn(bronagh.page, MORE);
    await end(bronagh.page);
    bronagh.page = await anotherTab(bronagh, path);
    const offer = bronagh.page.getByRole("region", { name: "Kept on this device" });
    if (end === ended) assert.equal(await answer(bronagh, draft), FIRST, "nothing is put back unasked");
    if ((await area(bronagh.page).inputValue()) !== FIRST + MORE) {
      await bronagh.look();
      assert.equal(await offer.locator(".entrant-theirs").evaluate((kept) => kept.textContent), FIRST + MORE);
      await offer.getByRole("button", { name: "Put it back" }).click();
    }
    await onServer(bronagh, draft, FIRST + MORE);
    assert.equal(await area(bronagh.page).inputValue(), FIRST + MORE);
    assert.equal(await offer.count(), 0);
  }
});

test("the tab is closed in the middle of a score sheet, or ended by the device", async () => {
  for (const end of [closed, ended]) {
    const sheet = spare.ines.pop();
    await ines.go(sheet.path);
    if (end === ended) await ines.context.setOffline(true);
    await fillSheet(ines.page);
    await end(ines.page);
    ines.page = await anotherTab(ines, sheet.path);
    await sheetOnServer(ines, sheet);
    await sheetSays(ines.page, /^Saved$/);
    assert.deepEqual(await onPage(ines.page), SHEET);
  }
});

test("without JavaScript, a session that ends before the form is sent costs no word of a pitch", async () => {
  const draft = await question(wren);
  await area(wren.page).fill(FIRST + MORE);
  await stage.endSession(wren);
  await wren.press("Save and continue");
  assert.match(await wren.heading(), /signed out/);
  await wren.look();
  assert.equal(await wren.page.locator("textarea[name='answers.pitch']").inputValue(), FIRST + MORE);
  assert.ok((await wren.page.locator(".plaudit-kept").evaluate((kept) => kept.textContent)).includes(FIRST + MORE));
  await signInAgain(wren);
  await wren.press("Send it again");
  assert.equal(await answer(wren, draft), FIRST + MORE);
  await wren.go(`${draft}/questions/pitch`);
  assert.equal(await area(wren.page).inputValue(), FIRST + MORE);
});

test("without JavaScript, a session that ends before the form is sent costs nothing of a score sheet", async () => {
  const sheet = spare.tom.pop();
  await tom.go(sheet.path);
  await fillSheet(tom.page);
  await stage.endSession(tom);
  await tom.press("Save");
  assert.match(await tom.heading(), /signed out/);
  await tom.look();
  const kept = await tom.page.locator(".plaudit-kept").evaluate((kept) => kept.textContent);
  for (const word of [SHEET.panel, SHEET.entrant, ...SHEET.marks]) assert.ok(kept.includes(word), word);
  await signInAgain(tom);
  await tom.press("Send it again");
  await sheetOnServer(tom, sheet);
  assert.deepEqual(await onPage(tom.page), SHEET);
});

// Saves from a form that was opened before somebody else saved there: both
// texts are shown, nothing is overwritten, and the choice is kept.
async function chooses(second, draft, whose) {
  await second.arrive(() => second.page.getByRole("button", { name: "Save and continue" }).click());
  assert.match(await second.heading(), /which words are to stay/);
  await second.look();
  assert.match(await second.text(), whose);
  assert.equal(await second.page.locator("section[aria-labelledby=saved] .entrant-theirs").evaluate((one) => one.textContent), FIRST);
  assert.equal(await area(second.page).inputValue(), MORE);
  assert.equal(await answer(second, draft), FIRST, "nothing is overwritten");
  await area(second.page).fill(FIRST + MORE);
  await second.press("Save yours");
  await onServer(second, draft, FIRST + MORE);
}

test("two tabs of one draft", async () => {
  for (const person of [bronagh, wren]) {
    const draft = await question(person);
    const first = await anotherTab(person, `${draft}/questions/pitch`);
    await area(first).fill(FIRST);
    await first.getByRole("button", { name: "Save and come back later" }).click();
    await onServer(person, draft, FIRST);
    await first.waitForURL((url) => url.pathname === draft);
    await area(person.page).fill(MORE);
    if (person === bronagh) {
      await says(person.page, "moved");
      await person.look();
      assert.equal(await answer(person, draft), FIRST, "nothing is overwritten");
    }
    await chooses(person, draft, /You saved other words/);
    await first.close();
  }
});

test("two collaborators on one draft", async () => {
  const samir = await stage.person("Samir Haddad");
  const draft = await question(bronagh);
  const { code } = await stage.ask(bronagh, "POST", `submissions${draft}/invitation`);
  await open.of(samir, "drafts/join", { code });
  await question(samir, draft);
  await area(bronagh.page).fill(FIRST);
  await onServer(bronagh, draft, FIRST);
  await area(samir.page).fill(MORE);
  await says(samir.page, "moved");
  await chooses(samir, draft, /Somebody in your team saved other words/);
  // Whoever was first is told in turn.
  await typeOn(bronagh.page, " Mine.");
  await says(bronagh.page, "moved");
  assert.equal(await answer(bronagh, draft), FIRST + MORE);
});

test("two tabs of one score sheet", async () => {
  const mine = { marks: ["1", "2", "3"], panel: "The other tab’s.", entrant: "Of the other tab." };
  for (const keepsOwn of [true, false]) {
    const sheet = spare.ines.pop();
    await ines.go(sheet.path);
    const second = await anotherTab(ines, sheet.path);
    await fillSheet(ines.page);
    await sheetOnServer(ines, sheet);
    await fillSheet(second, mine);
    await sheetSays(second, "there is another copy");
    ines.complaints.push(...(await faultsOn(second, "another copy")));
    const other = second.locator("#other-content dd");
    assert.deepEqual(await other.evaluateAll((all) => all.map((one) => one.textContent)), [...SHEET.marks, SHEET.panel, SHEET.entrant]);
    assert.deepEqual(await onPage(second), mine);
    await sheetOnServer(ines, sheet);
    if (keepsOwn) await second.getByRole("button", { name: "Keep what is on this page" }).click();
    else await second.getByRole("link", { name: "Use the other copy" }).click();
    await sheetSays(second, /^Saved$/);
    await sheetOnServer(ines, sheet, keepsOwn ? mine : SHEET);
    await second.close();
  }
});

test("two tabs of one score sheet, without JavaScript", async () => {
  const sheet = spare.tom.pop();
  await tom.go(sheet.path);
  const first = await anotherTab(tom, sheet.path);
  await fillSheet(first);
  await first.getByRole("button", { name: "Save", exact: true }).click();
  await sheetOnServer(tom, sheet);
  const mine = { marks: ["1", "2", "3"], panel: "The other tab’s.", entrant: "Of the other tab." };
  await fillSheet(tom.page, mine);
  await tom.press("Save");
  assert.match(await tom.text(), /changed elsewhere/);
  await tom.look();
  assert.deepEqual(await onPage(tom.page), mine);
  const other = await tom.page.locator("#other-content").innerText();
  for (const word of [SHEET.panel, SHEET.entrant, ...SHEET.marks]) assert.ok(other.includes(word), word);
  await sheetOnServer(tom, sheet);
  await tom.press("Keep what is on this page");
  await sheetOnServer(tom, sheet, mine);
  await first.close();
});

test("no page broke meanwhile, and each was one for everybody", () => {
  // Of the network, which was cut; and of the browser, which skips an animation between two pages.
  const expected = /net::ERR_|ViewTransition/;
  const broken = [bronagh, wren, ines, tom].flatMap((person) => person.complaints).filter((said) => !expected.test(said));
  assert.deepEqual(broken, []);
});
