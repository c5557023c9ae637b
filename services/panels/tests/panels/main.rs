//! The panels service on a real PostgreSQL and NATS, asked over HTTP. What
//! submissions says is said by a stand-in for it, in its own words.

#![allow(clippy::unwrap_used)]

mod doors;
mod night;
mod stand;
mod submissions;
