//! Accounts and the edge on a real PostgreSQL and a real NATS, by HTTP.

#![allow(clippy::unwrap_used)]

mod forgetting;
mod gateway;
mod house;
mod membership;
mod signing_in;
mod within;
