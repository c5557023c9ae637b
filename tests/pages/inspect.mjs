// What every page must be: accessible by day and by night, within 320 px,
// with targets that a finger meets, a focus that is seen, and valid.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const EVERYTHING = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
// All that is another by night.
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

export class Inspector {
  constructor() {
    this.seen = new Map();
    this.faults = [];
  }

  // Looks at a page as it stands. A page of the same name is looked at once.
  async look(page, name) {
    if (this.seen.has(name)) return;
    this.seen.set(name, await page.content());
    this.faults.push(...(await faultsOn(page, name)));
  }
}

// Shows a page in another browser, as it was answered somewhere; or with a policy of its own.
export async function show(page, { url, status = 200, headers, text }) {
  const kept = Object.fromEntries([...headers].filter(([name]) => /^(content-type|content-security-policy)$/.test(name)));
  await page.route(url, (route) => route.fulfill({ status, headers: kept, body: text }), { times: 1 });
  await page.goto(url);
}

// What is wrong with a page as it stands.
export async function faultsOn(page, name) {
  const [size, faults] = [page.viewportSize(), []];
  for (const [colorScheme, rules] of [["light", EVERYTHING], ["dark", COLOURS]]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const fault of [...(await axe(page, rules)), ...(await unseen(page))]) faults.push(`${name}, ${colorScheme}: ${fault}`);
  }
  await page.setViewportSize({ width: 320, height: 800 });
  for (const fault of await narrow(page)) faults.push(`${name}, at 320 px: ${fault}`);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return faults;
}

// The policy of our pages lets no script in from outside; the debugger's own
// evaluation is not subject to it.
async function axe(page, runOnly) {
  const result = await page.evaluate(`(() => { if (!window.axe) { ${AXE} } return axe.run(document, { runOnly: ${JSON.stringify(runOnly)}, resultTypes: ["violations"] }); })()`);
  return result.violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; ")})`,
  );
}

function narrow(page) {
  return page.evaluate(() => {
    const faults = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const wide = [...document.querySelectorAll("body *")].filter(
        (one) => one.getBoundingClientRect().right > clientWidth + 1 && !one.closest(".plaudit-scroll"),
      );
      faults.push(`scrolls sideways by ${scrollWidth - clientWidth}: ${wide.slice(0, 3).map((one) => one.tagName + "." + one.className)}`);
    }
    // A page that is used in a hurry, with a thumb, says how large its targets are; there links count too.
    const said = document.querySelector("[data-least-target]")?.dataset.leastTarget;
    const [least, links] = said ? [Number(said), ", a[href]:not(.govuk-skip-link)"] : [24, ""];
    for (const target of document.querySelectorAll(`button, input:not([type=hidden]), select, summary, textarea, [role=button], .govuk-button${links}`)) {
      const box = (target.labels?.[0]?.getBoundingClientRect().width && /radio|checkbox/.test(target.type) ? target.closest(".govuk-radios__item, .govuk-checkboxes__item, label, div") : target).getBoundingClientRect();
      if (box.width && box.height && (box.width < least || box.height < least))
        faults.push(`${target.tagName} ${target.name || target.textContent} is ${Math.round(box.width)} × ${Math.round(box.height)}`);
    }
    return faults;
  });
}

// Whatever can have the focus looks different when it has: by an outline, a
// shadow or an edge, its own or that of the label which stands for it.
async function unseen(page) {
  // From a key on, the browser shows the focus as it does to those who use keys.
  await page.keyboard.press("Tab");
  return page.evaluate(() => {
    const outlined = ({ outlineStyle, outlineWidth, outlineColor }) =>
      outlineStyle !== "none" && parseFloat(outlineWidth) > 0 && !/^rgba\(.*, 0\)$/.test(outlineColor) && `${outlineWidth} ${outlineColor}`;
    const looks = (one) =>
      [one, one.nextElementSibling, ...(one.labels ?? [])]
        .filter(Boolean)
        .flatMap((part) => [null, "::before", "::after"].map((pseudo) => getComputedStyle(part, pseudo)))
        .map((style) => `${outlined(style)} ${style.boxShadow} ${style.borderBottom}`)
        .join();
    const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']");
    const faults = [];
    for (const one of all) {
      if (one.disabled || !one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) continue;
      document.activeElement.blur();
      const before = looks(one);
      one.focus({ preventScroll: true });
      if (document.activeElement === one && looks(one) === before)
        faults.push(`nobody sees that ${one.tagName} ${one.name || one.textContent.trim() || one.className} has the focus`);
    }
    document.activeElement.blur();
    return faults;
  });
}
