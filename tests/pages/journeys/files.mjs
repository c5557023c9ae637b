// Files that come with a pitch: on their way with and without a connection,
// refused, taken off, and read by a judge.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entry } from "../stage.mjs";
import { refused } from "./refusals.mjs";

const MEGABYTE = 1 << 20;
const TOO_LARGE = /larger than 20 MB\. Make it smaller, or share what matters most of it/;
const NOT_TAKEN = /no file that is taken here: PDF, PNG/;

const pdf = (size) => Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(size - 9, "plan ")]);
const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });

// Large files come from a folder; the browser is not sent them through the debugger.
function large(folder) {
  const path = join(folder, "Large.pdf");
  writeFileSync(path, "%PDF-1.7\n");
  truncateSync(path, 20 * MEGABYTE + 1);
  return path;
}

const chooser = (person) => person.page.getByLabel("Add files");
const listed = (person) => person.page.locator("main ul.entrant-files:not([data-progress]) li");
const says = (person, words) => person.page.locator("[data-progress] li").filter({ hasText: words }).last().waitFor();

// Chooses files, and waits until they are on the page, which comes anew.
async function adds(person, ...files) {
  await person.arrive(() => chooser(person).setInputFiles(files));
}

// Stands between the page and the server: what part was asked for, and whether it goes on.
class Line {
  constructor(page) {
    Object.assign(this, { page, offsets: [], lets: () => true });
  }

  async open() {
    await this.page.route(/\/part\?/, async (route) => {
      const offset = Number(new URL(route.request().url()).searchParams.get("offset"));
      if (!(await this.lets(offset))) return route.abort("connectionreset");
      this.offsets.push(offset / MEGABYTE);
      await route.continue();
    });
  }

  async close() {
    await this.page.unroute(/\/part\?/);
  }
}

// The connection is lost in the middle, comes back, and is lost for good; in
// another tab it goes on from where it stopped, and no part comes twice.
async function interrupted(person, path) {
  const plan = file("Plan.pdf", pdf(4 * MEGABYTE));
  const line = new Line(person.page);
  let isThere = false;
  line.lets = (offset) => offset < MEGABYTE || isThere;
  await line.open();
  await person.go(path);
  await chooser(person).setInputFiles([plan]);
  await says(person, "Plan.pdf: waiting for the connection");
  await person.look();
  const bar = person.page.getByRole("progressbar", { name: "Plan.pdf" });
  assert.equal(await bar.evaluate(({ value, max }) => value / max), 0.25);
  line.lets = (offset) => offset < 2 * MEGABYTE;
  await person.page.locator(`progress[value="${2 * MEGABYTE}"]`).waitFor();
  await person.page.close();
  assert.deepEqual(line.offsets, [0, 1]);

  person.page = await person.context.newPage();
  person.page.setDefaultTimeout(20_000);
  await person.go(path);
  await person.look();
  assert.match(await listed(person).innerText(), /Plan\.pdf \(4\.0 MB\) Not complete 2\.0 MB have arrived\. Choose the same file again to go on/);
  const again = new Line(person.page);
  await again.open();
  await adds(person, plan);
  assert.deepEqual(again.offsets, [2, 3]);
  assert.equal((await listed(person).innerText()).includes("Not complete"), false);
  await again.close();
}

async function comeAndGo(stage) {
  const { programme, bronagh, path } = await begun(stage, "Bronagh McAteer");
  const folder = mkdtempSync(join(tmpdir(), "plaudit-files-"));
  await bronagh.go(path);
  assert.match(await bronagh.text(), /Up to 3 files of 20 MB each: PDF, pictures \(PNG, JPEG, GIF, WebP\), plain text/);
  await bronagh.press("Add");
  await refused(bronagh, "Choose a file first.");

  await chooser(bronagh).setInputFiles([file("program.pdf", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]))]);
  await says(bronagh, NOT_TAKEN);
  await bronagh.look();
  await chooser(bronagh).setInputFiles(large(folder));
  await says(bronagh, TOO_LARGE);
  await chooser(bronagh).setInputFiles([file("Empty.txt", Buffer.alloc(0))]);
  await says(bronagh, "Empty.txt: it is empty.");
  await bronagh.go(path);
  assert.equal(await listed(bronagh).count(), 0, "nothing of what was refused is kept");

  await interrupted(bronagh, path);
  await adds(bronagh, file("Für uns & euch.txt", Buffer.from("Wir weben.")), file("Two.txt", Buffer.from("Two")));
  assert.match(await bronagh.text(), /There is no room for more: take one off first/);
  await bronagh.look();
  await bronagh.press("Take off Two.txt");
  assert.match(await bronagh.text(), /The file is taken off/);
  assert.deepEqual(await listed(bronagh).evaluateAll((all) => all.map((one) => one.firstElementChild.textContent.trim())), [
    "Plan.pdf (4.0 MB)",
    "Für uns & euch.txt (10 bytes)",
  ]);
  rmSync(folder, { recursive: true, force: true });
  await judged(stage, programme, bronagh, path.replace(/\/attachments$/, ""));
  assert.deepEqual(bronagh.complaints.filter((said) => !/net::ERR_CONNECTION_RESET/.test(said)), []);
}

