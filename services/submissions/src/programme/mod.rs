//! A programme: drafted → rulebook published → call open → call closed →
//! screening completed → concluded, or cancelled on the way. Its doors are
//! [`ProgrammeCommand`] (what may be asked of it), [`Programme`] (what it
//! decides, and what it becomes), and the decisions in `command` that load
//! what a rule relies on.

mod auditors;
mod call;
mod command;
mod error;
mod forgetting;
mod state;
#[cfg(test)]
pub(crate) mod tests;

use plaudit_proto::submissions::v1::{
    AuditorAdmitted, AuditorDismissed, AuditorProposed, CallClosed, CallOpened, CallOpeningProposed,
    DeadlineMoved, EarlyClosingProposed, EntrantDeclined, EntrantInvited, ForgettingAsked,
    OrganiserConflictDeclared, ProgrammeCancelled, ProgrammeConcluded, ProgrammeDrafted, RoleGranted,
    RoleRevoked, RulebookAmended, RulebookPublished, ScreeningCompleted,
};
use plaudit_proto::v1;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use call::Call;
pub use command::{
    AboutMember, CompleteScreening, DeclareConflict, Draft, Entrusted, Instruct, ProgrammeCommand,
    WithEntrants, pitches_of,
};
pub use error::ProgrammeError;
pub use forgetting::{AskForgetting, Kept};
pub use state::{Invitation, Programme};

plaudit_chassis::events! {
    /// What happens to a programme.
    pub enum ProgrammeEvent {
        "plaudit.submissions.v1" {
            ProgrammeDrafted, RoleGranted, RoleRevoked, OrganiserConflictDeclared,
            RulebookPublished, RulebookAmended, CallOpeningProposed, CallOpened,
            EntrantInvited, EntrantDeclined, DeadlineMoved, EarlyClosingProposed,
            CallClosed, ScreeningCompleted, ProgrammeCancelled, ProgrammeConcluded,
            AuditorProposed, AuditorAdmitted, AuditorDismissed, ForgettingAsked,
        }
    }
}

/// How far a programme has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Only its organisers know of it.
    Drafted,
    /// Its rules are public.
    Published,
    /// Pitches come in.
    Open,
    /// Pitches are screened.
    Closed,
    /// The eligible pitches are fixed; the rest happens in other services.
    Screened,
    /// Over.
    Concluded,
    /// Called off.
    Cancelled,
}

/// What a member may be besides an entrant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the programme.
    Organiser,
    /// Holds the second key, and only that.
    Approver,
    /// Enters pitches or papers for others.
    Helper,
    /// Types paper marks.
    Teller,
}

impl From<Role> for v1::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Organiser => Self::Organiser,
            Role::Approver => Self::Approver,
            Role::Helper => Self::Helper,
            Role::Teller => Self::Teller,
        }
    }
}

impl Role {
    /// The contract's role; `None` for one that this version doesn't know.
    fn known(role: v1::Role) -> Option<Self> {
        match role {
            v1::Role::Organiser => Some(Self::Organiser),
            v1::Role::Approver => Some(Self::Approver),
            v1::Role::Helper => Some(Self::Helper),
            v1::Role::Teller => Some(Self::Teller),
            v1::Role::Unspecified => None,
        }
    }
}
