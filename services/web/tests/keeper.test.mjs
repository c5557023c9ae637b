// node --test services/web/tests/

import assert from "node:assert/strict";
import { test } from "node:test";

import { left } from "../assets/countdown.mjs";
import { Keeper, forget, keptOf, markOf } from "../assets/keeper.mjs";

class Storage {
  #items = new Map();
  get length() { return this.#items.size; }
  key(at) { return [...this.#items.keys()][at] ?? null; }
  getItem(key) { return this.#items.get(key) ?? null; }
  setItem(key, value) { if (this.full) throw new Error("full"); this.#items.set(key, String(value)); }
  removeItem(key) { this.#items.delete(key); }
}

const text = (words) => [["answers.pitch", words]];

// A server with one text, which refuses to overwrite what a form was not made from.
class Server {
  saved = text("a");
  version = 1;
  up = true;
  async take(values, base) {
    if (this.status) return { status: this.status, body: { code: this.code } };
    if (!this.up) return null;
    const mark = await markOf(this.saved);
    if (JSON.stringify(values) !== JSON.stringify(this.saved)) {
      if (base.version !== this.version && !base.was.includes(mark)) return { status: 409, body: { code: "moved" } };
      this.saved = values;
      this.version += 1;
    }
    if (this.answersAreLost) return null;
    return { status: 200, body: { late: this.late, version: this.version, was: await markOf(this.saved), saved_at: "2026-11-23T14:03:00Z" } };
  }
}

async function tab(server, storage, name = "tab") {
  const said = [];
  const timers = [];
  const keeper = new Keeper({
    id: "draft/questions/pitch",
    tab: name,
    storage,
    base: { values: server.saved, version: server.version, was: [await markOf(server.saved)] },
    send: (...asked) => server.take(...asked),
    say: (what) => said.push(what),
    later: (act, after) => { const timer = { act, after }; timers.push(timer); return () => { timer.gone = true; }; },
  });
  return { keeper, said, timers, waiting: () => timers.filter((timer) => !timer.gone) };
}

test("every keystroke is on this device at once, and gone from it once saved", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const { keeper, said, waiting } = await tab(server, storage);
  keeper.typed(text("ab"));
  assert.deepEqual(keptOf("draft/questions/pitch", storage)[0].values, text("ab"));
  assert.equal(waiting().length, 1);
  assert.equal(waiting()[0].after, 2_000);
  await keeper.flush();
  assert.deepEqual(server.saved, text("ab"));
  assert.deepEqual(said, ["saved"]);
  assert.equal(storage.length, 0);
});

test("typing goes on while a save is under way, and nothing of it is lost", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const { keeper } = await tab(server, storage);
  keeper.typed(text("ab"));
  const saving = keeper.flush();
  keeper.typed(text("abc"));
  assert.deepEqual(keptOf("draft/questions/pitch", storage)[0].values, text("abc"));
  await saving;
  assert.deepEqual(keptOf("draft/questions/pitch", storage)[0].values, text("abc"));
  await keeper.flush();
  assert.deepEqual(server.saved, text("abc"));
  assert.equal(storage.length, 0);
});

test("offline it waits and tries again, later each time, and the words stay here", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const { keeper, said, waiting } = await tab(server, storage);
  server.up = false;
  keeper.typed(text("ab"));
  await keeper.flush();
  assert.equal(waiting().at(-1).after, 3_000);
  await waiting().at(-1).act();
  assert.deepEqual(said, ["offline", "offline"]);
  assert.equal(waiting().at(-1).after, 6_000);
  // Whoever goes from field to field meanwhile waits no longer for it.
  await keeper.flush();
  await keeper.flush();
  assert.equal(waiting().at(-1).after, 6_000);
  assert.equal(storage.length, 1);
  server.up = true;
  await keeper.flush();
  assert.deepEqual(server.saved, text("ab"));
});

test("a save whose answer got lost is not taken for somebody else's", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const { keeper, said } = await tab(server, storage);
  server.answersAreLost = true;
  keeper.typed(text("ab"));
  await keeper.flush();
  keeper.typed(text("abc"));
  server.up = false;
  await keeper.flush();
  Object.assign(server, { up: true, answersAreLost: false });
  keeper.typed(text("abcd"));
  await keeper.flush();
  assert.deepEqual(server.saved, text("abcd"));
  assert.equal(said.at(-1), "saved");
});

test("whoever takes words back that may have arrived takes them back there, too", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const { keeper } = await tab(server, storage);
  server.answersAreLost = true;
  keeper.typed(text("ab"));
  await keeper.flush();
  keeper.typed(text("a"));
  server.answersAreLost = false;
  await keeper.flush();
  assert.deepEqual(server.saved, text("a"));
  assert.equal(storage.length, 0);
});

test("the second of two tabs is told, and neither loses a word", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const one = await tab(server, storage, "one");
  const two = await tab(server, storage, "two");
  one.keeper.typed(text("from one"));
  await one.keeper.flush();
  two.keeper.typed(text("from two"));
  await two.keeper.flush();
  assert.deepEqual(two.said, ["moved"]);
  assert.deepEqual(server.saved, text("from one"));
  assert.deepEqual(keptOf("draft/questions/pitch", storage)[0].values, text("from two"));
  two.keeper.typed(text("from two, more"));
  await two.keeper.flush();
  assert.deepEqual(server.saved, text("from one"), "it does not try again by itself");
  assert.deepEqual(keptOf("draft/questions/pitch", storage)[0].values, text("from two, more"));
});

