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

export async function witnesses(finding, { file: { checkpoints }, policy, canSign, unsigned }) {
  const signed = new Set();
  for (const checkpoint of checkpoints) {
    const { size } = checkpoint;
    const lines = checkpoint.signatures.map((line) => ({ line, witness: [...policy.witnesses].find(([, key]) => keyNamed([key], line)) }));
    const wrong = [];
    for (const { line, witness: [name, key] } of lines.filter(({ witness }) => witness)) {
      const message = signedBytes(checkpoint, key, line);
      if (!canSign) continue;
      if (!message || !(await isSignedBy(key.key, message))) wrong.push(line.name);
      else if (checkpoint === checkpoints.at(-1)) signed.add(name);
    }
    if (wrong.length > 0) finding.failsAt('false', [], { size, name: wrong[0] });
    else {
      const unknown = lines.filter(({ line, witness }) => !witness && !keyNamed(policy.logs, line));
      for (const { line: { name } } of unknown) finding.failsAt('unknown', [], { size, name });
    }
  }
  if (!canSign && policy.witnesses.size > 0) unsigned(finding);
  if (canSign && !isQuorum(policy, signed)) finding.failsAt('quorum', [], { n: signed.size });
  const names = [...signed].sort(compareText).join(', ');
  if (policy.witnesses.size === 0) finding.holds('none', {});
  else finding.holds('quorum', { n: signed.size, names });
}
