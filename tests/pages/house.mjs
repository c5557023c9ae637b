// A whole Plaudit of its own, on a free loopback port, gone when it stops.

import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PLAUDIT = process.env.PLAUDIT_BINARY ?? fileURLToPath(new URL("../../target/debug/plaudit", import.meta.url));

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export class House {
  constructor(data, port) {
    this.data = data;
    this.port = port;
    this.url = `http://localhost:${port}`;
  }

  static async start(environment = {}) {
    if (!existsSync(PLAUDIT)) throw new Error(`${PLAUDIT} is not there: cargo build -p plaudit`);
    const data = mkdtempSync(join(tmpdir(), "plaudit-pages-"));
    // PostgreSQL runs as another user where this one is root.
    chmodSync(data, 0o755);
    const house = new House(join(data, "data"), await freePort());
    house.parent = data;
    house.environment = environment;
    await house.up();
    return house;
  }

  async up() {
    const arguments_ = ["up", "--listen", `127.0.0.1:${this.port}`, "--data", this.data];
    const environment = { ...process.env, RUST_LOG: "warn", PLAUDIT_PUBLIC_URL: this.url, ...this.environment };
    this.process = spawn(PLAUDIT, arguments_, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    this.said = "";
    const said = (chunk) => (this.said = (this.said + chunk).slice(-20_000));
    this.process.stderr.on("data", said);
    this.ended = new Promise((done) => this.process.once("exit", done));
    await new Promise((done, failed) => {
      this.process.stdout.on("data", (chunk) => String(chunk).includes("answers at") && done());
      this.process.once("exit", (code) => failed(new Error(`plaudit ended with ${code}: ${this.said}`)));
    });
  }

  // As a power cut would end it.
  async kill() {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
    rmSync(this.parent, { recursive: true, force: true });
  }

  // The newest mails first.
  async mails(to) {
    const answer = await fetch(`${this.url}/dev/mail`, { headers: { accept: "application/json" } });
    const { items } = await answer.json();
    return items.filter((mail) => mail.to === to);
  }

  // Waits for a mail to an address whose subject matches.
  async mail(to, wanted, since = 0) {
    const until = Date.now() + 20_000;
    while (Date.now() < until) {
      const found = (await this.mails(to)).find(
        (mail) => Date.parse(mail.sent_at) >= since && wanted.test(mail.subject),
      );
      if (found) return found;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`no mail to ${to} is called ${wanted}`);
  }

  // The code of the last mail that has one.
  async code(to, since) {
    const { text } = await this.mail(to, /^Your code|^Confirm that it is you/, since);
    return /\b(\d{6})\b/.exec(text)[1];
  }
}
