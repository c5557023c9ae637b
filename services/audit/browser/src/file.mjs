// Reading a bundle or a receipt: line by line, each one only as the rules allow it.

import { base64Of, bytesOf, bytesOfBase64, bytesOfHex, compareBytes, compareText, hexOf, sameBytes, textOf, timeOf, wholeOf } from './bytes.mjs';
import { isChecked, isId, nameOf, read } from './contracts.mjs';
import { readCheckpoint, readPolicy, readProof } from './note.mjs';
import { Sha256 } from './sha256.mjs';
import { leafHash } from './tree.mjs';

/** Why a file can't be read: a reason of the check `file`, with its parameters. */
export class Broken {
  constructor(reason, parameters) {
    Object.assign(this, { reason, parameters });
  }
}

// The longest line and the longest policy, checkpoint or proof there may be.
const MOST_BYTES = 1 << 20;
const MOST_LINES = 10_000;

/** Cuts bytes that come in pieces into lines, and hashes all but the last. */
class Lines {
  constructor(take) {
    Object.assign(this, { take, rest: [], hash: new Sha256(), last: null });
  }

  feed(piece) {
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      this.line(this.joined(piece.subarray(from, end + 1)));
      from = end + 1;
    }
    if (from < piece.length) this.rest.push(piece.slice(from));
  }

  joined(end) {
    if (this.rest.length === 0) return end;
    const pieces = [...this.rest, end];
    const line = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      line.set(piece, at);
      at += piece.length;
    }
    this.rest = [];
    return line;
  }

  line(bytes) {
    this.take(bytes.subarray(0, -1), this.hash);
    this.hash.update(bytes);
  }
}

/** Reads a file that is fed piece by piece; `finish` gives what it says. */
export class FileReader {
  constructor() {
    this.file = { kind: null, checkpoints: [], events: [], openings: [], withheld: [], before: null, proof: null, problems: [], broken: null };
    this.number = 0;
    this.offset = 0;
    this.done = false;
    this.broken = null;
    this.steps = this.whole();
    this.steps.next();
    this.lines = new Lines((line, hash) => this.take(line, hash));
  }

  feed(piece) {
    if (this.broken) return;
    this.lines.feed(piece);
    const { rest } = this.lines;
    if (rest.length > 0 && rest.reduce((length, part) => length + part.length, 0) > MOST_BYTES) this.tooLong();
  }

  finish() {
    if (this.broken) return this.file;
    if (this.lines.rest.length > 0) {
      // A last line without its newline: whatever it says, it is not whole.
      this.number += 1;
      this.break(this.done ? new Broken('after', {}) : new Broken('cut', { line: this.number, wanted: this.wanted }));
    } else if (!this.done) {
      this.break(new Broken('cut', { line: this.number + 1, wanted: this.wanted }));
    }
    return this.file;
  }

  break(problem) {
    this.broken = problem;
    this.file.broken = problem;
  }

  tooLong() {
    this.number += 1;
    this.break(this.done ? new Broken('after', {}) : this.wrong());
  }

  take(bytes, hash) {
    if (this.broken) return;
    this.number += 1;
    if (this.done) return this.break(new Broken('after', {}));
    this.bytes = bytes;
    this.hash = hash;
    try {
      const text = textOf(bytes);
      if (text === null || bytes.length > MOST_BYTES) throw this.wrong();
      this.done = this.steps.next(text).done;
    } catch (problem) {
      if (!(problem instanceof Broken)) throw problem;
      this.break(problem);
    }
    this.offset += bytes.length + 1;
    this.file.lines = this.number;
    return undefined;
  }

  wrong() {
    return new Broken('line', { line: this.number, wanted: this.wanted });
  }

  /** The next line, which must match; what is wanted is said if it doesn't. */
  *expect(wanted, reading) {
    this.wanted = wanted;
    const text = yield;
    const found = reading(text);
    if (found === null || found === undefined || found === false) throw this.wrong();
    return found;
  }

  *heading(word) {
    return yield* this.expect(word, (text) => countOf(text, word));
  }

  /** So many lines, verbatim. */
  *block(wanted, count) {
    const lines = [];
    for (let left = count; left > 0; left -= 1) {
      this.wanted = wanted;
      lines.push(`${yield}\n`);
    }
    return lines.join('');
  }

