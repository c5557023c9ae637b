//! Scoring with real PostgreSQL and real NATS: what panels, submissions and
//! awards say is put into their own logs, and everything else goes through
//! the HTTP API.
#![allow(clippy::unwrap_used)]

mod drafts;
mod foreign;
mod late_facts;
mod many;
mod one_round;
mod stand;
