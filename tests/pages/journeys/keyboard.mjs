// With the keyboard alone: a pitch from its first question to its receipt, and
// a score sheet. Whatever has the focus is in sight.

import assert from "node:assert/strict";
import { CRITERIA } from "../stage.mjs";

// No page has more stops than this before what is looked for.
const MOST_STOPS = 60;

class Keys {
  constructor(person) {
    Object.assign(this, { person, keyboard: person.page.keyboard });
  }

  // What has the focus: what it is called, and what of it is hidden behind something else.
  focus() {
    return this.person.page.evaluate(() => {
      const one = document.activeElement;
      const label = [...(one.labels ?? [])].map((each) => each.innerText).join(" ");
      // A mark is a label's; what is seen of a radio is its label, too.
      const seen = /radio|checkbox/.test(one.type) ? (one.labels?.[0] ?? one) : one;
      // A link over several lines is where its first line is.
      const box = seen.getClientRects()[0] ?? seen.getBoundingClientRect();
      const middle = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
      const top = document.elementFromPoint(...middle);
      return {
        name: (one.getAttribute("aria-label") ?? (label || one.innerText)).trim().replace(/\s+/g, " "),
        field: one.name || one.getAttribute("href") || one.tagName,
        covered: !top || !(one.contains(top) || seen.contains(top) || top.contains(one)) ? `by ${top?.outerHTML.slice(0, 80)} at ${middle}` : "",
      };
    });
  }

  // Goes from stop to stop until one is called so, or is this field.
  async to(wanted) {
    const passed = [];
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      await this.keyboard.press("Tab");
      const { name, field, covered } = await this.focus();
      assert.equal(covered, "", `${name || field} has the focus and is covered`);
      if (wanted instanceof RegExp ? wanted.test(name) : field === wanted) return;
      passed.push(name || field);
    }
    assert.fail(`${wanted} is not reached at ${this.person.page.url()}: ${passed.join(", ")}`);
  }

  async press(key) {
    await this.keyboard.press(key);
  }

  async type(text) {
    await this.keyboard.type(text);
  }

  // By a button or a link to another page.
  async go(wanted) {
    await this.to(wanted);
    await this.person.arrive(() => this.press("Enter"));
  }
}

async function aPitch(stage) {
  const bronagh = await stage.person("Bronagh McAteer");
  const programme = await stage.call([bronagh]);
  const keys = new Keys(bronagh);
  // The first stop of a page leads past what every page begins with.
  await bronagh.go(programme.path("/enter"));
  await keys.press("Tab");
  assert.match((await keys.focus()).name, /^Skip to main content$/);
  await keys.press("Enter");
  await keys.to(/^Yes$/);
  await keys.press("Space");
  await keys.go(/^Begin your pitch/);
  const draft = new URL(bronagh.page.url()).pathname;
  await keys.go(/^Your team and your title/);
  await keys.to("title");
  await keys.type("Handover");
  await keys.press("Tab");
  await keys.type("Handover Co-op");
  await keys.go(/^Save and continue$/);
  for (const [question, words] of [["pitch", "Shops belong to those who work in them."], ["money", "A lawyer."]]) {
    await keys.to(`answers.${question}`);
    await keys.type(words);
    await keys.go(/^Save and continue$/);
  }
  await bronagh.go(`${draft}/rules`);
  await keys.to(/^We accept the rules/);
  await keys.press("Space");
  await keys.go(/^Save and continue$/);
  assert.equal(new URL(bronagh.page.url()).pathname, `${draft}/check`);
  await keys.go(/^Submit your pitch/);
  assert.match(await bronagh.text(), /receipt/i);
  assert.deepEqual(bronagh.complaints, []);
}

async function aScoreSheet(stage) {
  const [bronagh, ines] = await Promise.all([stage.person("Bronagh McAteer"), stage.person("Ines Duarte")]);
  const programme = await stage.call([bronagh]);
  const { id } = await programme.submit(bronagh, "Handover");
  await programme.judging(ines, [id]);
  const keys = new Keys(ines);
  for (const [width, second] of [[1280, "2"], [390, "4"]]) {
    await ines.page.setViewportSize({ width, height: 700 });
    await ines.go(programme.sheet(id));
    await keys.to(`marks.${CRITERIA[0]}`);
    // By digits, by arrows from where it stands, and a 10 in two digits.
    await keys.type("7");
    await keys.press("Tab");
    await keys.press("Space");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"]) await keys.press(key);
    await keys.press("Tab");
    await keys.type("10");
    await keys.to("comment_to_panel");
    await keys.press("ControlOrMeta+A");
    await keys.type("Ask about the lease.");
    await keys.go(/^Hand in/);
    const { scorecards } = await stage.ask(ines, "GET", `scoring${programme.path(`/rounds/final/scorecards/${id}`)}`);
    const card = scorecards.find(({ own }) => own);
    assert.deepEqual(CRITERIA.map((criterion) => card.marks[criterion]), ["7", second, "10"]);
    assert.equal(card.comment_to_panel, "Ask about the lease.");
  }
  assert.deepEqual(ines.complaints, []);
}

export const journeys = {
  "a pitch is entered with the keyboard alone": aPitch,
  "a score sheet is handed in with the keyboard alone, on a wide and on a narrow page": aScoreSheet,
};
