//! Verifying proofs: RFC 9162, sections 2.1.3.2 and 2.1.4.2.
//!
//! A leaf's way up to the root has two parts. Up to where it meets the way of the tree's last leaf, it has a
//! sibling on every level, on the left or the right as the bits of the leaf's index say. From there on it
//! runs along the tree's right edge, where siblings are on the left only and levels without one are skipped.
//! A consistency proof is the way of the old tree's last complete subtree.

use super::{EMPTY_ROOT, Hash, node_hash};

/// What is wrong with a proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index is beyond the tree.
    #[error("leaf {index} isn't in a tree of {size} leaves, whose indexes count from 0")]
    NoSuchLeaf { index: u64, size: u64 },
    /// The sizes are in the wrong order.
    #[error("a tree of {old} leaves can't be the beginning of one of {new}")]
    OldIsLarger { old: u64, new: u64 },
    /// The sizes alone say how many hashes there must be.
    #[error("the proof has {found} hashes where these sizes need {expected}")]
    Length { expected: usize, found: usize },
    /// The leaf isn't at this place of this tree, or a hash of the proof is wrong.
    #[error("the leaf and the proof lead to another root than the tree's")]
    Root,
    /// Two trees of one size with two roots: one of them is not the log's.
    #[error("two trees of {size} leaves have different roots")]
    EqualSizes { size: u64 },
    /// There is just one tree without leaves.
    #[error("the old tree is said to be empty, but its root isn't the empty tree's")]
    EmptyRoot,
    /// The new tree doesn't begin with the old one, or a hash of the proof is wrong.
    #[error("the proof leads to another root than the old tree's")]
    OldRoot,
    /// The old tree is in the proof, but the new one isn't what it leads to.
    #[error("the proof leads to another root than the new tree's")]
    NewRoot,
}

/// Checks that `leaf` is the hash of leaf `index` in the tree of `size` leaves with this root.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::NoSuchLeaf { index, size });
    }
    let way = Way::of(index, size);
    expect_length(way.length(), proof)?;
    let (lower, upper) = proof.split_at(way.lower);
    if along_edge(way.up(*leaf, lower), upper) == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `old` leaves with `old_root` is the beginning of the tree of `new` leaves with
/// `new_root`.
///
/// The empty tree is the beginning of every tree.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OldIsLarger { old, new });
    }
    if old == 0 && *old_root != EMPTY_ROOT {
        return Err(ProofError::EmptyRoot);
    }
    if old == new {
        expect_length(0, proof)?;
        return if old_root == new_root { Ok(()) } else { Err(ProofError::EqualSizes { size: new }) };
    }
    if old == 0 {
        return expect_length(0, proof);
    }
    // The way starts at the old tree's last complete subtree, of 2^level leaves: taken as a leaf itself, it is
    // the last of the old tree, and the trees are smaller by that many levels.
    let level = old.trailing_zeros();
    let way = Way::of((old >> level) - 1, ((new - 1) >> level) + 1);
    // The proof begins with that subtree, unless it is the whole old tree, whose root is known.
    let begins = !old.is_power_of_two();
    expect_length(way.length() + usize::from(begins), proof)?;
    let (first, rest) = proof.split_first().filter(|_| begins).unwrap_or((old_root, proof));
    let (lower, upper) = rest.split_at(way.lower);
    // The old tree ends with the subtree: only what lies to the left of the way belongs to it.
    if along_edge(way.up_left(*first, lower), upper) != *old_root {
        return Err(ProofError::OldRoot);
    }
    if along_edge(way.up(*first, lower), upper) != *new_root {
        return Err(ProofError::NewRoot);
    }
    Ok(())
}

/// The way from a leaf up to the root, known from index and size alone.
struct Way {
    index: u64,
    /// How many levels the leaf is below the node from which on the way runs along the right edge.
    lower: usize,
    /// How many of the levels above have something to the left of the way.
    upper: usize,
}

impl Way {
    /// The way of leaf `index`, which is below `size`.
    fn of(index: u64, size: u64) -> Self {
        // The highest bit in which the leaf and the tree's last leaf differ is where their ways meet.
        let lower = u64::BITS - (index ^ (size - 1)).leading_zeros();
        let upper = index.checked_shr(lower).unwrap_or(0).count_ones();
        Self { index, lower: lower as usize, upper: upper as usize }
    }

    fn length(&self) -> usize {
        self.lower + self.upper
    }

    /// Whether the way comes from the right at this level, and so has its sibling to the left.
    fn is_right(&self, level: usize) -> bool {
        self.index >> level & 1 == 1
    }

    /// Climbs the lower part.
    fn up(&self, leaf: Hash, siblings: &[Hash]) -> Hash {
        siblings.iter().enumerate().fold(leaf, |hash, (level, sibling)| {
            if self.is_right(level) { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) }
        })
    }

    /// Climbs the lower part as if nothing lay to the right of the way.
    fn up_left(&self, leaf: Hash, siblings: &[Hash]) -> Hash {
        let left = siblings.iter().enumerate().filter(|(level, _)| self.is_right(*level));
        left.fold(leaf, |hash, (_, sibling)| node_hash(sibling, &hash))
    }
}

/// Climbs the upper part: the right edge, where every sibling is to the left.
fn along_edge(hash: Hash, siblings: &[Hash]) -> Hash {
    siblings.iter().fold(hash, |hash, sibling| node_hash(sibling, &hash))
}

fn expect_length(expected: usize, proof: &[Hash]) -> Result<(), ProofError> {
    if proof.len() == expected { Ok(()) } else { Err(ProofError::Length { expected, found: proof.len() }) }
}
