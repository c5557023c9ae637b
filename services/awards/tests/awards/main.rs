//! The awards service over HTTP, on real PostgreSQL and real NATS, with what
//! submissions and scoring would have said before.
#![allow(clippy::unwrap_used)]

mod moment;
mod said;
mod second_key;
mod stand;
mod story;
