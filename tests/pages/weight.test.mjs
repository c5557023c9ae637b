// What must stay small, and what must work without a mouse.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House } from "./house.mjs";
import { launch } from "./people.mjs";
import { CRITERIA, ROUND, Stage, entry } from "./stage.mjs";

const KB = 1_000;
const PUBLIC_MOST = 60 * KB;
const SHEET_MOST = 90 * KB;
// A pitch that says all it may, in words that compress worse than anybody's.
const WORDS = Array.from({ length: 600 }, (_, at) => ((at * 2_654_435_761) % 2 ** 32).toString(36)).join(" ");

let house, browser, stage, open, judged, pitch, ines;

before(async () => {
  [house, browser] = await Promise.all([House.start(), launch()]);
  stage = new Stage(house, browser);
  const wren = await stage.person("Wren Ellery");
  ines = await stage.person("Ines Duarte");
  open = await stage.call([wren]);
  judged = await stage.call([wren]);
  const long = { ...entry("Handover"), answers: { pitch: WORDS.slice(0, 2_500), money: WORDS.slice(0, 800) } };
  ({ id: pitch } = await judged.of(wren, "pitches", long));
  await judged.judging(ines, [pitch]);
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

// A first visit, with nothing in the cache: what comes over the wire, headers included.
async function visit(path, cookies = [], slowness = 1) {
  const context = await browser.newContext({ baseURL: house.url, viewport: { width: 390, height: 844 } });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  const [weights, addresses] = [new Map(), new Map()];
  wire.on("Network.requestWillBeSent", ({ requestId, request }) => addresses.set(requestId, request.url));
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => weights.set(addresses.get(requestId), encodedDataLength));
  await wire.send("Network.enable");
  await wire.send("Emulation.setCPUThrottlingRate", { rate: slowness });
  const answer = await page.goto(path, { waitUntil: "networkidle", timeout: 60_000 });
  assert.equal(answer.status(), 200, path);
  assert.equal(new URL(page.url()).pathname, path);
  const paint = await page.evaluate(() => new Promise((painted) => {
    const seen = (list) => list.getEntriesByName("first-contentful-paint").forEach((entry) => painted(Math.round(entry.startTime)));
    new PerformanceObserver(seen).observe({ type: "paint", buffered: true });
  }));
  await context.close();
  const sent = [...addresses.values()].filter((address) => !address.startsWith("data:"));
  return { paint, weights, elsewhere: sent.filter((address) => !address.startsWith(`${house.url}/`)) };
}

async function weigh(test, name, most, path, cookies) {
  const { weights, elsewhere } = await visit(path, cookies);
  const total = [...weights.values()].reduce((sum, bytes) => sum + bytes, 0);
  const parts = [...weights].map(([address, bytes]) => `${new URL(address).pathname.split("/").pop()} ${bytes}`);
  test.diagnostic(`${name}: ${total} bytes (${parts.join(", ")})`);
  assert.deepEqual(elsewhere, [], "third-party requests");
  assert.ok(weights.size > 2, "no style and no script was weighed");
  assert.ok(total < most, `${name} weighs ${total} bytes, more than ${most}: ${parts.join(", ")}`);
  // Reported and not asserted: how fast this machine is says nothing of the page.
  const { paint } = await visit(path, cookies, 4);
  test.diagnostic(`${name}: first paint after ${paint} ms at a quarter of the speed`);
}

test("the public page of an open programme weighs less than 60 KB", async (test) => {
  await weigh(test, "public page", PUBLIC_MOST, open.path());
});

test("a score sheet weighs less than 90 KB", async (test) => {
  await weigh(test, "score sheet", SHEET_MOST, judged.sheet(pitch), await ines.context.cookies());
});

// In the page: numbers whatever can be operated, and remembers how it looks
// while it has no focus. The choices of one question are one stop.
function numbered() {
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const looks = (one) => {
    const around = [one, one.nextElementSibling, one.closest("label"), ...(one.labels ?? [])].filter(Boolean);
    return around.flatMap((part) => [null, "::before", "::after"].map((pseudo) => {
      const { outline, outlineOffset, boxShadow, backgroundColor, border, textDecoration } = getComputedStyle(part, pseudo);
      return [outline, outlineOffset, boxShadow, backgroundColor, border, textDecoration].join();
    })).join("|");
  };
  document.activeElement?.blur();
  const stops = new Map();
  for (const one of document.querySelectorAll(kinds)) {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) continue;
    const group = one.type === "radio" ? `radio ${one.name}` : one;
    if (!stops.has(group)) stops.set(group, `${one.tagName} ${one.name || one.textContent.trim() || one.getAttribute("aria-label")}`);
  }
  const before = new Map([...document.querySelectorAll(kinds)].map((one) => [one, looks(one)]));
  const groups = [...stops.keys()];
  globalThis.focused = () => {
    const one = document.activeElement;
    const at = groups.indexOf(one.type === "radio" ? `radio ${one.name}` : one);
    return { at, visible: before.get(one) !== looks(one) };
  };
  return [...stops.values()];
}

