// The log itself: who signed for it, what it holds, that it only grew, who has seen it.

import { compareText, sameBytes } from './bytes.mjs';
import { isQuorum, isSignedBy, signedBytes } from './note.mjs';
import { isIncluded, rootsAt } from './tree.mjs';

export function file(finding, { file: read, sentences }) {
  const problems = read.broken ? [read.broken] : read.problems;
  for (const { reason, parameters } of problems) {
    const { wanted } = parameters;
    finding.failsAt(reason, [], wanted ? { ...parameters, wanted: sentences.wanted[wanted] } : parameters);
  }
  finding.holds('whole', { lines: read.lines, events: read.events.length });
}

/** The key of a policy that a signature line names. */
function keyNamed(keys, line) {
  return [...keys].find((key) => key.name === line.name && key.id === line.id);
}

async function isSigned(checkpoint, keys) {
  for (const line of checkpoint.signatures) {
    const key = keyNamed(keys, line);
    const signed = key && signedBytes(checkpoint, key, line);
    if (signed && (await isSignedBy(key.key, signed))) return true;
  }
  return false;
}

export async function signature(finding, { file: { checkpoints, programme }, policy, canSign, unsigned }) {
  for (const checkpoint of checkpoints) {
    const { origin, size } = checkpoint;
    const keys = policy.logs.filter((key) => key.name === origin);
    if (!origin.endsWith(`/${programme}`)) finding.failsAt('programme', [], { size, origin });
    else if (keys.length === 0) finding.failsAt('origin', [], { size, origin });
    else if (canSign && !(await isSigned(checkpoint, keys))) finding.failsAt('signature', [], { size, origin });
  }
  if (!canSign) unsigned(finding);
  finding.holds('signed', { n: checkpoints.length, origin: checkpoints.at(-1).origin });
}

export function tree(finding, { file: read, leaves }) {
  const { size, root } = read.checkpoints.at(-1);
  if (read.kind === 'receipt') {
    const [{ at }] = read.events;
    const { index, path } = read.proof;
    if (!isIncluded({ leaf: leaves[0], index, size, path, root })) finding.fails('proof', read.events[0]);
    finding.holds('inside', { at, number: index + 1, size }, [at]);
    return;
  }
  if (size !== leaves.length) finding.failsAt('size', [], { size, n: leaves.length });
  else if (!sameBytes(rootsAt(leaves, [size])[0], root)) finding.failsAt('root', [], {});
  finding.holds('same', { n: leaves.length });
}

export function growth(finding, { file: { checkpoints, before }, leaves }) {
  const sizes = [...new Set([...checkpoints, ...(before ? [before] : [])].map(({ size }) => size))].sort((a, b) => a - b);
  const roots = new Map(rootsAt(leaves, sizes).map((root, index) => [sizes[index], root]));
  const isRoot = ({ size, root }) => Boolean(roots.get(size)) && sameBytes(roots.get(size), root);
  for (const [index, checkpoint] of checkpoints.entries()) {
    const { size } = checkpoint;
    if (index > 0 && size <= checkpoints[index - 1].size) finding.failsAt('order', [], { size });
    if (index < checkpoints.length - 1 && !isRoot(checkpoint)) finding.failsAt('root', [], { size });
  }
  if (!before) {
    finding.holds('grew', { n: checkpoints.length });
    return;
  }
  const { origin, size } = before;
  if (size > leaves.length) finding.hides('before', { origin, size });
  else if (!isRoot(before)) finding.failsAt('before', [], { origin, size });
  finding.holds('again', { n: checkpoints.length, origin, size });
}

/** Whether a log of the policy has signed it, and no line by one is false. */
async function isSignedByLogs(checkpoint, logs) {
  const lines = checkpoint.signatures.map((line) => ({ line, key: keyNamed(logs, line) })).filter(({ key }) => key);
  for (const { line, key } of lines) {
    const signed = signedBytes(checkpoint, key, line);
    if (!signed || !(await isSignedBy(key.key, signed))) return false;
  }
  return lines.length > 0;
}

/** The names of the witnesses who cosigned, and the keys' of lines that are not what they say. */
async function cosignersOf(checkpoint, witnesses) {
  const found = { names: new Set(), wrong: [] };
  for (const line of checkpoint.signatures) {
    const [name, key] = [...witnesses].find(([, known]) => keyNamed([known], line)) ?? [];
    const message = key && signedBytes(checkpoint, key, line);
    if (message && (await isSignedBy(key.key, message))) found.names.add(name);
    else if (key) found.wrong.push(line.name);
  }
  return found;
}

export async function witnesses(finding, { file: { checkpoints }, policy, canSign, unsigned }) {
  let signed = new Set();
  for (const checkpoint of canSign ? checkpoints : []) {
    const { size, signatures } = checkpoint;
    const { names, wrong } = await cosignersOf(checkpoint, policy.witnesses);
    const isLogged = await isSignedByLogs(checkpoint, policy.logs);
    const known = [...policy.logs, ...policy.witnesses.values()];
    if (wrong.length > 0) finding.failsAt('false', [], { size, name: wrong[0] });
    else if (isLogged) for (const line of signatures) if (!keyNamed(known, line)) finding.failsAt('unknown', [], { size, name: line.name });
    signed = isLogged ? names : new Set();
  }
  if (!canSign) unsigned(finding);
  else if (!isQuorum(policy, signed)) finding.failsAt('quorum', [], { n: signed.size });
  if (policy.witnesses.size === 0) finding.holds('none', {});
  else finding.holds('quorum', { n: signed.size, names: [...signed].sort(compareText).join(', ') });
}
