//! Checks a transparency log, and a programme's bundle, without trusting whoever handed them over.
//!
//! Nothing in here reads a file, a socket, a clock or an environment: bytes go in, a verdict comes out. The crate is
//! small on purpose, so that a doubter can read all of it in an evening and then need believe nobody.
//!
//! - [`log`]: the formats of a transparency log: tree, tiles, notes, checkpoints, cosignatures, proofs and policies.
//! - [`event`]: events as the services write them.
//! - [`bundle`]: the files: bundles and receipts, read line by line and written.
//! - [`story`]: what must be true of a programme's events, a check a file.
//! - [`verify`]: a file in, a [`report`] out.

pub mod against;
pub mod bundle;
pub mod event;
pub mod id;
pub mod log;
pub mod report;
mod sentences;
pub mod story;
pub mod time;
pub mod verify;

pub use sentences::JSON as SENTENCES;
