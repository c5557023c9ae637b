//! Bundles of entries, each entry after its length as a big-endian 16-bit number.

use std::{fmt, ops::Range};

use super::{FULL, PathError, path};

/// Where a bundle of entries lies, and how many it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entries {
    pub(super) index: u64,
    pub(super) width: u16,
}

/// What is wrong with a bundle's bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntriesError {
    /// The length of an entry has 16 bits.
    #[error("entry {position} of the bundle has {length} bytes; a log's entry has at most 65535")]
    EntryTooLong { position: usize, length: usize },
    /// The bytes end before the last entry does.
    #[error("the bundle ends within entry {position} of {width}")]
    Truncated { position: u16, width: u16 },
    /// There are bytes after the last entry.
    #[error("{bytes} bytes are left over after the bundle's {width} entries")]
    LeftOver { bytes: usize, width: u16 },
    /// Another number of entries than the path says.
    #[error("the bundle is {width} wide, but {found} entries were given")]
    Count { width: u16, found: usize },
}

impl Entries {
    /// A bundle of `width` entries, 1 to [`FULL`].
    pub fn new(index: u64, width: u16) -> Result<Self, PathError> {
        path::check_width(width)?;
        Ok(Self { index, width })
    }

    /// Reads a path; only the one way to write it is taken.
    pub fn parse(path: &str) -> Result<Self, PathError> {
        let parsed = path.strip_prefix("tile/entries/").and_then(path::parse);
        let (index, width) = parsed.ok_or_else(|| PathError::Entries { path: path.to_owned() })?;
        Self::new(index, width)
    }

    /// How many full bundles lie before it.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many entries it holds.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The indexes of its entries in the log, as far as they are below `2^64`.
    pub fn range(&self) -> Range<u64> {
        let first = self.index.saturating_mul(u64::from(FULL));
        first..first.saturating_add(u64::from(self.width))
    }

    /// The bundle's bytes. There must be as many entries as it is wide, of at most 65535 bytes each.
    pub fn encode<E: AsRef<[u8]>>(&self, entries: &[E]) -> Result<Vec<u8>, EntriesError> {
        if entries.len() != usize::from(self.width) {
            return Err(EntriesError::Count { width: self.width, found: entries.len() });
        }
        let mut bytes = Vec::new();
        for (position, entry) in entries.iter().map(AsRef::as_ref).enumerate() {
            let length = u16::try_from(entry.len())
                .map_err(|_| EntriesError::EntryTooLong { position, length: entry.len() })?;
            bytes.extend(length.to_be_bytes());
            bytes.extend(entry);
        }
        Ok(bytes)
    }

    /// Takes the bundle's bytes apart into exactly as many entries as it is wide.
    pub fn decode<'a>(&self, bytes: &'a [u8]) -> Result<Vec<&'a [u8]>, EntriesError> {
        let mut rest = bytes;
        let mut entries = Vec::with_capacity(usize::from(self.width));
        for position in 0..self.width {
            let split = rest
                .split_first_chunk::<2>()
                .and_then(|(length, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*length))));
            let (entry, after) = split.ok_or(EntriesError::Truncated { position, width: self.width })?;
            entries.push(entry);
            rest = after;
        }
        if rest.is_empty() {
            Ok(entries)
        } else {
            Err(EntriesError::LeftOver { bytes: rest.len(), width: self.width })
        }
    }
}

impl fmt::Display for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/entries/{}", path::Tail { index: self.index, width: self.width })
    }
}
