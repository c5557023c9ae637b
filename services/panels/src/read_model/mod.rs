//! The lists: panels, judges, assignments. Each is a fold of this service's
//! own events.

mod assignments;
mod judges;
mod panels;
mod seal;
#[cfg(test)]
mod tests;

pub use assignments::{AssignmentRow, Assignments};
pub use judges::{ConnectionRow, JudgeRow, Judges};
pub use panels::{PanelRow, Panels};
pub use seal::Seal;

use plaudit_chassis::read_model::Unfoldable;

/// A row that an event needs, and which the events before it made.
fn needed<R>(row: Option<R>, key: &str) -> Result<R, Unfoldable> {
    row.ok_or_else(|| Unfoldable::Wrong(format!("there is no row '{key}' yet")))
}
