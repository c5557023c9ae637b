// People, each with a browser of their own.

import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { faultsOn, show } from "./inspect.mjs";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);

const SESSION = "__Host-plaudit";
const WRITTEN = "__Host-plaudit-written";

export async function launch() {
  if (!CHROMIUM) throw new Error("chromium is not installed: make deps-pages");
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export class Person {
  constructor(house, context, page, email, name) {
    // `told` is how far the services had come in what was done elsewhere, if a page is to know of it.
    Object.assign(this, { house, context, page, email, name, told: null, silent: false, complaints: [] });
  }

  static async of(browser, house, email, name, { javaScriptEnabled = true } = {}) {
    const context = await browser.newContext({ javaScriptEnabled, baseURL: house.url, locale: "en-GB", timezoneId: "Europe/London" });
    const page = await context.newPage();
    const person = new Person(house, context, page, email, name);
    person.silent = !javaScriptEnabled;
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => person.complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      // A refusal is an answer, not a fault of the page.
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) person.complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(house.url) && !request.url().startsWith("data:"))
        person.complaints.push(`${page.url()} asks ${request.url()}`);
    });
    return person;
  }

  // With a session that was begun elsewhere.
  async enters(session) {
    await this.context.addCookies([{ name: SESSION, value: session, domain: "localhost", path: "/", secure: true, httpOnly: true, sameSite: "Lax" }]);
  }

  // How far each service had come in what this browser was answered.
  async written() {
    const kept = (await this.context.cookies()).find(({ name }) => name === WRITTEN)?.value ?? "";
    return new Map(kept.split("_").filter(Boolean).map((one) => one.split(".")).map(([service, at]) => [service, Number(at)]));
  }

  // Has heard of what others did, and so reads pages that know of it too.
  async hears(...others) {
    const furthest = await this.written();
    for (const other of others)
      for (const [service, at] of other) furthest.set(service, Math.max(at, furthest.get(service) ?? 0));
    const value = [...furthest].map((pair) => pair.join(".")).join("_");
    if (value) await this.context.addCookies([{ name: WRITTEN, value, domain: "localhost", path: "/", secure: true, httpOnly: true, sameSite: "Lax" }]);
  }

  async go(path) {
    if (this.told) await this.hears(this.told);
    return this.page.goto(path);
  }

  // Looks at the page as it stands: what is wrong with it is a complaint.
  async look() {
    const name = `${this.page.url()} “${await this.page.title()}”`;
    if (!this.silent) return this.complaints.push(...(await faultsOn(this.page, name)));
    // Where no script runs, nothing can look: at what was sent, elsewhere, with a policy that lets none of ours run.
    const page = await this.context.browser().newPage();
    const headers = [["content-type", "text/html; charset=utf-8"], ["content-security-policy", "script-src 'none'"]];
    await show(page, { url: this.page.url(), headers, text: await this.page.content() });
    this.complaints.push(...(await faultsOn(page, name)));
    await page.context().close();
  }

  async fill(label, value) {
    await this.page.getByLabel(label, { exact: true }).fill(value);
  }

  async tick(label) {
    await this.page.getByLabel(label, { exact: true }).check();
  }

  async press(name) {
    await this.arrive(() => this.page.getByRole("button", { name, exact: true }).click());
  }

  async follow(name) {
    await this.arrive(() => this.page.getByRole("link", { name, exact: true }).first().click());
  }

  // Does what leads to another page, and waits until it is there.
  async arrive(act) {
    const { page } = this;
    const arrived = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame());
    arrived.catch(() => {});
    await act();
    await arrived;
    await page.waitForLoadState();
  }

  heading() {
    return this.page.locator("h1").innerText();
  }

  async text() {
    return this.page.locator("main").innerText();
  }

  // By a code, from wherever they are to where that leads.
  async signIn(next = "/home") {
    const since = Date.now() - 1000;
    await this.go(`/sign-in?next=${encodeURIComponent(next)}`);
    await this.fill("Your email address", this.email);
    await this.press("Send me a code");
    await this.fill("The code", await this.house.code(this.email, since));
    await this.press("Continue");
    if (new URL(this.page.url()).pathname === "/account/name") {
      await this.fill("Your name", this.name);
      await this.press("Continue");
    }
  }
}