test("after the session ended it keeps, and goes on once somebody has signed in", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const { keeper, said } = await tab(server, storage);
  server.status = 401;
  keeper.typed(text("ab"));
  await keeper.flush();
  assert.deepEqual(said, ["signed-out"]);
  assert.equal(storage.length, 1);
  server.status = undefined;
  await keeper.flush();
  assert.deepEqual(server.saved, text("ab"));
});

test("a closed tab's words are offered, and saved over what they were made from only", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const closed = await tab(server, storage, "closed");
  server.up = false;
  closed.keeper.typed(text("unsaved"));
  await closed.keeper.flush(true);
  server.up = true;
  const next = await tab(server, storage, "next");
  const [entry] = next.keeper.offers();
  assert.deepEqual(entry.values, text("unsaved"));
  await next.keeper.restore(entry);
  assert.deepEqual(server.saved, text("unsaved"));
  assert.equal(storage.length, 0);

  server.up = false;
  next.keeper.typed(text("unsaved again"));
  await next.keeper.flush(true);
  Object.assign(server, { up: true, saved: text("a colleague's"), version: 9 });
  const last = await tab(server, storage, "last");
  await last.keeper.restore(last.keeper.offers()[0]);
  assert.deepEqual(server.saved, text("a colleague's"));
  assert.deepEqual(last.said, ["moved"]);
  assert.equal(keptOf("draft/questions/pitch", storage).length, 1);
});

test("what is saved by now is not offered", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const closed = await tab(server, storage, "closed");
  server.answersAreLost = true;
  closed.keeper.typed(text("saved after all"));
  await closed.keeper.flush(true);
  const next = await tab(server, storage, "next");
  assert.deepEqual(next.keeper.offers(), []);
  assert.equal(storage.length, 0);
});

test("what stands in the form already is not offered, and lies here once", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const first = await tab(server, storage, "first");
  first.keeper.typed(text("mine"));
  const { keeper } = await tab(server, storage, "compared");
  keeper.base.values = null;
  keeper.typed(text("mine"));
  assert.deepEqual(keeper.offers(), []);
  assert.equal(storage.length, 1);
});

test("a refusal and a passed deadline are said once, and the words stay", async () => {
  for (const code of ["too-late", "not-found"]) {
    const [server, storage] = [new Server(), new Storage()];
    const { keeper, said } = await tab(server, storage);
    Object.assign(server, { status: code === "not-found" ? 404 : 409, code });
    keeper.typed(text("ab"));
    await keeper.flush();
    await keeper.flush();
    assert.deepEqual(said, [code === "not-found" ? "refused" : code]);
    assert.equal(storage.length, 1);
  }
});

test("what comes late is kept there, word after word, and said to be late", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const { keeper, said } = await tab(server, storage);
  server.late = true;
  for (const words of ["ab", "abc"]) {
    keeper.typed(text(words));
    await keeper.flush();
    assert.deepEqual(server.saved, text(words));
  }
  assert.deepEqual(said, ["late-kept", "late-kept"]);
  assert.equal(storage.length, 0);
});

test("a device that is full is not said to keep anything", async () => {
  const [server, storage] = [new Server(), new Storage()];
  const { keeper, said } = await tab(server, storage);
  storage.full = true;
  server.up = false;
  keeper.typed(text("ab"));
  await keeper.flush();
  assert.deepEqual(said, ["nowhere"]);
});

test("one draft is forgotten, and no other", () => {
  const storage = new Storage();
  storage.setItem("plaudit:kept:one/names:t", "{}");
  storage.setItem("plaudit:kept:one/questions/pitch:t", "{}");
  storage.setItem("plaudit:kept:other/names:t", "{}");
  forget("one/", storage);
  assert.equal(storage.length, 1);
});

test("the mark is the server's", async () => {
  // As services/web/src/entrant/saving.rs has it.
  assert.equal(await markOf(text("Käse\n")), "f9df2ec0ec8ec3ea0338a5eb");
});

test("time left by its largest units", () => {
  for (const [seconds, said] of [
    [3 * 86_400 + 2 * 3_600, "3 days and 2 hours left"],
    [86_400, "24 hours left"],
    [7_260, "2 hours and 1 minute left"],
    [150, "2 minutes left"],
    [1.5, "1 second left"],
  ]) assert.equal(left(seconds), said);
});
