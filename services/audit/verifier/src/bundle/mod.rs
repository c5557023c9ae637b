//! Bundles and receipts: the files that are handed around, as `docs/trail.md` says them.
//!
//! [`Reader`] reads either, line by line, from pieces of any size; [`write_bundle`] and [`write_receipt`] write them;
//! [`Opener`] makes an auditors' bundle of a public one.

mod lines;
mod open;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use open::Opener;
pub(crate) use read::hex;
pub use read::{Kind, Part, Problem, Reader};
pub use write::{Bundle, Opening, Receipt, write_bundle, write_receipt};

/// For whom a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Public,
    /// Whoever two people let see more.
    Auditors,
}

impl Audience {
    /// As the file has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Auditors => "auditors",
        }
    }
}

/// An earlier log's last checkpoint, where that log was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// Which log.
    pub origin: String,
    /// How many events it had.
    pub size: u64,
    /// Their root.
    pub root: crate::log::tree::Hash,
}
