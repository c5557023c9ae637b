//! A log cut into files that never change: tiles of hashes and bundles of entries, by
//! <https://c2sp.org/tlog-tiles>.
//!
//! A [`Tile`] holds up to 256 hashes side by side: at level 0 the leaves', at level `l` the roots of the
//! complete subtrees of `256^l` leaves. An [`Entries`] bundle holds the entries of the level 0 tile with its
//! index. Whatever isn't full yet has its width in its path, so that a path always stands for the same bytes.
//!
//! | | path |
//! |---|---|
//! | a full tile | `tile/<level>/<index>` |
//! | a partial tile | `tile/<level>/<index>.p/<width>` |
//! | a full bundle | `tile/entries/<index>` |
//! | a partial bundle | `tile/entries/<index>.p/<width>` |
//!
//! The index is written in groups of three digits, all but the last after an `x`: 1234067 is `x001/x234/067`.

mod entries;
mod path;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

pub use entries::{Entries, EntriesError};
pub use path::PathError;
pub use read::{ReadError, TileHashes};

use super::tree::{Hash, Hashes};

/// How many hashes a full tile has, and how many entries a full bundle.
pub const FULL: u16 = 256;

/// The tile levels that a tree of less than `2^64` leaves can have.
const LEVELS: u8 = 8;

/// Where a tile of hashes lies, and how wide it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

impl Tile {
    /// A tile of `width` hashes, 1 to [`FULL`], at a level of 0 to 63.
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, PathError> {
        if level > 63 {
            return Err(PathError::Level { level });
        }
        path::check_width(width)?;
        Ok(Self { level, index, width })
    }

    /// Reads a path; only the one way to write it is taken.
    pub fn parse(path: &str) -> Result<Self, PathError> {
        let parts = path.strip_prefix("tile/").and_then(|rest| rest.split_once('/'));
        let parsed = parts.and_then(|(level, tail)| {
            let level = u8::try_from(super::encoding::decimal(level)?).ok()?;
            path::parse(tail).map(|(index, width)| (level, index, width))
        });
        let (level, index, width) = parsed.ok_or_else(|| PathError::Tile { path: path.to_owned() })?;
        Self::new(level, index, width)
    }

    /// Its hashes are the roots of subtrees of `256^level` leaves.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// How many full tiles lie before it at its level.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes it holds.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The tile's bytes: its hashes, 32 bytes each, one after the other.
    ///
    /// Fails as `hashes` does, for one if the tree hasn't grown that far.
    pub fn cut<H: Hashes + ?Sized>(&self, hashes: &H) -> Result<Vec<u8>, H::Error> {
        // A tile that no tree has comes out as a subtree that no tree has.
        let level = self.level.saturating_mul(8);
        let first = self.index.saturating_mul(u64::from(FULL));
        let mut bytes = Vec::with_capacity(usize::from(self.width) * size_of::<Hash>());
        for offset in 0..u64::from(self.width) {
            bytes.extend(hashes.hash(level, first.saturating_add(offset))?);
        }
        Ok(bytes)
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, path::Tail { index: self.index, width: self.width })
    }
}

/// The tiles of a tree of `size` leaves, the last of a level perhaps partial; none for the empty tree.
pub fn tiles(size: u64) -> impl Iterator<Item = Tile> {
    new_tiles(0, size)
}

/// The tiles that a tree of `new` leaves has and one of `old` leaves hadn't, level by level.
pub fn new_tiles(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    (0..LEVELS).flat_map(move |level| {
        grown(old >> (8 * level), new >> (8 * level)).map(move |(index, width)| Tile { level, index, width })
    })
}

/// The bundles of the entries of a tree of `size` leaves, the last perhaps partial.
pub fn entries(size: u64) -> impl Iterator<Item = Entries> {
    new_entries(0, size)
}

/// The bundles that a tree of `new` leaves has and one of `old` leaves hadn't.
pub fn new_entries(old: u64, new: u64) -> impl Iterator<Item = Entries> {
    grown(old, new).map(|(index, width)| Entries { index, width })
}

/// The indexes and widths of the tiles that are new when a level grows from `old` to `new` hashes.
fn grown(old: u64, new: u64) -> impl Iterator<Item = (u64, u16)> {
    let full = u64::from(FULL);
    let completed = (old / full..new / full).map(|index| (index, FULL));
    let rest = (new % full) as u16;
    completed.chain((new > old && rest > 0).then_some((new / full, rest)))
}
