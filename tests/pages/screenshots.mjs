// Pictures of every page, at two widths, by day and by night, in
// docs/screenshots: as the sample prize passes them, and what it doesn't pass as
// another prize has it.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Den } from "./den.mjs";
import { House } from "./house.mjs";
import { show } from "./inspect.mjs";
import { launch } from "./people.mjs";
import { asked, everything } from "./walls/pages.mjs";
import { PHASES, Play } from "./walls/play.mjs";
import { routes } from "./walls/routes.mjs";
import { Views } from "./walls/views.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const WIDTHS = [390, 1280];

class Photographer {
  constructor() {
    this.names = [];
    this.paths = new Set();
  }

  async look(page, name) {
    const file = name.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "").toLowerCase();
    if (this.names.some((known) => known.file === file)) return;
    this.names.push({ name, file });
    this.paths.add(new URL(page.url()).pathname);
    const before = page.viewportSize();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.screenshot({ path: `${FOLDER}${file}-${width}-${colorScheme}.jpg`, type: "jpeg", quality: 55, fullPage: true });
      }
    }
    await page.setViewportSize(before);
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  }
}

// What the sample doesn't pass: each page of another prize at its fullest.
async function theOthers() {
  const passed = (path) => [...photographer.paths].some((one) => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`).test(one));
  const pages = asked(routes().filter(({ method, path }) => method === "GET" && !passed(path)));
  const [play, views] = [new Play(house), new Views()];
  await play.signIn();
  for (const phase of PHASES) {
    await play.reach(phase);
    for (const { row, role, answer } of await everything(play, pages)) if (answer.status === 200) views.take(play, row, role, phase, answer);
  }
  const page = await browser.newPage();
  const taken = new Set();
  for (const view of views.distinct()) {
    if (taken.has(view.row.route.path)) continue;
    taken.add(view.row.route.path);
    await show(page, view);
    const title = (await page.title()).split(" – ")[0];
    const isKnown = photographer.names.some(({ name }) => name === title);
    await photographer.look(page, isKnown ? `${title}, as ${view.role} sees it` : title);
  }
  const without = pages.map(({ route }) => route.path).filter((path) => !taken.has(path));
  console.log(`No page of their own: ${[...new Set(without)].join(", ")}`);
}

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const house = await House.start();
const browser = await launch();
const photographer = new Photographer();
try {
  await new Den(house, browser, photographer, { javaScriptEnabled: true }).play();
  await theOthers();
} finally {
  await browser.close();
  await house.stop();
}
const line = ({ name, file }) => `- ${name}: [phone](${file}-390-light.jpg), [by night](${file}-390-dark.jpg); [wide](${file}-1280-light.jpg), [by night](${file}-1280-dark.jpg)`;
writeFileSync(`${FOLDER}README.md`, `# Every page\n\nMade by \`make screenshots\`: first in the order in which the sample prize passes them, then what it doesn’t pass, as another prize has it.\n\n${photographer.names.map(line).join("\n")}\n`);
console.log(`${photographer.names.length} pages, ${photographer.names.length * 4} pictures`);
