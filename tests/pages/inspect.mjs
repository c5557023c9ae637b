// What every page must be: accessible by day and by night, within 320 px,
// with targets that a finger meets, and valid.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export class Inspector {
  constructor() {
    this.seen = new Map();
    this.faults = [];
  }

  // Looks at a page as it stands. A page of the same name is looked at once.
  async look(page, name) {
    if (this.seen.has(name)) return;
    const size = page.viewportSize();
    this.seen.set(name, await page.content());
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const fault of await axe(page)) this.faults.push(`${name}, ${colorScheme}: ${fault}`);
    }
    await page.setViewportSize({ width: 320, height: 800 });
    for (const fault of await narrow(page)) this.faults.push(`${name}, at 320 px: ${fault}`);
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  }
}

// The policy of our pages lets no script in from outside; the debugger's own
// evaluation is not subject to it.
async function axe(page) {
  const result = await page.evaluate(
    `(() => { ${AXE}; return axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(TAGS)} } }); })()`,
  );
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
    const least = document.querySelector("[data-least-target]")?.dataset.leastTarget ?? 24;
    for (const target of document.querySelectorAll("button, input:not([type=hidden]), select, summary, textarea, [role=button], .govuk-button")) {
      const box = (target.labels?.[0]?.getBoundingClientRect().width && /radio|checkbox/.test(target.type) ? target.closest(".govuk-radios__item, .govuk-checkboxes__item, label, div") : target).getBoundingClientRect();
      if (box.width && box.height && (box.width < least || box.height < least))
        faults.push(`${target.tagName} ${target.name ?? target.textContent} is ${Math.round(box.width)} × ${Math.round(box.height)}`);
    }
    return faults;
  });
}
