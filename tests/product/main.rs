//! The whole product, through its front door, as processes of its own.
#![allow(clippy::unwrap_used)]

mod auditors;
mod golden;
mod letters;
mod sample;
mod verifiers;
