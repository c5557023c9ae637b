//! An award: one prize for one pitch. Proposed from a declared result by an
//! organiser, approved by a second person without a conflict, announced with
//! all others in one moment, and accepted or declined by the winner in time.
//!
//! [`command`] and [`propose`] are its doors, [`state`] its rules, and
//! [`reserve`] says to whom a fallen award falls.

mod command;
mod error;
mod propose;
pub mod reserve;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    AcceptAward, ApproveAward, AwardCommand, ConfirmWithdrawal, DeclineAward, LapseAward, ProposeWithdrawal,
    RefuseAward,
};
pub use error::AwardError;
pub use propose::ProposeAward;
pub use state::{Award, AwardEvent, Phase, Terms};