async function reachable(page) {
  const stops = await page.evaluate(numbered);
  const [reached, hidden] = [new Set(), new Set()];
  for (let press = 0; press < stops.length + 5; press++) {
    await page.keyboard.press("Tab");
    const { at, visible } = await page.evaluate("focused()");
    if (at < 0) continue;
    reached.add(at);
    if (!visible) hidden.add(stops[at]);
  }
  assert.deepEqual(stops.filter((_, at) => !reached.has(at)), [], "not reached by Tab");
  assert.deepEqual([...hidden], [], "focus cannot be seen");
  return stops;
}

test("everything on the sign-in page is reached by Tab, with a visible focus", async () => {
  const context = await browser.newContext({ baseURL: house.url, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto("/sign-in");
  const stops = await reachable(page);
  assert.ok(stops.some((stop) => /Send me a code/.test(stop)), stops.join(", "));
  await context.close();
});

test("everything on a score sheet is reached by Tab, with a visible focus", async () => {
  await ines.page.emulateMedia({ reducedMotion: "reduce" });
  await ines.go(judged.sheet(pitch));
  const stops = await reachable(ines.page);
  for (const name of [...CRITERIA.map((id) => `marks.${id}`), "comment_to_panel", "comment_to_entrant", "do"])
    assert.ok(stops.some((stop) => stop.includes(name)), `${name}: ${stops.join(", ")}`);
});

test("a score sheet is marked and handed in with the keyboard alone", async () => {
  const { page } = ines;
  await ines.go(judged.sheet(pitch));
  const focus = async (name, value) => {
    for (let press = 0; press < 60; press++) {
      const found = await page.evaluate(() => [document.activeElement.name, document.activeElement.value]);
      if (found[0] === name && (value === undefined || found[1] === value)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${name} is not reached by Tab`);
  };
  const mark = (id) => page.locator(`[name="marks.${id}"]:checked`).inputValue();
  await focus("marks.innovation");
  await page.keyboard.press("Space");
  for (let press = 0; press < 7; press++) await page.keyboard.press("ArrowRight");
  assert.equal(await mark("innovation"), "7");
  await focus("marks.plan");
  await page.keyboard.press("8");
  assert.equal(await mark("plan"), "8");
  await focus("marks.people");
  await page.keyboard.press("9");
  assert.equal(await mark("people"), "9");
  await focus("comment_to_panel");
  await page.keyboard.type("By the keyboard.");
  await focus("comment_to_entrant");
  await page.keyboard.type("Ask your members.");
  await focus("do", "hand-in");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== judged.sheet(pitch));
  const { scorecards } = await stage.ask(ines, "GET", `scoring/programmes/${judged.id}/rounds/${ROUND}/scorecards/${pitch}`);
  const { status, marks, comment_to_panel, comment_to_entrant } = scorecards.find(({ own }) => own);
  assert.deepEqual([status, comment_to_panel, comment_to_entrant], ["sealed", "By the keyboard.", "Ask your members."]);
  assert.deepEqual(CRITERIA.map((id) => marks[id]), ["7", "8", "9"]);
});
