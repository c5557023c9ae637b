// The log itself: who signed for it, what it holds, that it only grew, who has seen it.

import { sameBytes } from './bytes.mjs';
import { isQuorum, isSignedBy, signedBytes } from './note.mjs';
import { isIncluded, rootsAt } from './tree.mjs';

export function file(finding, { file: read, sentences }) {
  for (const { reason, parameters } of read.problems) {
    const { wanted } = parameters;
    finding.fails(reason, wanted ? { ...parameters, wanted: sentences.wanted[wanted] } : parameters, []);
  }
  if (!finding.failed) finding.holds('whole', { lines: read.lines, events: read.events.length }, []);
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
    if (!origin.endsWith(`/log/${programme}`)) finding.fails('programme', { size, origin }, linesOf(checkpoint));
    else if (keys.length === 0) finding.fails('origin', { size, origin }, linesOf(checkpoint));
    else if (canSign && !(await isSigned(checkpoint, keys))) finding.fails('signature', { size, origin }, linesOf(checkpoint));
  }
  if (!canSign) unsigned(finding);
  finding.holds('signed', { n: checkpoints.length, origin: checkpoints.at(-1).origin }, linesOf(checkpoints.at(-1)));
}

function linesOf(checkpoint) {
  return [...checkpoint.text.trimEnd().split('\n'), ...checkpoint.signatures.map((signed) => signed.line)];
}

export function tree(finding, { file: read, leaves }) {
  const { size, root } = read.checkpoints.at(-1);
  if (read.kind === 'receipt') {
    const [{ at }] = read.events;
    const { index, path } = read.proof;
    if (!isIncluded({ leaf: leaves[0], index, size, path, root })) finding.fails('proof', { at }, [at]);
    finding.holds('inside', { at, number: index + 1, size }, [at]);
    return;
  }
  const lines = linesOf(read.checkpoints.at(-1)).slice(0, 3);
  if (size !== leaves.length) finding.fails('size', { size, n: leaves.length }, lines);
  else if (!sameBytes(rootsAt(leaves, [size])[0], root)) finding.fails('root', {}, lines);
  finding.holds('same', { n: leaves.length }, lines);
}

export function growth(finding, { file: { checkpoints, before }, leaves }) {
  const lines = checkpoints.map((checkpoint) => `${checkpoint.size} ${checkpoint.root64}`);
  let last = -1;
  for (const { size } of checkpoints) {
    if (size <= last) finding.fails('order', { size }, lines);
    last = size;
  }
  const sizes = [...new Set([...checkpoints, ...(before ? [before] : [])].map(({ size }) => size))].sort((a, b) => a - b);
  const roots = new Map(rootsAt(leaves, sizes).map((root, index) => [sizes[index], root]));
  for (const { size, root } of checkpoints.slice(0, -1)) {
    const own = roots.get(size);
    if (!own || !sameBytes(own, root)) finding.fails('root', { size }, lines);
  }
  if (!before) {
    finding.holds('grew', { n: checkpoints.length }, lines);
    return;
  }
  const { origin, size, root } = before;
  const own = roots.get(size);
  if (!own) finding.hides('before', { origin, size });
  else if (!sameBytes(own, root)) finding.fails('before', { origin, size }, lines);
  finding.holds('again', { n: checkpoints.length, origin, size }, lines);
}

export async function witnesses(finding, { file: { checkpoints }, policy, canSign, unsigned }) {
  const signed = new Map();
  const last = checkpoints.at(-1);
  for (const checkpoint of checkpoints) {
    for (const line of checkpoint.signatures) {
      if (keyNamed(policy.logs, line)) continue;
      const { size } = checkpoint;
      const [witness, key] = [...policy.witnesses].find(([, known]) => known.name === line.name && known.id === line.id) ?? [];
      const message = key && signedBytes(checkpoint, key, line);
      if (!key) finding.fails('unknown', { size, name: line.name }, [line.line]);
      else if (!canSign) continue;
      else if (!message || !(await isSignedBy(key.key, message))) finding.fails('false', { size, name: line.name }, [line.line]);
      else if (checkpoint === last) signed.set(witness, line);
    }
  }
  if (policy.quorum === 'none') {
    finding.holds('none', {}, []);
    return;
  }
  const lines = [...signed.values()].map(({ line }) => line);
  if (!canSign) unsigned(finding);
  else if (!isQuorum(policy, new Set(signed.keys()))) finding.fails('quorum', { n: signed.size }, lines);
  finding.holds('quorum', { n: signed.size, names: [...signed.values()].map(({ name }) => name).join(', ') }, lines);
}
