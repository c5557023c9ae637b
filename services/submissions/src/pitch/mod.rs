//! A pitch: submitted (version 1, 2, … until the deadline; the last in time
//! counts) → screened eligible or ineligible, perhaps queried and answered
//! before → or withdrawn, or disqualified. A refusal may be looked at again
//! once, by another person. What it says lies in the vault; its drafts are no
//! events.

mod command;
mod error;
mod screening;
mod state;
#[cfg(test)]
mod tests;

use plaudit_proto::submissions::v1::{
    DisqualificationProposed, PitchDisqualified, PitchQueried, PitchReopened, PitchScreened, PitchSubmitted,
    PitchWithdrawn, QueryAnswered, ReopeningProposed, Screening,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use command::{
    Entering, Instruct, Look, PitchCommand, Submission, SubmitPitch, WithCall, enter, exists_in, submission,
};
pub use error::PitchError;
pub use state::{Decided, Pitch, Proposal};

plaudit_chassis::events! {
    /// What happens to a pitch.
    pub enum PitchEvent {
        "plaudit.submissions.v1" {
            PitchSubmitted, PitchWithdrawn, PitchQueried, QueryAnswered, PitchScreened,
            DisqualificationProposed, PitchDisqualified, ReopeningProposed, PitchReopened,
        }
    }
}

/// How far a pitch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In, and not decided on.
    Submitted,
    /// The organisers wait for an answer.
    Queried,
    /// The answer has come.
    Answered,
    /// Goes forward.
    Eligible,
    /// Doesn't.
    Ineligible,
    /// Its team took it back.
    Withdrawn,
    /// Two people put it out.
    Disqualified,
}

/// What screening says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Goes forward.
    Eligible,
    /// Doesn't, with a reason.
    Ineligible,
}

impl From<Outcome> for Screening {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Eligible => Self::Eligible,
            Outcome::Ineligible => Self::Ineligible,
        }
    }
}

impl Outcome {
    /// The contract's; what isn't a yes is a no.
    pub fn of(screening: Screening) -> Self {
        match screening {
            Screening::Eligible => Self::Eligible,
            Screening::Ineligible | Screening::Unspecified => Self::Ineligible,
        }
    }
}
