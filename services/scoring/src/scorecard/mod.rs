//! A scorecard: one judge, one pitch, one round. It is expected once the judge
//! is assigned; then sealed, again as often as the judge likes, or abstained,
//! until the round is locked. A recusal, a moved assignment or a pitch that
//! leaves sets it aside: visibly, never erased.
//!
//! Its doors: [`SealScorecard`] and [`Abstain`] are the judge's, and
//! [`RewordComment`] where an organiser made use of [`ReturnComment`]; what panels
//! and submissions say comes in by [`crate::intake`]; and an unsealing opens
//! it ([`crate::round::ConfirmUnsealing`]).

mod command;
mod error;
mod of_round;
mod rewording;
mod sheet;
mod state;
#[cfg(test)]
mod tests;

pub use command::{Abstain, AbstentionReason, ScorecardCommand, SealScorecard};
pub use error::ScorecardError;
pub use of_round::{OpenedMarks, ScorecardsOfRound};
pub use rewording::{ReturnComment, ReturnReason, RewordComment};
pub use sheet::Sheet;
pub use state::{Place, Scorecard, ScorecardEvent, Standing};

/// The most characters of a comment.
pub const MOST_IN_A_COMMENT: usize = 10_000;
