//! Where the hashes of a tree come from.

use super::{Hash, Tree, node_hash};

/// The hashes of a tree's complete subtrees, wherever they are kept.
///
/// Whoever builds a proof from hashes of uncertain origin must [verify](super::verify_inclusion) it
/// afterwards.
pub trait Hashes {
    /// Why a hash couldn't be had.
    type Error;

    /// The root of the subtree over the leaves `index * 2^level .. (index + 1) * 2^level`; an error if not
    /// all of them are in the tree.
    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

impl<H: Hashes + ?Sized> Hashes for &H {
    type Error = H::Error;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        (**self).hash(level, index)
    }
}

/// The root of the tree of the first `size` leaves of `hashes`.
pub fn root_at<H: Hashes + ?Sized>(hashes: &H, size: u64) -> Result<Hash, H::Error> {
    Ok(Tree::at(hashes, size)?.root())
}

/// A subtree that isn't complete, or isn't there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tree has no complete subtree {index} of 2^{level} leaves")]
pub struct NoSuchSubtree {
    /// The subtree has `2^level` leaves.
    pub level: u8,
    /// How many subtrees of that level lie before it.
    pub index: u64,
}

/// A whole tree in memory: every complete subtree's hash, some 64 bytes a leaf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaves {
    /// `levels[l][i]` is the root of the complete subtree `i` of `2^l` leaves.
    levels: Vec<Vec<Hash>>,
}

impl Leaves {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a leaf by its [`leaf_hash`](super::leaf_hash).
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(hash);
            // The second of a pair completes a subtree of the level above.
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => hash = node_hash(left, right),
                _ => return,
            }
        }
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        root_at(self, self.size()).expect("every complete subtree below the size is kept")
    }
}

impl FromIterator<Hash> for Leaves {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }
}

impl Hashes for Leaves {
    type Error = NoSuchSubtree;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, NoSuchSubtree> {
        let found = self.levels.get(usize::from(level)).and_then(|row| row.get(usize::try_from(index).ok()?));
        found.copied().ok_or(NoSuchSubtree { level, index })
    }
}
