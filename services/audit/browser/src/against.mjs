// Whether two files are of one log, or somebody was shown another.

import { sameBytes } from './bytes.mjs';
import { rootsAt } from './tree.mjs';
import { say } from './words.mjs';

/** `file` and `other` are read files, without problems; `name` is what the other is called. */
export function against(file, other, name, { against: templates }) {
  const { reason, outcome, parameters, lines = [] } = compare(file, other);
  return {
    check: 'against',
    title: say(templates.title, { other: name }),
    outcome,
    sentence: say(templates[reason], parameters),
    lines,
  };
}

const origin = (file) => file.checkpoints.at(-1).origin;
const sizeOf = (file) => file.checkpoints.at(-1).size;

function compare(file, other) {
  if (origin(file) !== origin(other)) {
    return { reason: 'unrelated', outcome: 'hidden', parameters: { origin: origin(file), other: origin(other) } };
  }
  const split = splitAt(file, other);
  if (split) return { outcome: 'fails', ...split };
  const common = file.checkpoints.some((mine) => other.checkpoints.some((theirs) => mine.size === theirs.size));
  const covered = [[file, other], [other, file]].some(([whole, part]) => whole.kind === 'bundle' && part.checkpoints.some(({ size }) => size <= whole.events.length));
  if (!common && !covered) return { reason: 'unshown', outcome: 'hidden', parameters: {} };
  const [size, larger] = [sizeOf(file), sizeOf(other)].sort((a, b) => a - b);
  return { reason: 'same', outcome: 'holds', parameters: { origin: origin(file), size, larger } };
}

function splitAt(file, other) {
  for (const mine of file.checkpoints) {
    const theirs = other.checkpoints.find(({ size }) => size === mine.size);
    if (theirs && !sameBytes(theirs.root, mine.root)) {
      return { reason: 'split_root', parameters: { origin: origin(file), size: mine.size }, lines: [mine, theirs].flatMap(({ signatures }) => signatures.map(({ line }) => line)) };
    }
  }
  const places = new Map(other.events.map((event) => [event.at, event]));
  for (const { at, leaf } of file.events) {
    const theirs = places.get(at);
    if (theirs && !sameBytes(theirs.leaf, leaf)) return { reason: 'split_event', parameters: { at }, lines: [at] };
  }
  return splitTree(file, other) ?? splitTree(other, file);
}

function splitTree(whole, part) {
  if (whole.kind !== 'bundle') return null;
  const sizes = [...new Set(part.checkpoints.map(({ size }) => size))].filter((size) => size <= whole.events.length).sort((a, b) => a - b);
  const roots = rootsAt(whole.events.map((event) => event.leaf), sizes);
  for (const { size, root } of part.checkpoints) {
    const own = roots[sizes.indexOf(size)];
    if (own && !sameBytes(own, root)) return { reason: 'split_tree', parameters: { size, origin: origin(whole) } };
  }
  return null;
}
