// Whether two files are of one log, or somebody was shown another.

import { sameBytes } from './bytes.mjs';
import { rootsAt } from './tree.mjs';
import { say } from './words.mjs';

/** `file` and `other` are read files; `name` is what the other is called. */
export function against(file, other, name, { against: templates }) {
  const { reason, outcome, parameters, lines = [] } = compare(file, other);
  const title = say(templates.title, { other: name });
  return { check: 'against', title, outcome, sentence: say(templates[reason], parameters), lines };
}

const lastOf = (file) => file.checkpoints.at(-1);

function compare(file, other) {
  const { origin } = lastOf(file);
  if (origin !== lastOf(other).origin) return { reason: 'unrelated', outcome: 'hidden', parameters: { origin, other: lastOf(other).origin } };
  const both = [[file, other], [other, file]];
  const bySize = (a, b) => a.size - b.size;
  const common = file.checkpoints.flatMap((mine) => other.checkpoints.filter(({ size }) => size === mine.size).map((theirs) => ({ size: mine.size, isSame: sameBytes(mine.root, theirs.root) })));
  const inside = both.flatMap(([whole, part]) => rootsInside(whole, part));
  const events = both.flatMap(([whole, part]) => eventInside(whole, part));
  const splitRoot = common.sort(bySize).find(({ isSame }) => !isSame);
  const splitTree = inside.sort(bySize).find(({ isSame }) => !isSame);
  const splitEvent = events.find(({ isSame }) => !isSame);
  if (splitRoot) return { reason: 'split_root', outcome: 'fails', parameters: { origin, size: splitRoot.size } };
  if (splitTree) return { reason: 'split_tree', outcome: 'fails', parameters: { origin, size: splitTree.size } };
  if (splitEvent) return { reason: 'split_event', outcome: 'fails', parameters: { at: splitEvent.at }, lines: [splitEvent.at] };
  if (common.length + inside.length + events.length === 0) return { reason: 'unshown', outcome: 'hidden', parameters: {} };
  const [size, larger] = [lastOf(file).size, lastOf(other).size].sort((a, b) => a - b);
  return { reason: 'same', outcome: 'holds', parameters: { origin, size, larger } };
}

/** One file's checkpoints against the first events of the other, a bundle. */
function rootsInside(whole, part) {
  if (whole.kind !== 'bundle') return [];
  const checkpoints = part.checkpoints.filter(({ size }) => size <= whole.events.length);
  const sizes = [...new Set(checkpoints.map(({ size }) => size))].sort((a, b) => a - b);
  const roots = rootsAt(whole.events.map((event) => event.leaf), sizes);
  return checkpoints.map(({ size, root }) => ({ size, isSame: sameBytes(roots[sizes.indexOf(size)], root) }));
}

/** A receipt's event against the leaf at its index in a bundle. */
function eventInside(whole, part) {
  const event = whole.kind === 'bundle' && part.kind === 'receipt' ? whole.events[part.proof.index] : null;
  return event ? [{ at: event.at, isSame: sameBytes(event.leaf, part.events[0].leaf) }] : [];
}
