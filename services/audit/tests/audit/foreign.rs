//! The other services, as far as they are needed here: each says what it is
//! told to.

use plaudit_proto::accounts::v1::MemberJoined;
use plaudit_proto::awards::v1::WinnersAnnounced;
use plaudit_proto::submissions::v1::{OrganiserConflictDeclared, RoleGranted, RulebookPublished};

plaudit_chassis::events! {
    pub enum Said {
        "plaudit.accounts.v1" { MemberJoined }
        "plaudit.submissions.v1" { RulebookPublished, RoleGranted, OrganiserConflictDeclared }
        "plaudit.awards.v1" { WinnersAnnounced }
    }
}
