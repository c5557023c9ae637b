// Pictures of every page that the sample prize passes, at two widths, by day
// and by night, in docs/screenshots.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Den } from "./den.mjs";
import { House } from "./house.mjs";
import { launch } from "./people.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const WIDTHS = [390, 1280];

class Photographer {
  constructor() {
    this.names = [];
  }

  async look(page, name) {
    const file = name.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "").toLowerCase();
    if (this.names.some((known) => known.file === file)) return;
    this.names.push({ name, file });
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

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const house = await House.start();
const browser = await launch();
const photographer = new Photographer();
try {
  await new Den(house, browser, photographer, { javaScriptEnabled: true }).play();
} finally {
  await browser.close();
  await house.stop();
}
const line = ({ name, file }) => `- ${name}: [phone](${file}-390-light.jpg), [by night](${file}-390-dark.jpg); [wide](${file}-1280-light.jpg), [by night](${file}-1280-dark.jpg)`;
writeFileSync(`${FOLDER}README.md`, `# Every page of the sample prize\n\nMade by \`make screenshots\`, in the order in which the sample passes them.\n\n${photographer.names.map(line).join("\n")}\n`);
console.log(`${photographer.names.length} pages, ${photographer.names.length * 4} pictures`);
