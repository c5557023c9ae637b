// The Merkle tree of RFC 6962: a leaf is hashed after a 0, two nodes after a 1.

import { sameBytes } from './bytes.mjs';
import { sha256 } from './sha256.mjs';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(entry) {
  return sha256(LEAF, entry);
}

export function nodeHash(left, right) {
  return sha256(NODE, left, right);
}

/** A tree that only grows: it keeps the roots of its perfect subtrees, the largest first. */
export class Tree {
  constructor() {
    this.size = 0;
    this.peaks = [];
  }

  push(leaf) {
    let node = leaf;
    // Each trailing 1 of the size is a subtree as large as the one that has just been made.
    for (let left = this.size; left % 2 === 1; left = (left - 1) / 2) node = nodeHash(this.peaks.pop(), node);
    this.peaks.push(node);
    this.size += 1;
  }

  root() {
    if (this.size === 0) return sha256();
    return this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The roots of the trees of the first `sizes` leaves, in the order of `sizes`, which rises. */
export function rootsAt(leaves, sizes) {
  const tree = new Tree();
  return sizes.map((size) => {
    while (tree.size < size && tree.size < leaves.length) tree.push(leaves[tree.size]);
    return tree.size === size ? tree.root() : null;
  });
}

/** Whether `path` leads from this leaf to this root (RFC 9162, section 2.1.3.2). */
export function isIncluded({ leaf, index, size, path, root }) {
  if (index >= size) return false;
  let place = BigInt(index);
  let last = BigInt(size) - 1n;
  let node = leaf;
  for (const sibling of path) {
    if (last === 0n) return false;
    if (place % 2n === 1n || place === last) {
      node = nodeHash(sibling, node);
      while (place % 2n === 0n && place !== 0n) {
        place /= 2n;
        last /= 2n;
      }
    } else {
      node = nodeHash(node, sibling);
    }
    place /= 2n;
    last /= 2n;
  }
  return last === 0n && sameBytes(node, root);
}
