//! What is listed: awards with how far their payment is, pledges of support,
//! and rankings. Each row is folded from this service's own events alone.

mod awards;
mod rankings;
mod support;
#[cfg(test)]
mod tests;

pub use awards::{AwardRow, Awards, Withdrawal};
pub use rankings::{PlaceRow, Rankings};
pub use support::{ScheduledPart, SupportRow, Supports};

use plaudit_chassis::event::Recorded;
use plaudit_chassis::read_model::Unfoldable;

/// An event on a row that should be there and is not.
fn no_row(event: &Recorded) -> Unfoldable {
    Unfoldable::Wrong(format!("{} comes before its row began", event.place()))
}
