// The formats of transparency logs (C2SP): signed notes, checkpoints, policies,
// cosignatures and proofs of inclusion.

import { bytesOf, bytesOfBase64, bytesOfHex, hexOf, wholeOf } from './bytes.mjs';
import { sha256 } from './sha256.mjs';

const ED25519 = 1;
const COSIGNATURE = 4;

/**
 * A key as `<name>+<id>+<base64>` writes it: `{ name, id, type, key }`, or null if
 * it is none, or its id is not that of its name and bytes.
 */
export function verifierKey(text) {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text);
  const bytes = parts && bytesOfBase64(parts[3]);
  if (!bytes || bytes.length !== 33) return null;
  const id = hexOf(sha256(bytesOf(`${parts[1]}\n`), bytes).subarray(0, 4));
  if (id !== parts[2]) return null;
  return { name: parts[1], id, type: bytes[0], key: bytes.subarray(1) };
}

/** `{ text, signatures: [{ name, id, signature, line }] }`, or null. */
export function readNote(note) {
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.endsWith('\n')) return null;
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return null;
  const lines = note.slice(split + 2, -1).split('\n');
  const signatures = lines.map((line) => {
    const parts = /^\u2014 ([^\s+]+) (\S+)$/.exec(line);
    const bytes = parts && bytesOfBase64(parts[2]);
    if (!bytes || bytes.length < 5) return null;
    return { name: parts[1], id: hexOf(bytes.subarray(0, 4)), signature: bytes.subarray(4), line };
  });
  return signatures.includes(null) ? null : { text: note.slice(0, split + 1), signatures };
}

/** `{ origin, size, root, text, signatures }` of a checkpoint, or null. */
export function readCheckpoint(source) {
  const note = readNote(source);
  const lines = note?.text.slice(0, -1).split('\n') ?? [];
  if (lines.length < 3 || lines.includes('')) return null;
  const [origin, digits, base64] = lines;
  const [size, root] = [wholeOf(digits), bytesOfBase64(base64)];
  return size === null || root?.length !== 32 ? null : { origin, size, root, root64: base64, ...note };
}

/** What a signature line signs, for a key of this type. */
export function signedBytes(checkpoint, { type }, { signature }) {
  if (type === ED25519) {
    return signature.length === 64 ? { message: bytesOf(checkpoint.text), signature, time: null } : null;
  }
  if (type !== COSIGNATURE || signature.length !== 72) return null;
  const view = new DataView(signature.buffer, signature.byteOffset);
  const time = view.getBigUint64(0);
  if (time >= 2n ** 63n) return null;
  const message = bytesOf(`cosignature/v1\ntime ${time}\n${checkpoint.text}`);
  return { message, signature: signature.subarray(8), time };
}

/**
 * A policy: `{ logs: [key], witnesses: Map(name → key), groups, quorum }`; throws a
 * RangeError with the line that is wrong.
 */
export function readPolicy(text) {
  const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null };
  for (const line of text.split('\n')) {
    const words = line.split(/[ \t]+/).filter(Boolean);
    if (words.length > 0 && !words[0].startsWith('#') && !readRule(policy, words)) throw new RangeError(line);
  }
  if (policy.quorum === null) throw new RangeError('quorum');
  return policy;
}

function readRule(policy, [rule, ...words]) {
  const { logs, witnesses, groups } = policy;
  const isDefined = (name) => witnesses.has(name) || groups.has(name);
  const isFree = (name) => name !== 'none' && !isDefined(name);
  const isNew = (key, keys) => key && ![...keys].some((other) => hexOf(other.key) === hexOf(key.key));
  if (rule === 'log' && (words.length === 1 || words.length === 2)) {
    const key = verifierKey(words[0]);
    return isNew(key, logs) && key.type === ED25519 && logs.push(key) > 0;
  }
  if (rule === 'witness' && (words.length === 2 || words.length === 3)) {
    const key = verifierKey(words[1]);
    const fits = isNew(key, witnesses.values()) && key.type === COSIGNATURE && isFree(words[0]);
    return fits && Boolean(witnesses.set(words[0], key));
  }
  if (rule === 'group' && words.length >= 3) {
    const [name, many, ...members] = words;
    const needed = { any: 1, all: members.length }[many] ?? wholeOf(many) ?? 0;
    const once = new Set(members).size === members.length && ![...groups.values()].some((group) => group.members.some((member) => members.includes(member)));
    const fits = isFree(name) && members.every(isDefined) && once && needed >= 1 && needed <= members.length;
    return fits && Boolean(groups.set(name, { needed, members }));
  }
  if (rule === 'quorum' && words.length === 1 && policy.quorum === null) {
    [policy.quorum] = words;
    return words[0] === 'none' || isDefined(words[0]);
  }
  return false;
}

/** Whether these witnesses are enough. */
export function isQuorum(policy, signed, name = policy.quorum) {
  if (name === 'none') return true;
  const group = policy.groups.get(name);
  if (!group) return signed.has(name);
  return group.members.filter((member) => isQuorum(policy, signed, member)).length >= group.needed;
}

/** `{ index, path, checkpoint }` of a proof of inclusion, or null. */
export function readProof(proof) {
  const split = proof.indexOf('\n\n');
  if (split < 0) return null;
  const lines = proof.slice(0, split).split('\n');
  if (lines.shift() !== 'c2sp.org/tlog-proof@v1') return null;
  if (lines[0]?.startsWith('extra ') && bytesOfBase64(lines.shift().slice(6)) === null) return null;
  const index = /^index (\d+)$/.exec(lines.shift() ?? '');
  const place = index && wholeOf(index[1]);
  const path = lines.map((line) => bytesOfBase64(line));
  const checkpoint = readCheckpoint(proof.slice(split + 2));
  if (place === null || !checkpoint || path.some((hash) => hash?.length !== 32)) return null;
  return { index: place, path, checkpoint };
}

/** Whether this browser can check Ed25519 signatures at all. */
export function canVerify() {
  // The first test of RFC 8032, section 7.1: the signature of nothing at all.
  const key = bytesOfHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  const signature = bytesOfHex(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  return isSignedBy(key, { message: new Uint8Array(), signature });
}

export async function isSignedBy(key, { message, signature }) {
  try {
    const { subtle } = globalThis.crypto;
    const imported = await subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    return await subtle.verify({ name: 'Ed25519' }, imported, signature, message);
  } catch {
    return false;
  }
}
