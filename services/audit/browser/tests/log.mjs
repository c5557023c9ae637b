// Makes logs, bundles and receipts from stored events, by docs/trail.md, with
// keys of its own. It is the tests' own maker: nothing here is shared with src/.

import './runtime.mjs';
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const sha256 = (...pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest();
const leafOf = (entry) => sha256(Buffer.of(0), entry);
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const COSIGNATURE = 4;

/** A signing key whose seed is the hash of its name: the same in every run. */
export function keyOf(name, type = 1) {
  const seed = sha256(`a key for tests: ${name}`);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const bytes = Buffer.concat([Buffer.of(type), raw]);
  const id = sha256(`${name}\n`, bytes).subarray(0, 4);
  return { name, key, id, vkey: `${name}+${id.toString('hex')}+${bytes.toString('base64')}`, type };
}

/** Events as the lines `service/position TAB event`. */
export function readLines(text) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [at, bytes] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)];
      const [service, position] = at.split('/');
      return { at, service, position: Number(position), bytes, event: JSON.parse(bytes) };
    });
}

export function fixture(name) {
  return readLines(readFileSync(new URL(`../../verifier/tests/data/${name}`, import.meta.url), 'utf8'));
}

/** One programme's events in an order that a log may have: nothing before what it knew. */
export function merged(lines) {
  const queues = new Map();
  for (const line of lines) queues.set(line.service, [...(queues.get(line.service) ?? []), line]);
  const taken = new Set();
  const left = new Map([...queues].map(([service, queue]) => [service, queue.map((line) => line.position)]));
  const isIn = (place, exactly) => {
    const [service, position] = place.split('/');
    if (exactly) return taken.has(place);
    return !(left.get(service)?.[0] <= Number(position));
  };
  const log = [];
  while (log.length < lines.length) {
    const ready = [...queues.values()].filter(([line]) => {
      const { cause, basis = '' } = line?.event ?? {};
      return line && (!cause || isIn(cause, true)) && basis.split(',').every((place) => !place || isIn(place, false));
    });
    if (ready.length === 0) throw new Error('these events wait for one another');
    const [queue] = ready.sort(([a], [b]) => (a.event.time < b.event.time ? -1 : 1));
    const line = queue.shift();
    left.get(line.service).shift();
    taken.add(line.at);
    log.push(line);
  }
  return log;
}

export function rootOf(leaves) {
  if (leaves.length === 0) return sha256();
  let level = leaves;
  // Pairs from the left; a node without a partner goes up as it is.
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < level.length; at += 2) above.push(sha256(Buffer.of(1), level[at], level[at + 1]));
    if (level.length % 2 === 1) above.push(level.at(-1));
    level = above;
  }
  return level[0];
}

function pathOf(index, leaves) {
  if (leaves.length === 1) return [];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - half, right), rootOf(left)];
}

export function checkpointOf({ origin, leaves, key, witnesses = [], time = 1_790_000_000 }) {
  const text = `${origin}\n${leaves.length}\n${rootOf(leaves).toString('base64')}\n`;
  const line = (by, signature) => `— ${by.name} ${Buffer.concat([by.id, signature]).toString('base64')}\n`;
  const cosigned = witnesses.map((by) => {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(BigInt(time));
    return line(by, Buffer.concat([stamp, sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), by.key)]));
  });
  return `${text}\n${line(key, sign(null, Buffer.from(text), key.key))}${cosigned.join('')}`;
}

export function witnessOf(name) {
  return keyOf(name, COSIGNATURE);
}

const linesIn = (text) => text.split('\n').length - 1;
const section = (word, text) => `${word} ${linesIn(text)}\n${text}`;

function ended(text) {
  return `${text}end ${sha256(text).toString('hex')}\n`;
}

