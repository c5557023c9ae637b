//! The other services, as far as they are needed here: each says what it is
//! told to.

use plaudit_proto::accounts::v1::{MemberForgotten, MemberInvited, MemberJoined};
use plaudit_proto::awards::v1::{
    AwardAccepted, AwardAnnounced, AwardProposed, PayoutSent, SupportAccepted, SupportDelivered,
    SupportPledged, WinnersAnnounced,
};
use plaudit_proto::panels::v1::{AssignmentMade, AssignmentsCompleted, JudgeAccepted, JudgeInvited};
use plaudit_proto::scoring::v1::{
    CommentReturned, Mark, RoundLocked, ScorecardExpected, ScorecardSealed, ScorecardUnsealed,
};
use plaudit_proto::submissions::v1::{
    CallClosed, CallOpened, DeadlineMoved, EntrantInvited, OrganiserConflictDeclared, PitchQueried,
    PitchSubmitted, PitchWithdrawn, ProgrammeCancelled, ProgrammeDrafted, QueryAnswered, RoleGranted,
    RoleRevoked, RulebookAmended, RulebookPublished,
};

plaudit_chassis::events! {
    pub enum Said {
        "plaudit.accounts.v1" { MemberInvited, MemberJoined, MemberForgotten }
        "plaudit.submissions.v1" {
            ProgrammeDrafted, RoleGranted, RoleRevoked, OrganiserConflictDeclared, RulebookPublished,
            RulebookAmended, CallOpened, EntrantInvited, DeadlineMoved, CallClosed, ProgrammeCancelled,
            PitchSubmitted, PitchWithdrawn, PitchQueried, QueryAnswered,
        }
        "plaudit.panels.v1" { JudgeInvited, JudgeAccepted, AssignmentMade, AssignmentsCompleted }
        "plaudit.scoring.v1" {
            ScorecardExpected, ScorecardSealed, ScorecardUnsealed, RoundLocked, CommentReturned,
        }
        "plaudit.awards.v1" {
            AwardProposed, AwardAnnounced, WinnersAnnounced, AwardAccepted, PayoutSent, SupportPledged,
            SupportAccepted, SupportDelivered,
        }
    }
}

/// A mark, as it is published.
pub fn mark(mark: &str) -> ScorecardUnsealed {
    let marks = vec![Mark { criterion: "merit".to_owned(), mark: mark.to_owned() }];
    ScorecardUnsealed { marks, ..ScorecardUnsealed::default() }
}
