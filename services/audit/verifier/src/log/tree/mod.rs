//! The Merkle tree of a log, by RFC 6962, section 2.1 (unchanged in RFC 9162, section 2.1), with SHA-256.
//!
//! A leaf's hash is `SHA-256(0x00 || entry)`, a node's `SHA-256(0x01 || left || right)`, and a tree of `n`
//! leaves splits at the largest power of two below `n`. Indexes count from 0; sizes are numbers of leaves.
//!
//! [`Tree`] is for whoever only appends and wants the root: it keeps the right edge, at most 64 hashes.
//! [`Leaves`] keeps every complete subtree and so can prove anything about any earlier size; so can any other
//! [`Hashes`], such as [`TileHashes`](super::tile::TileHashes).

mod hashes;
mod prove;
#[cfg(test)]
mod tests;
mod verify;

use sha2::{Digest, Sha256};

pub use hashes::{Hashes, Leaves, NoSuchSubtree, root_at};
pub use prove::{ProveError, consistency_proof, inclusion_proof};
pub use verify::{ProofError, verify_consistency, verify_inclusion};

/// A SHA-256 hash of a leaf, a node or a whole tree.
pub type Hash = [u8; 32];

/// The root of the tree without leaves: SHA-256 of nothing.
pub const EMPTY_ROOT: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// The hash of an entry as a leaf: `SHA-256(0x00 || entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of two subtrees side by side: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}

/// A tree that grows: its right edge only, which is enough to append and to give the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The roots of the complete subtrees the tree falls into, one for each set bit of `size`, the largest
    /// first.
    edge: Vec<Hash>,
}

impl Tree {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of the first `size` leaves of `hashes`, to go on appending from there.
    pub fn at<H: Hashes + ?Sized>(hashes: &H, size: u64) -> Result<Self, H::Error> {
        Ok(Self { size, edge: edge(hashes, 0, size)? })
    }

    /// Appends a leaf by its [`leaf_hash`].
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Every complete subtree that is as large as what has been joined so far is joined with it.
        for left in self.edge.drain(self.edge.len() - self.size.trailing_ones() as usize..).rev() {
            hash = node_hash(&left, &hash);
        }
        self.edge.push(hash);
        self.size = self.size.checked_add(1).expect("nobody appends 2^64 leaves");
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root, by which the whole tree is known.
    pub fn root(&self) -> Hash {
        join(&self.edge)
    }
}

/// The roots of the complete subtrees that the leaves `start .. end` fall into, the largest first.
///
/// `start` must be a multiple of a power of two that is at least `end - start`, as it is wherever a tree
/// splits.
fn edge<H: Hashes + ?Sized>(hashes: &H, mut start: u64, end: u64) -> Result<Vec<Hash>, H::Error> {
    let size = end - start;
    let mut edge = Vec::new();
    for level in (0..64).rev().filter(|level| size >> level & 1 == 1) {
        edge.push(hashes.hash(level, start >> level)?);
        start += 1 << level;
    }
    Ok(edge)
}

/// The root above an edge: the two smallest subtrees first.
fn join(edge: &[Hash]) -> Hash {
    edge.iter().rev().copied().reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT)
}
