//! The spine with real PostgreSQL and real NATS: what is acknowledged is
//! there once, in order, and everything else follows from it.
#![allow(clippy::unwrap_used)]

mod bench_noun;
mod healing;
mod stand;
mod writing;
