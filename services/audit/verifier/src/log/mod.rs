//! The formats of a transparency log, each in a module of its own.
//!
//! | module | what | source |
//! |---|---|---|
//! | [`tree`] | SHA-256 Merkle tree; proofs of inclusion and consistency | RFC 6962 and RFC 9162, section 2.1 |
//! | [`tile`] | the tree and its entries cut into files that never change | <https://c2sp.org/tlog-tiles> |
//! | [`note`] | a text with signature lines, and the keys that make them | <https://c2sp.org/signed-note> |
//! | [`checkpoint`] | the note a log signs: origin, size, root | <https://c2sp.org/tlog-checkpoint> |
//! | [`cosignature`] | a witness's timed signature under a checkpoint | <https://c2sp.org/tlog-cosignature> |
//! | [`proof`] | index, inclusion proof and checkpoint in one file | <https://c2sp.org/tlog-proof> |
//! | [`policy`] | which logs and witnesses are believed, and how many | <https://c2sp.org/tlog-policy> |
//! | [`witness_request`] | what a log sends a witness to be cosigned | <https://c2sp.org/tlog-witness> |
//!
//! # One spelling each
//!
//! Every parser is strict: what it accepts, its `Display` writes again byte for byte ([`policy`] alone drops
//! comments and spacing). Base64 is the standard alphabet with its padding and no stray bits, decimals have
//! no leading zeros, a line ends in a newline. So not one byte of a signed file can change without either its
//! meaning changing, which a signature or a hash catches, or the file being refused.
//!
//! # Believed and not yet believed
//!
//! A parsed [`note::Note`] or [`proof::Proof`] has been *read*, not *believed*. Only
//! [`checkpoint::Checkpoint::open`], [`policy::Policy::check`] and [`proof::Proof::verify`] look at
//! signatures.

pub mod checkpoint;
pub mod cosignature;
mod encoding;
pub mod note;
pub mod policy;
pub mod proof;
pub mod tile;
pub mod tree;
pub mod witness_request;
