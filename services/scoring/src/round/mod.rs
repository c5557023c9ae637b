//! A round: the panel is taken in, it opens with its rules pinned, judges
//! hand in their scorecards, it is locked, two people unseal it, and the
//! result follows by itself.
//!
//! Its doors: [`OpenRound`], [`LockRound`], [`ProposeUnsealing`] and
//! [`ConfirmUnsealing`]; what panels and submissions say comes in by
//! [`crate::intake`].

mod command;
mod error;
mod state;
#[cfg(test)]
mod tests;
mod unsealing;

pub use command::{LockRound, OpenRound, RoundCommand};
pub use error::RoundError;
pub use state::{Counts, Phase, Pinned, Round, RoundEvent};
pub use unsealing::{ConfirmUnsealing, ProposeUnsealing};
