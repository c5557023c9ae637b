// The W3C's own checker of HTML, which runs on Java.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

// The design system's own markup of a date, which its fixtures hold us to.
const THEIRS = /The “group” role is unnecessary for element “fieldset”/;

// What is wrong with pages, each by its name.
export function faultsOf(pages) {
  const folder = mkdtempSync(join(tmpdir(), "plaudit-html-"));
  const names = [...pages.keys()];
  names.forEach((name, at) => writeFileSync(join(folder, `${at}.html`), pages.get(name)));
  const jar = join(dirname(require.resolve("vnu-jar/package.json")), "build/dist/vnu.jar");
  const ran = spawnSync("java", ["-Xss1m", "-jar", jar, "--format", "json", "--stdout", folder], { maxBuffer: 1 << 28 });
  rmSync(folder, { recursive: true, force: true });
  if (ran.error) throw ran.error;
  const { messages } = JSON.parse(ran.stdout.toString());
  return messages
    .filter(({ type, subType, message }) => (type === "error" || subType === "warning") && !THEIRS.test(message))
    .map(({ url, message, extract }) => `${names[Number(/(\d+)\.html$/.exec(url)?.[1])]}: ${message} (${extract?.trim()})`);
}