/** All that a log needs: who signs, under which policy, at which sizes. */
export function logOf(log, { sizes = [], witnesses = [], policy, programme = log[0].event.programme, host = 'prizes.example.org' } = {}) {
  const origin = `${host}/log/${programme}`;
  const key = keyOf(origin);
  const leaves = log.map((line) => leafOf(line.bytes));
  const names = witnesses.map((by) => by.name.split('/').at(-1));
  const named = witnesses.map((by, index) => `witness ${names[index]} ${by.vkey}\n`).join('');
  const group = witnesses.length > 1 ? `group seen any ${names.join(' ')}\n` : '';
  const own = `log ${key.vkey}\n${named}${group}quorum ${group ? 'seen' : (names[0] ?? 'none')}\n`;
  const at = (size) => checkpointOf({ origin, leaves: leaves.slice(0, size), key, witnesses });
  return { programme, origin, key, leaves, log, policy: policy ?? own, checkpoints: [...sizes, log.length].map(at) };
}

const byCommitment = (a, b) => Buffer.compare(Buffer.from(a.commitment, 'base64'), Buffer.from(b.commitment, 'base64'));
const openingsOf = (openings) =>
  [...openings].sort(byCommitment).map(({ commitment, salt, content }) => `${commitment}\t${salt}\t${content}\n`).join('');

export function bundleOf(made, { openings = [], withheld = '', audience = 'public', before = '' } = {}) {
  const events = made.log.map((line) => `${line.at}\t${line.bytes}\n`).join('');
  return ended(
    `plaudit.bundle/v1\nprogramme ${made.programme}\nmade 2026-11-23T09:00:00Z\nfor ${audience}\n${before}` +
      section('policy', made.policy) +
      made.checkpoints.map((note) => section('checkpoint', note)).join('') +
      section('events', events) +
      section('openings', openingsOf(openings)) +
      section('withheld', withheld),
  );
}

export function receiptOf(made, at, openings) {
  const index = made.log.findIndex((line) => line.at === at);
  const path = pathOf(index, made.leaves).map((hash) => `${hash.toString('base64')}\n`);
  const proof = `c2sp.org/tlog-proof@v1\nindex ${index}\n${path.join('')}\n${made.checkpoints.at(-1)}`;
  return ended(
    `plaudit.receipt/v1\nprogramme ${made.programme}\nmade 2026-11-23T09:00:00Z\n` +
      section('policy', made.policy) +
      `event ${at}\t${made.log[index].bytes}\n` +
      section('openings', openingsOf(openings)) +
      section('proof', proof),
  );
}

/** What stays closed: every seal of these events that is neither shown nor revealed, by field. */
export function withheldOf(log, openings = []) {
  const open = new Set(openings.map((opening) => opening.commitment));
  for (const { event } of log) if (event.type.endsWith('.ScorecardUnsealed')) open.add(event.data.commitment);
  const counts = new Map();
  for (const { event } of log) {
    const name = event.type.split('.').at(-1);
    for (const field of SEALED[name] ?? []) {
      const commitment = event.data[field.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase())];
      if (commitment && !open.has(commitment)) counts.set(`${name}.${field}`, (counts.get(`${name}.${field}`) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, count]) => `${field}\t${count}\n`).join('');
}

const SEALED = Object.fromEntries(
  Object.entries({
    submissions: ['ProgrammeDrafted', 'OrganiserConflictDeclared', 'RulebookPublished', 'RulebookAmended', 'PitchSubmitted', 'PitchQueried', 'QueryAnswered', 'PitchScreened'],
    panels: ['InterestsListed', 'InterestDeclared', 'JudgeRecused'],
    scoring: ['ScorecardSealed', 'CommentReworded', 'ScorecardAbstained', 'PitchRanked', 'ResultDeclared'],
    awards: ['PayeeNamed', 'AgreementRecorded', 'PayoutSent', 'SupportPledged', 'SupportDelivered'],
  }).flatMap(([service, names]) => {
    const source = readFileSync(new URL(`../../../../proto/plaudit/${service}/v1/events.proto`, import.meta.url), 'utf8');
    return names.map((name) => {
      const body = new RegExp(`^message ${name} \\{([\\s\\S]*?)^\\}`, 'm').exec(source)[1];
      return [name, [...body.matchAll(/bytes (\w+) = \d+ \[\(plaudit.v1.sealed\)/g)].map(([, field]) => field)];
    });
  }),
);
