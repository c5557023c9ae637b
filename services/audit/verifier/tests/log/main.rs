//! The log's formats against everybody else: published vectors, other people's code, and arbitrary input.

#![allow(clippy::unwrap_used)]

mod against_crates;
mod properties;
mod signed_vectors;
mod stand;
mod tree_vectors;
