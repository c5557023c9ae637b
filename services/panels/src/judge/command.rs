//! What can be asked of a judge's seat.

use bytes::Bytes;
use plaudit_chassis::id::{MemberId, PitchId, RoundId};
use plaudit_proto::panels::v1::{Connection, Office};
use plaudit_proto::v1::Reason;

/// Each becomes one or more events, or a [`super::JudgeError`].
#[derive(Clone, Debug)]
pub enum JudgeCommand {
    /// An organiser asks somebody onto the panel.
    Invite(Invitation),
    /// The judge says yes.
    Accept {
        /// The promise; without it there is no seat.
        confidentiality: bool,
    },
    /// The judge says no.
    Decline,
    /// The judge leaves, or an organiser ends the seat.
    StandDown(Reason),
    /// The one declaration of interest.
    Declare(Declaration),
    /// An organiser lets the judge mark a pitch that they know.
    Allow(PitchId),
    /// A conflict found later: a wall from now on.
    Recuse {
        /// Of which pitch.
        pitch: PitchId,
        /// The published code.
        reason: Reason,
        /// The commitment of its sealed words; empty where there are none.
        nature: Bytes,
    },
    /// Pitches to mark.
    Assign(Vec<PitchId>),
    /// Pitches not to mark after all, each with its reason.
    Withdraw(Vec<(PitchId, Reason)>),
}

/// The terms on which somebody is asked.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The round whose panel it is.
    pub panel: RoundId,
    /// Who.
    pub member: MemberId,
    /// Judge, chair or deputy.
    pub office: Office,
    /// Independent of the promoter and the sponsors.
    pub independent: bool,
    /// The most pitches they will take; 0: no limit.
    pub cap: u32,
}

/// A judge's answer about every pitch.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// The commitment of the listed interests; empty where none are listed.
    pub interests: Bytes,
    /// The pitches with a connection.
    pub connections: Vec<Declared>,
    /// That there is none to any other.
    pub none_for_the_rest: bool,
    /// Every pitch that is to be judged.
    pub eligible: Vec<PitchId>,
}

/// A connection to one pitch.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Which.
    pub pitch: PitchId,
    /// Known, or standing aside.
    pub connection: Connection,
    /// The commitment of its sealed words; empty where there are none.
    pub nature: Bytes,
}