  *whole() {
    const { file } = this;
    file.kind = yield* this.expect('bundle', (text) => ({ 'plaudit.bundle/v1': 'bundle', 'plaudit.receipt/v1': 'receipt' })[text]);
    file.programme = yield* this.expect('programme', (text) => after(text, 'programme ', (id) => isId(id) && id));
    file.made = yield* this.expect('made', (text) => after(text, 'made ', (time) => time.endsWith('Z') && timeOf(time) !== null && time));
    yield* file.kind === 'bundle' ? this.bundle() : this.receipt();
    const own = yield* this.expect('end', (text) => after(text, 'end ', (hex) => hex.length === 64 && bytesOfHex(hex)));
    if (!sameBytes(own, this.hash.digest())) file.problems.push(new Broken('end', {}));
  }

  *bundle() {
    const { file } = this;
    file.audience = yield* this.expect('for', (text) => ({ 'for public': 'public', 'for auditors': 'auditors' })[text]);
    const next = yield* this.expect('policy', (text) => beforeOf(text) ?? countOf(text, 'policy'));
    if (typeof next === 'object') file.before = next;
    yield* this.policy(typeof next === 'object' ? yield* this.heading('policy') : next);
    yield* this.checkpoint(yield* this.heading('checkpoint'));
    let events = null;
    while (events === null) {
      const { more, count } = yield* this.expect('events', (text) => {
        const [checkpoint, held] = [countOf(text, 'checkpoint'), countOf(text, 'events')];
        return held !== null ? { more: false, count: held } : checkpoint !== null && { more: true, count: checkpoint };
      });
      if (more) yield* this.checkpoint(count);
      else events = count;
    }
    for (let left = events; left > 0; left -= 1) yield* this.event('');
    yield* this.openings();
    yield* this.withheld();
  }

  *receipt() {
    yield* this.policy(yield* this.heading('policy'));
    yield* this.event('event ');
    yield* this.openings();
    const proof = yield* this.block('proof', yield* this.heading('proof'));
    this.file.proof = readProof(proof);
    if (!this.file.proof) throw this.wrong();
    this.file.checkpoints.push(this.file.proof.checkpoint);
  }

