//! Nothing private leaves the vault, and bad input leaves nothing behind.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod cast;
mod fields;
mod heaps;
mod marker;
mod planted;
mod prize;
mod requests;
