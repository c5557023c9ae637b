//! The verifier against real events of invented programmes: as they are, they hold; changed in any way and signed
//! again with the log's own key, they fail, and the report names the check.
#![allow(clippy::unwrap_used)]

mod auditors;
mod bytes;
mod files;
mod forge;
mod orders;
mod sample;
mod tampering;
