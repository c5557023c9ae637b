//! The lists of this service: folds of its own events.

mod results;
mod rounds;
mod scorecards;

pub use results::{ResultRow, Results};
pub use rounds::{RoundRow, Rounds};
pub use scorecards::{ScorecardRow, Scorecards};

/// Bytes as they are shown.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
