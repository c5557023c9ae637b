//! The lists: programmes, pitches, whose pitches they are, and which have won. Rows carry
//! commitments, never content; content comes from the vault when it is asked
//! for by somebody who may see it.

mod pitches;
mod programmes;
mod teams;
mod winners;

pub use pitches::{PitchRow, Pitches};
pub use programmes::{ChangeKind, ProgrammeRow, Programmes};
pub use teams::Teams;
pub use winners::Winners;

/// A place in a list by the position of the event that began the row: all of
/// the same length, so that text sorts as numbers do.
fn by_position(position: u64) -> String {
    format!("{position:020}")
}
