// node --test services/web/tests/

import assert from "node:assert/strict";
import { test } from "node:test";

import { PART, send } from "../assets/upload.mjs";

// A server that takes one file in parts, and a line that breaks where it is told to.
class Server {
  bytes = [];
  asked = [];
  lost = new Map();
  async ask(what, path, { offset, part, ...fields }) {
    this.asked.push(what);
    const trouble = this.lost.get(this.asked.length);
    if (trouble === "before") return null;
    const answer = await this.#answer(what, { offset, part, ...fields });
    return trouble === "after" ? null : answer;
  }
  async #answer(what, { offset, part, size }) {
    if (what === "announce") this.size = size;
    if (what === "part") {
      if (offset !== this.bytes.length) return { status: 409, body: { code: "offset-differs", detail: "" } };
      this.bytes = this.bytes.concat([...new Uint8Array(await part.arrayBuffer())]);
    }
    if (what === "complete" && this.bytes.length !== this.size) return { status: 409, body: { detail: "unfinished" } };
    if (what === "complete" && this.bytes[0] === 0x4d) return { status: 422, body: { detail: "This is no file that is taken here." } };
    return { status: 200, body: { id: "f", received: this.bytes.length } };
  }
}

const file = (size, first = 0x25) => {
  const bytes = Uint8Array.from({ length: size }, (_, at) => (at === 0 ? first : at % 251));
  return Object.assign(new Blob([bytes]), { name: "plan.pdf", bytes });
};

async function sent(server, of, begun) {
  const heard = { at: [], waits: 0, pauses: [] };
  const outcome = await send(of, begun, {
    ask: (...asked) => server.ask(...asked),
    at: (bytes) => heard.at.push(bytes),
    waits: () => { heard.waits += 1; },
    pause: async (wait) => { heard.pauses.push(wait); },
  });
  return { outcome, heard };
}

test("a file arrives whole, part by part", async () => {
  const [server, plan] = [new Server(), file(2 * PART + 5)];
  const { outcome, heard } = await sent(server, plan);
  assert.equal(outcome.refused, undefined);
  assert.deepEqual(Uint8Array.from(server.bytes), plan.bytes);
  assert.deepEqual(heard.at, [0, PART, 2 * PART, 2 * PART + 5]);
});

test("wherever the line breaks, before or after the server heard, it goes on and the file is whole", async () => {
  for (const when of ["before", "after"]) {
    for (let at = 1; at <= 5; at += 1) {
      const [server, plan] = [new Server(), file(2 * PART + 5)];
      server.lost.set(at, when);
      const { outcome, heard } = await sent(server, plan);
      assert.equal(outcome.refused, undefined, `${when} ${at}`);
      assert.deepEqual(Uint8Array.from(server.bytes), plan.bytes, `${when} ${at}`);
      assert.equal(heard.waits, 1);
    }
  }
});

test("a file that was begun before goes on from where it was", async () => {
  const [server, plan] = [new Server(), file(2 * PART)];
  server.size = plan.size;
  server.bytes = [...plan.bytes.slice(0, PART)];
  await sent(server, plan, { id: "f", received: PART });
  assert.deepEqual(server.asked, ["part", "complete"]);
  assert.deepEqual(Uint8Array.from(server.bytes), plan.bytes);
});

test("while parts get lost it waits longer and longer between them", async () => {
  const [server, plan] = [new Server(), file(5)];
  for (const at of [2, 4, 6]) server.lost.set(at, "before");
  const { heard } = await sent(server, plan);
  assert.deepEqual(heard.pauses, [1_000, 2_000, 4_000]);
  assert.deepEqual(Uint8Array.from(server.bytes), plan.bytes);
});

test("a refusal is said in the server's words, and not tried again", async () => {
  const { outcome } = await sent(new Server(), file(10, 0x4d));
  assert.equal(outcome.refused, "This is no file that is taken here.");
});
