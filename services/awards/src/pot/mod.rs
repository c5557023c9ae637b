//! The pot of a programme: what is promised of it, and the one moment in which
//! the winners are announced. Every award reserves its amount here with its
//! proposal and gives it back when it falls, so that two proposals at once
//! can't promise the same money.
//!
//! [`command`] announces, now or at a set moment, [`state`] guards the sum and each prize's shares.

mod command;
mod error;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    AnnounceAsScheduled, AnnounceWinners, PotCommand, Reservation, ScheduleAnnouncement,
    UnscheduleAnnouncement,
};
pub use error::PotError;
pub use state::{Pot, PotEvent};

use plaudit_chassis::id::{ProgrammeId, StreamId};

/// The stream of a programme's pot.
pub fn stream(programme: ProgrammeId) -> StreamId {
    StreamId::new("pot", programme.0)
}
