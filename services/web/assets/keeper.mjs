// Keeps what somebody types: on this device at every keystroke, on the server
// once typing stops, and never over what somebody else has saved. Knows
// nothing of the page, so that it can be tried without one.

const PAUSE = 2_000;
const FIRST_RETRY = 3_000;
const LAST_RETRY = 60_000;
const PREFIX = "plaudit:kept:";

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// The mark that the server makes of a part: SHA-256 over names and values, each
// after its length.
export async function markOf(values) {
  if (!globalThis.crypto?.subtle) return null;
  const bytes = [];
  for (const text of values.flat()) {
    const encoded = new TextEncoder().encode(text);
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(encoded.length));
    bytes.push(...length, ...encoded);
  }
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return [...new Uint8Array(digest).slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What lies on this device of one form, whichever tab left it there.
export function keptOf(id, storage) {
  const found = [];
  for (let at = 0; at < storage.length; at += 1) {
    const key = storage.key(at);
    if (!key.startsWith(`${PREFIX}${id}:`)) continue;
    try {
      const entry = JSON.parse(storage.getItem(key));
      if (Array.isArray(entry.values)) found.push({ key, ...entry });
    } catch {
      // Somebody else's, or half of one.
    }
  }
  return found.sort((one, other) => other.at - one.at);
}

// Forgets everything of forms whose ids begin so.
export function forget(id, storage) {
  const keys = [];
  for (let at = 0; at < storage.length; at += 1) keys.push(storage.key(at));
  for (const key of keys) if (key.startsWith(PREFIX + id)) storage.removeItem(key);
}

export class Keeper {
  // `send(values, base, leaving)` answers { status, body }, or null if nothing
  // came back. `say(what, detail)` tells the person. `base`: the values that are
  // saved, or null; their version; and their marks.
  constructor({ id, tab, storage, base, send, say, later, now = Date.now, deviceOnly = false }) {
    Object.assign(this, { id, storage, base, send, say, later, now, deviceOnly });
    this.key = `${PREFIX}${id}:${tab}`;
    this.values = base.values;
    this.retry = FIRST_RETRY;
    this.sending = null;
    this.stopped = false;
    // Something was sent, and nothing heard of it.
    this.unsure = false;
  }

  // Whether something is here that the server does not have, or may not have.
  get dirty() {
    return !same(this.values, this.base.values) || this.unsure;
  }

  // What lies on this device, and neither is saved nor stands in the form: the
  // newest first. The rest is forgotten.
  offers() {
    const others = keptOf(this.id, this.storage).filter((entry) => entry.key !== this.key);
    const here = ({ values }) => same(values, this.base.values) || (this.kept && same(values, this.values));
    for (const entry of others) if (here(entry)) this.storage.removeItem(entry.key);
    return others.filter((entry) => !here(entry));
  }

  // Takes such an entry over: it is saved over what it was made from.
  restore(entry) {
    this.base = { ...this.base, version: entry.version, was: entry.was };
    this.stopped = false;
    this.typed(entry.values);
    this.storage.removeItem(entry.key);
    return this.flush();
  }

  discard(entry) {
    this.storage.removeItem(entry.key);
  }

  typed(values) {
    this.values = values;
    const kept = this.keep();
    if (this.deviceOnly) this.say(kept ? "device" : "nowhere");
    else if (!this.stopped) this.soon(PAUSE);
  }

  // On this device; false where it can't.
  keep() {
    if (!this.dirty && !this.sending) {
      this.storage.removeItem(this.key);
      return true;
    }
    const { version, was } = this.base;
    try {
      this.storage.setItem(this.key, JSON.stringify({ values: this.values, version, was, at: this.now() }));
      this.kept = true;
    } catch {
      this.kept = false;
    }
    return this.kept;
  }

  soon(after) {
    this.timer?.();
    this.timer = this.later(() => this.flush(), after);
  }

  // Each time later than before; what the person does meanwhile makes it no later.
  again() {
    this.timer?.();
    this.timer = this.later(() => {
      this.retry = Math.min(this.retry * 2, LAST_RETRY);
      return this.flush();
    }, this.retry);
  }

  // Saves now. Whoever leaves does not wait for what is under way.
  async flush(leaving = false) {
    if (this.deviceOnly || this.stopped || !this.dirty) return;
    if (this.sending && !leaving) return this.sending.then(() => this.flush());
    this.timer?.();
    this.sending = this.save(leaving);
    await this.sending;
  }

  async save(leaving) {
    const sent = this.values;
    const answering = this.send(sent, { ...this.base }, leaving);
    // It may arrive though its answer does not: what comes next may then go over it.
    const mark = await markOf(sent);
    if (mark && !this.base.was.includes(mark)) this.base.was = [...this.base.was, mark];
    if (this.dirty) this.keep();
    const answer = await answering;
    this.sending = null;
    this.unsure = answer === null;
    this.told(sent, answer);
  }

  told(sent, answer) {
    const { status = 0, body = {} } = answer ?? {};
    if (status === 200 && body.version) return this.saved(sent, body);
    const where = this.kept === false ? "nowhere" : null;
    if (status === 401) this.say(where ?? "signed-out");
    else if (status === 0 || status === 429 || status >= 500) this.say(where ?? "offline");
    else {
      this.stopped = true;
      this.say(["moved", "too-late", "call-closed"].includes(body.code) ? body.code : "refused", body.detail);
      return;
    }
    this.again();
  }

  saved(sent, { version, was, late, saved_at: at }) {
    this.base = { values: sent, version, was: [was] };
    this.retry = FIRST_RETRY;
    this.keep();
    this.say(late ? "late-kept" : "saved", at);
    if (this.dirty) this.soon(PAUSE);
  }
}
