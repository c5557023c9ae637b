//! What a decision may know besides its aggregate: when, and who.

use jiff::Timestamp;

use crate::id::MemberId;

/// The `Services` of every aggregate. A decision has no I/O; this is all.
#[derive(Clone, Debug)]
pub struct Deciding {
    /// When it is decided: the event's `time`.
    pub now: Timestamp,
    /// When the last byte of the request had arrived: deadlines compare this.
    pub received_at: Timestamp,
    /// Who asks; `None` for a process manager or timer.
    pub actor: Option<MemberId>,
}

impl Deciding {
    /// The member who asks. A process manager's decisions never ask who.
    pub fn member(&self) -> MemberId {
        self.actor.unwrap_or_default()
    }
}
