//! The part of a path that tiles and bundles share: index and width.

use std::fmt;

use super::{super::encoding::decimal, FULL};

/// Why something isn't a tile's or a bundle's path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Not in the form of a tile's path.
    #[error("\"{path}\" isn't the path of a tile, tile/<level>/<index> with .p/<width> if it is partial")]
    Tile { path: String },
    /// Not in the form of a bundle's path.
    #[error("\"{path}\" isn't the path of a bundle, tile/entries/<index> with .p/<width> if it is partial")]
    Entries { path: String },
    /// A level that no tile has.
    #[error("there is no tile at level {level}: levels are 0 to 63")]
    Level { level: u8 },
    /// A width that no tile has.
    #[error("a tile or bundle is 1 to 256 wide, not {width}")]
    Width { width: u16 },
}

pub(super) fn check_width(width: u16) -> Result<(), PathError> {
    if (1..=FULL).contains(&width) { Ok(()) } else { Err(PathError::Width { width }) }
}

/// Reads `<index>` or `<index>.p/<width>` with a width below [`FULL`].
pub(super) fn parse(tail: &str) -> Option<(u64, u16)> {
    let Some((index, width)) = tail.split_once(".p/") else { return Some((parse_index(tail)?, FULL)) };
    let width = u16::try_from(decimal(width)?).ok().filter(|width| (1..FULL).contains(width))?;
    Some((parse_index(index)?, width))
}

/// Reads an index such as `x001/x234/067`, in no more groups than it needs.
fn parse_index(text: &str) -> Option<u64> {
    let (leading, last) = text.rsplit_once('/').map_or((None, text), |(leading, last)| (Some(leading), last));
    let mut index = 0_u64;
    for group in leading.into_iter().flat_map(|leading| leading.split('/')) {
        let group = three_digits(group.strip_prefix('x')?)?;
        index = index.checked_mul(1000)?.checked_add(group)?;
        // A first group of zeros would be a second way to write the same index.
        if index == 0 {
            return None;
        }
    }
    index.checked_mul(1000)?.checked_add(three_digits(last)?)
}

fn three_digits(text: &str) -> Option<u64> {
    let right = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

/// Writes what [`parse`] reads.
pub(super) struct Tail {
    pub index: u64,
    pub width: u16,
}

impl fmt::Display for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The largest group of a u64 in base 1000 is the seventh.
        let mut place = 1000_u64.pow(6);
        while place > 1 {
            if self.index >= place {
                write!(f, "x{:03}/", self.index / place % 1000)?;
            }
            place /= 1000;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.width == FULL { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}