async function begun(stage, name, options) {
  const bronagh = await stage.person(name, options);
  const programme = await stage.call([bronagh], undefined, { most_attachments: 3 });
  const draft = await programme.draft(bronagh);
  return { programme, bronagh, path: `${draft}/attachments` };
}

// From the page that they are on, which stays.
async function reads({ page }) {
  const at = page.url();
  const link = page.getByRole("link", { name: "Für uns & euch.txt" });
  const answered = await page.evaluate(async (path) => {
    const answer = await fetch(path);
    return [answer.status, await answer.text()];
  }, await link.getAttribute("href"));
  assert.deepEqual(answered, [200, "Wir weben."]);
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.equal(await download.failure(), null, download.url());
  assert.equal(download.suggestedFilename(), "Für uns & euch.txt");
  assert.equal(readFileSync(await download.path(), "utf8"), "Wir weben.");
  assert.equal(page.url(), at);
}

// Whoever marks, checks or entered the pitch has its files as they came, as downloads only.
async function judged(stage, programme, bronagh, draft) {
  const { version } = await programme.saved(bronagh, draft);
  await programme.save(bronagh, draft, entry("Handover"), version);
  await bronagh.go(`${draft}/check`);
  assert.match(await bronagh.text(), /Plan\.pdf/);
  await bronagh.press("Submit your pitch");
  await bronagh.page.locator("summary").filter({ hasText: "What you submitted" }).click();
  await reads(bronagh);
  const ines = await stage.person("Ines Duarte");
  const pitch = draft.split("/").at(-1);
  await programme.judging(ines, [pitch]);
  await ines.go(programme.sheet(pitch));
  await reads(ines);
  await stage.rhiannon.go(programme.path(`/organise/screening/${pitch}`));
  await reads(stage.rhiannon);
  // Typed into the address bar it is no page of ours either.
  const href = await ines.page.getByRole("link", { name: "Für uns & euch.txt" }).getAttribute("href");
  const headers = await ines.page.evaluate(async (path) => Object.fromEntries((await fetch(path)).headers), href);
  assert.match(headers["content-disposition"], /^attachment;/);
  assert.match(headers["content-security-policy"], /sandbox/);
  assert.equal(headers["x-content-type-options"], "nosniff");
  // Nobody else has it.
  const stranger = await stage.person("Petra Aubrey");
  const answer = await stranger.page.goto(href);
  assert.equal(answer.status(), 404);
  assert.deepEqual(ines.complaints, []);
}

async function withoutAScript(stage) {
  const { bronagh: wren, path } = await begun(stage, "Wren Ellery", { javaScriptEnabled: false });
  const folder = mkdtempSync(join(tmpdir(), "plaudit-files-"));
  await wren.go(path);
  await chooser(wren).setInputFiles(large(folder));
  await wren.press("Add");
  await refused(wren, TOO_LARGE);
  await chooser(wren).setInputFiles([file("program.pdf", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]))]);
  await wren.press("Add");
  await refused(wren, NOT_TAKEN);
  await chooser(wren).setInputFiles([file("Plan.pdf", pdf(2 * MEGABYTE))]);
  await wren.press("Add");
  assert.match(await listed(wren).innerText(), /Plan\.pdf \(2\.0 MB\)/);
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(wren.complaints, []);
}

export const journeys = {
  "files come through a lost connection, are refused, taken off, and read by a judge": comeAndGo,
  "files come without JavaScript, and what is refused is explained": withoutAScript,
};
