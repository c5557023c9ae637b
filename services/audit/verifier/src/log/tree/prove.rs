//! Building proofs: RFC 6962, sections 2.1.1 and 2.1.2.

use super::{Hash, Hashes, edge, join};

/// Why a proof couldn't be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// The leaf to prove isn't in the tree.
    #[error("leaf {index} isn't in a tree of {size} leaves, whose indexes count from 0")]
    NoSuchLeaf { index: u64, size: u64 },
    /// The old tree can't be a beginning of the new one.
    #[error("a tree of {old} leaves can't be the beginning of one of {new}")]
    OldIsLarger { old: u64, new: u64 },
    /// A hash of the tree couldn't be had.
    #[error("{0}")]
    Hash(E),
}

/// Proves that leaf `index` is in the tree of the first `size` leaves: the hashes from its sibling up to the
/// root's child.
pub fn inclusion_proof<H: Hashes + ?Sized>(
    hashes: &H,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProveError<H::Error>> {
    if index >= size {
        return Err(ProveError::NoSuchLeaf { index, size });
    }
    let (mut start, mut end) = (0, size);
    let mut proof = Vec::new();
    while end - start > 1 {
        let split = split(start, end);
        if index < split {
            proof.push(root_of(hashes, split, end)?);
            end = split;
        } else {
            proof.push(root_of(hashes, start, split)?);
            start = split;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proves that the tree of the first `old` leaves is the beginning of the tree of the first `new` leaves.
///
/// The proof is empty if `old` is 0 or `new`.
pub fn consistency_proof<H: Hashes + ?Sized>(
    hashes: &H,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, ProveError<H::Error>> {
    if old > new {
        return Err(ProveError::OldIsLarger { old, new });
    }
    let mut proof = Vec::new();
    if old == 0 {
        return Ok(proof);
    }
    // Down to the subtree that ends where the old tree ends, noting what lies beside the way.
    let (mut start, mut end) = (0, new);
    while end != old {
        let split = split(start, end);
        if old <= split {
            proof.push(root_of(hashes, split, end)?);
            end = split;
        } else {
            proof.push(root_of(hashes, start, split)?);
            start = split;
        }
    }
    // If that subtree is the whole old tree, the verifier has its root already.
    if start != 0 {
        proof.push(root_of(hashes, start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Where the subtree over the leaves `start .. end`, two at least, splits: after the largest power of two
/// below their number.
fn split(start: u64, end: u64) -> u64 {
    start + (1 << (end - start - 1).ilog2())
}

fn root_of<H: Hashes + ?Sized>(hashes: &H, start: u64, end: u64) -> Result<Hash, ProveError<H::Error>> {
    edge(hashes, start, end).map(|edge| join(&edge)).map_err(ProveError::Hash)
}
