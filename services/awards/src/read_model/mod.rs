//! What is listed: awards with how far their payment is, pledges of support,
//! and rankings. Each row is folded from this service's own events alone.

mod announcements;
mod awards;
mod rankings;
mod support;
#[cfg(test)]
mod tests;

pub use announcements::Announcements;
pub use awards::{AwardRow, Awards, PayoutPart, PayoutStep, Withdrawal};
pub use rankings::{PlaceRow, Rankings};
pub use support::{ScheduledPart, SupportRow, Supports};

use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::MemberId;
use plaudit_chassis::read_model::Unfoldable;

/// The member who did it; none: a timer or a manager.
fn actor(event: &Recorded) -> Option<MemberId> {
    event.envelope.actor.strip_prefix("member/")?.parse().ok()
}

/// An event on a row that should be there and is not.
fn no_row(event: &Recorded) -> Unfoldable {
    Unfoldable::Wrong(format!("{} comes before its row began", event.place()))
}
