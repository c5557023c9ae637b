//! What every test of the whole product stands on: the real program as a
//! process of its own, and people who talk to it over HTTP.
#![allow(clippy::unwrap_used, reason = "a test that can't get on should stop where it is")]

pub mod crowd;
pub mod pages;
pub mod people;
pub mod prize;
pub mod program;
