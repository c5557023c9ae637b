// What this device still has to hand over: a record a score sheet, in the
// browser's own storage, until the server has said that it has it.
//
// A record is { at, action, title, fields, version, sheet, wanted, sending,
// refused, moved }: what is on the sheet, the versions that it was made from,
// what its judge asked for ("save", "hand-in" or nothing), the command on its
// way with its key, and why it can't go on. A command that may have arrived is
// sent again just as it was, so that it counts once.

const PREFIX = "plaudit.sheet/";

/** Where the sheets of one judge in one round are kept. */
export const drawer = ({ programme, round, member }) => `${PREFIX}${programme}/${round}/${member}/`;

/** The names of all records that begin so. */
export function names(prefix) {
  const found = [];
  try {
    for (let at = 0; at < localStorage.length; at += 1) {
      const name = localStorage.key(at);
      if (name.startsWith(prefix)) found.push(name);
    }
  } catch {
    // A browser that keeps nothing has nothing.
  }
  return found;
}

export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** Whether it is kept. */
export function write(name, record) {
  try {
    localStorage.setItem(name, JSON.stringify(record));
    return true;
  } catch {
    return false;
  }
}

export function remove(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Then it was never there.
  }
}

/** Runs something while no other tab works on this record; `false` if one does. */
export async function alone(name, work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : false));
}

/** Holds a record for as long as this page lives. */
export function hold(name) {
  return new Promise((held) => {
    if (!navigator.locks) held(true);
    else navigator.locks.request(name, { ifAvailable: true }, (lock) => (held(Boolean(lock)), lock ? new Promise(() => {}) : undefined));
  });
}

export const same = (one, other) => {
  const said = (fields) => Object.entries(fields).filter(([, value]) => value.trim() !== "").map(([name, value]) => `${name}=${value.trim()}`).sort().join("\n");
  return said(one) === said(other);
};

const newKey = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
};

/** Sends what a record asks for, one command. `update` changes the record,
 *  which may have been typed into meanwhile. Answers "idle", "saved",
 *  "handed-in", "waiting", "signed-out", "refused" or "moved". */
export async function step(member, record, update) {
  if (!record.sending) {
    if (!record.wanted || record.refused || record.moved) return { state: "idle" };
    const sending = { key: newKey(), does: record.wanted, fields: record.fields, version: record.version, sheet: record.sheet };
    update((record) => { record.sending = sending; });
    record = { ...record, sending };
  }
  const { sending } = record;
  const body = new URLSearchParams({ ...sending.fields, _key: sending.key, _version: sending.version, _sheet: sending.sheet, _member: member, do: sending.does });
  let response, answer;
  try {
    response = await fetch(record.action, { method: "POST", body, headers: { accept: "application/json" }, signal: AbortSignal.timeout(20000) });
    answer = await response.json();
  } catch {
    return { state: "waiting" };
  }
  return settle(sending, response.status, answer, update);
}

function settle(sending, status, answer, update) {
  const done = (change) => update((record) => {
    record.sending = null;
    change(record);
  });
  if (status === 200 && answer.handed_in) {
    done((record) => {
      Object.assign(record, { version: 0, sheet: answer.sheet });
      record.wanted = same(record.fields, sending.fields) ? null : "save";
    });
    return { state: "handed-in", next: answer.next };
  }
  if (status === 200 && answer.saved !== undefined) {
    done((record) => {
      record.version = answer.saved;
      // Asked for meanwhile: hand it in. Typed meanwhile: save once more.
      if (record.wanted !== "hand-in" || sending.does === "hand-in") {
        record.wanted = same(record.fields, sending.fields) ? null : "save";
      }
    });
    return { state: "saved" };
  }
  if (status === 401) return { state: "signed-out", says: answer.refused };
  if (status === 412 && answer.moved) {
    done((record) => { record.moved = answer.moved; });
    return { state: "moved" };
  }
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    done((record) => {
      record.refused = answer.refused;
      record.wanted = null;
    });
    return { state: "refused", says: answer.refused };
  }
  return { state: "waiting" };
}

/** Sends what closed tabs left behind, and answers how many sheets wait still. */
export async function sendLeft(prefix, member, except) {
  let waiting = 0;
  for (const name of names(prefix).filter((name) => name !== except)) {
    await alone(name, async () => {
      const update = (change) => {
        const record = read(name);
        if (!record) return;
        change(record);
        write(name, record);
      };
      for (let tries = 0; tries < 4; tries += 1) {
        const record = read(name);
        if (!record || (!record.wanted && !record.sending)) break;
        const { state } = await step(member, record, update);
        if (state === "waiting" || state === "signed-out") waiting += 1;
        if (state !== "saved" && state !== "handed-in") break;
      }
      const record = read(name);
      if (record && !record.wanted && !record.sending && !record.refused && !record.moved) remove(name);
    });
  }
  return waiting;
}
