//! Accounts and the edge on a real PostgreSQL and a real NATS, by HTTP.

#![allow(clippy::unwrap_used)]

mod device;
mod forgetting;
mod gateway;
mod house;
mod invitations;
mod membership;
mod oidc;
mod pages;
mod passkeys;
mod second_key;
mod signing_in;
mod toy_provider;
mod within;
