//! Notify on a real PostgreSQL and a real NATS, with a postman on loopback
//! who does as he is told.

#![allow(clippy::unwrap_used)]

mod breakdowns;
mod foreign;
mod organising;
mod postman;
mod reminding;
mod stand;
mod story;
