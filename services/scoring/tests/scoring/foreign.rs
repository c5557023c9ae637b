//! The other services, as far as they are needed here: a log each, that says
//! what it is told to.

use plaudit_proto::awards::v1::WinnersAnnounced;
use plaudit_proto::panels::v1::{
    AssignmentMade, AssignmentWithdrawn, DeclarationConfirmed, JudgeAccepted, JudgeInvited, JudgeRecused,
    PanelReady,
};
use plaudit_proto::submissions::v1::{
    OrganiserConflictDeclared, PitchDisqualified, PitchSubmitted, PitchWithdrawn, ProgrammeCancelled,
    RoleGranted, RulebookPublished,
};

plaudit_chassis::events! {
    pub enum Said {
        "plaudit.submissions.v1" {
            RoleGranted, RulebookPublished, OrganiserConflictDeclared, PitchSubmitted, PitchWithdrawn,
            PitchDisqualified, ProgrammeCancelled,
        }
        "plaudit.panels.v1" {
            JudgeInvited, JudgeAccepted, DeclarationConfirmed, JudgeRecused, AssignmentMade,
            AssignmentWithdrawn, PanelReady,
        }
        "plaudit.awards.v1" { WinnersAnnounced }
    }
}
