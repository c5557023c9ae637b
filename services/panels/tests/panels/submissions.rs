//! The smallest service that says what submissions would say.

use plaudit_chassis::Module;
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_proto::submissions::v1::*;
use plaudit_proto::v1::{Role, Round, Rulebook};
use utoipa_axum::router::OpenApiRouter;

plaudit_chassis::events! {
    pub enum Said {
        "plaudit.submissions.v1" {
            RoleGranted, RulebookPublished, OrganiserConflictDeclared, ScreeningCompleted,
            ProgrammeCancelled, PitchSubmitted, PitchScreened, PitchWithdrawn,
        }
    }
}

pub fn module() -> Module {
    Module {
        name: "submissions",
        api: OpenApiRouter::new(),
        read_models: Vec::new(),
        managers: Vec::new(),
        migrations: None,
        on_record: true,
        background: Vec::new(),
    }
}

pub fn granted(member: MemberId, role: Role) -> Said {
    RoleGranted { member: member.into(), role: role.into() }.into()
}

pub fn rulebook(round: Round) -> Said {
    let rulebook = Rulebook { rounds: vec![round], ..Rulebook::default() };
    RulebookPublished { rulebook: Some(rulebook), ..RulebookPublished::default() }.into()
}

pub fn submitted(team: MemberId) -> Said {
    PitchSubmitted { submission: 1, team: vec![team.into()], ..PitchSubmitted::default() }.into()
}

pub fn screened(outcome: Screening, again: bool) -> Said {
    PitchScreened { outcome: outcome.into(), again, ..PitchScreened::default() }.into()
}

pub fn conflict(member: MemberId, pitch: PitchId) -> Said {
    let (member, pitch) = (member.into(), pitch.into());
    OrganiserConflictDeclared { member, pitch, ..OrganiserConflictDeclared::default() }.into()
}

pub fn completed() -> Said {
    ScreeningCompleted { digest: vec![9; 32].into(), ..ScreeningCompleted::default() }.into()
}
