//! What can be asked of a panel.

use plaudit_chassis::id::{JudgeId, MemberId, PitchId};

/// Each becomes an event, or a [`super::PanelError`].
#[derive(Clone, Debug)]
pub enum PanelCommand {
    /// There is to be a panel.
    Convene {
        /// The round, as the rulebook calls it.
        round: String,
        /// Whether judges see whose a pitch is.
        anonymous: bool,
    },
    /// Somebody is asked.
    OfferSeat {
        /// The seat.
        judge: JudgeId,
        /// Whose.
        member: MemberId,
    },
    /// Closes the list of assignments made in the same command.
    CompleteAssignments(Completed),
    /// The round can open.
    GetReady {
        /// Who is there.
        quorum: Quorum,
        /// All assignments that stand.
        assignments: Vec<(PitchId, JudgeId)>,
        /// A pitch that nobody is to mark.
        without: Option<PitchId>,
    },
}

/// A whole plan.
#[derive(Clone, Debug)]
pub struct Completed {
    /// Who was there when it was made.
    pub quorum: Quorum,
    /// Who marks what.
    pub assignments: Vec<(PitchId, JudgeId)>,
    /// As the rulebook says; 0: every judge marks every pitch.
    pub judges_per_pitch: u32,
    /// What the lots were drawn from.
    pub seed: [u8; 32],
}

/// Who has accepted and declared, against what the rulebook asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quorum {
    /// The least number of judges.
    pub needed: u32,
    /// How many there are.
    pub there: u32,
    /// Whether one of them must be independent.
    pub independent_needed: bool,
    /// Whether one is.
    pub independent_there: bool,
}
