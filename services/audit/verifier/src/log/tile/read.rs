//! A tree's hashes, read from its tiles.

use super::{
    super::tree::{Hash, Hashes, Tree},
    FULL, Tile,
};

/// Why a hash couldn't be read from a tile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The subtree isn't complete in a tree of this size.
    #[error("a tree of {size} leaves has no complete subtree {index} of 2^{level} leaves")]
    NoSuchSubtree { level: u8, index: u64, size: u64 },
    /// Whoever keeps the tiles hasn't got this one.
    #[error("{0} is missing")]
    Missing(Tile),
    /// A tile's bytes are its hashes and nothing else.
    #[error("{tile} has {found} bytes where its width needs {expected}")]
    Length { tile: Tile, expected: usize, found: usize },
}

/// The hashes of a tree of a known size, read from its tiles as they are needed.
///
/// `read` gives a tile's bytes, or `None` if it hasn't got them; it is asked for the same tile again and
/// again, so it should remember. The bytes are not checked against anything: verify what is built from them.
#[derive(Clone, Debug)]
pub struct TileHashes<F> {
    size: u64,
    read: F,
}

impl<F> TileHashes<F> {
    /// The tree of `size` leaves whose tiles `read` gives.
    pub fn new(size: u64, read: F) -> Self {
        Self { size, read }
    }
}

impl<F, B> Hashes for TileHashes<F>
where
    F: Fn(Tile) -> Option<B>,
    B: AsRef<[u8]>,
{
    type Error = ReadError;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        if index >= self.size.checked_shr(level.into()).unwrap_or(0) {
            return Err(ReadError::NoSuchSubtree { level, index, size: self.size });
        }
        // The subtree is the root above 1, 2, 4 .. or 128 hashes of one tile.
        let (level, above) = (level / 8, level % 8);
        let first = index << above;
        let full = u64::from(FULL);
        let hashes_at_level = self.size >> (8 * level);
        let width = (hashes_at_level - first / full * full).min(full) as u16;
        let tile = Tile { level, index: first / full, width };

        let bytes = (self.read)(tile).ok_or(ReadError::Missing(tile))?;
        let (hashes, rest) = bytes.as_ref().as_chunks::<{ size_of::<Hash>() }>();
        if hashes.len() != usize::from(width) || !rest.is_empty() {
            let (expected, found) = (usize::from(width) * size_of::<Hash>(), bytes.as_ref().len());
            return Err(ReadError::Length { tile, expected, found });
        }
        let mut subtree = Tree::new();
        hashes.iter().skip((first % full) as usize).take(1 << above).for_each(|hash| subtree.push(*hash));
        Ok(subtree.root())
    }
}
