//! The log with real PostgreSQL and real NATS: every event has one place in
//! it, whoever asks can check that, and no loss makes it fork or skip.
#![allow(clippy::unwrap_used)]

mod behind_tls;
mod foreign;
mod losses;
mod partner;
mod reading;
mod serving;
mod stand;
mod witnessed;
