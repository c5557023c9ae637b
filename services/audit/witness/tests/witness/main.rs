//! A witness by its own front door: what it answers, what it never cosigns,
//! and what is left of it after `kill -9`.
#![allow(clippy::unwrap_used)]

mod answers;
mod forks;
mod killed;
mod stand;
mod starting;