  *policy(count) {
    const text = yield* this.block('policy', count);
    this.wanted = 'policy';
    if (/^[ \t]*(#|$)/m.test(text.slice(0, -1)) || text === '') throw this.wrong();
    this.file.policy = policyOf(text);
    if (!this.file.policy) throw this.wrong();
  }

  *checkpoint(count) {
    const checkpoint = readCheckpoint(yield* this.block('checkpoint', count));
    this.wanted = 'checkpoint';
    if (!checkpoint) throw this.wrong();
    this.file.checkpoints.push(checkpoint);
  }

  *event(prefix) {
    const parts = yield* this.expect('event', (text) => /^([a-z]+)\/([1-9][0-9]*)\t(.*)$/s.exec(after(text, prefix, (rest) => rest) ?? ''));
    const [, service, digits, text] = parts;
    const position = wholeOf(digits);
    if (position === null) throw this.wrong();
    const skip = prefix.length + service.length + digits.length + 2;
    const bytes = this.bytes.subarray(skip);
    const event = { at: `${service}/${position}`, service, position, line: this.number, from: this.offset + skip, length: bytes.length, leaf: leafHash(bytes) };
    readEvent(event, text, this.file, this.number);
    this.file.events.push(event);
  }

  *openings() {
    let last = null;
    const count = yield* this.heading('openings');
    if (this.file.audience === 'public' && count > 0) throw this.wrong();
    for (let left = count; left > 0; left -= 1) {
      const opening = yield* this.expect('opening', openingOf);
      if (last && compareBytes(last, opening.commitment) >= 0) throw this.wrong();
      last = opening.commitment;
      this.file.openings.push({ ...opening, key: base64Of(opening.commitment), line: this.number });
    }
  }

  *withheld() {
    let last = '';
    for (let left = yield* this.heading('withheld'); left > 0; left -= 1) {
      const held = yield* this.expect('field', (text) => {
        const parts = /^([A-Z][A-Za-z]*\.[a-z][a-z_]*)\t(.*)$/.exec(text);
        const count = parts && wholeOf(parts[2]);
        return count ? { field: parts[1], count } : null;
      });
      if (compareText(last, held.field) >= 0) throw this.wrong();
      last = held.field;
      this.file.withheld.push({ ...held, line: this.number });
    }
  }
}

function after(text, prefix, reading) {
  return text.startsWith(prefix) ? reading(text.slice(prefix.length)) : null;
}

function countOf(text, word) {
  const count = after(text, `${word} `, wholeOf);
  const isText = ['policy', 'checkpoint', 'proof'].includes(word);
  return isText && (count < 1 || count > MOST_LINES) ? null : count;
}

function beforeOf(text) {
  const parts = /^before (\S+) (\d+) (\S+)$/.exec(text);
  const root = parts && bytesOfBase64(parts[3]);
  const size = parts && wholeOf(parts[2]);
  return root?.length === 32 && size !== null ? { origin: parts[1], size, root } : null;
}

function policyOf(text) {
  try {
    return readPolicy(text);
  } catch (problem) {
    if (problem instanceof RangeError) return null;
    throw problem;
  }
}

function openingOf(text) {
  const parts = text.split('\t').map(bytesOfBase64);
  const [commitment, salt, content] = parts;
  if (parts.length !== 3 || parts.includes(null) || commitment.length !== 32 || salt.length !== 32) return null;
  return { commitment, salt, content };
}

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const PLACE = '(?:accounts|audit|awards|notify|panels|scoring|submissions)/(?:0|[1-9][0-9]{0,15})';
const PLACED = new Set(['accounts', 'audit', 'awards', 'notify', 'panels', 'scoring', 'submissions']);
const EVENT = new RegExp(
  `^\\{"specversion":"1\\.0","id":"${ID}","source":"([a-z]+)","type":"([a-z0-9_.]+\\.[A-Za-z0-9]+)","subject":"([a-z_]+)/(${ID})",` +
    `"time":"([^"\\\\]*)","version":([1-9][0-9]{0,15}),"programme":"(${ID})","actor":"(?:member/(${ID})|process/[a-z_]+)",` +
    `(?:"onbehalf":"${ID}",)?"command":"(${ID})",(?:"cause":"(${PLACE})",)?(?:"basis":"(${PLACE}(?:,${PLACE})*)",)?` +
    `"nonce":"[A-Za-z0-9+/]{22}","data":(\\{.*\\})\\}$`,
  's',
);

/** Reads an event's bytes into `event`; a problem is one of the file's. */
function readEvent(event, text, file, line) {
  const parts = EVENT.exec(text);
  const [, source, type, noun, id, said, version, programme, member, command, cause, basis, json] = parts ?? [];
  const time = parts && timeOf(said);
  const raw = parts && time !== null && source === event.service && PLACED.has(source) && Number.isSafeInteger(Number(version)) ? jsonOf(json) : null;
  const data = raw && readData(type, raw);
  if (!data) {
    file.problems.push(new Broken('event', { line }));
    return;
  }
  if (programme !== file.programme) {
    file.problems.push(new Broken('programme', { at: event.at, programme }));
    return;
  }
  const name = nameOf(type);
  const stream = `${noun}/${id}`;
  const attributes = { type, name, stream, noun, id, programme, time, version: Number(version), member: member ?? null, command };
  Object.assign(event, attributes, { isRead: true, cause: cause ?? null, basis: basis ?? '', json, raw, data });
}

function readData(type, json) {
  if (!isChecked(type)) return json;
  try {
    return read(type, json);
  } catch (problem) {
    if (problem instanceof RangeError) return null;
    throw problem;
  }
}

/** The object that this JSON writes, unless a name is written twice in it. */
function jsonOf(text) {
  try {
    const json = JSON.parse(text);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
    // Written back it is the same text, unless it has spaces, or a name twice.
    return JSON.stringify(json) === text || !repeats(text) ? json : null;
  } catch {
    return null;
  }
}

/** Whether some object in this JSON, which can be parsed, has a name twice. */
function repeats(text) {
  const open = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;
  let string = null;
  for (const [found] of text.matchAll(token)) {
    const names = open.at(-1);
    if (found === '{') open.push(new Set());
    else if (found === '[') open.push(null);
    else if (found === '}' || found === ']') open.pop();
    else if (found === ':') {
      if (names.has(string)) return true;
      names.add(string);
    } else if (found !== ',') string = JSON.parse(found);
  }
  return false;
}

/** The text of one member of an object, exactly as it stands there; of a list, of each item. */
export function memberText(text, name) {
  let depth = 0;
  let string = null;
  let from = -1;
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;
  for (const match of text.matchAll(token)) {
    const [found] = match;
    const ends = depth === 1 && (found === ',' || found === '}');
    if (ends && from >= 0) return text.slice(from, match.index).trim();
    if (found === '{' || found === '[') depth += 1;
    else if (found === '}' || found === ']') depth -= 1;
    else if (found === ':' && depth === 1) from = string === name ? match.index + 1 : -1;
    else if (found[0] === '"') string = JSON.parse(found);
  }
  return '';
}

export function itemTexts(text) {
  const items = [];
  let depth = 0;
  let from = 1;
  for (const { 0: found, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g)) {
    if (depth === 1 && (found === ',' || found === ']')) {
      items.push(text.slice(from, index).trim());
      from = index + 1;
    }
    if (found === '{' || found === '[') depth += 1;
    else if (found === '}' || found === ']') depth -= 1;
  }
  return items.filter(Boolean);
}
