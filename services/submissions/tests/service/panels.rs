//! The events of panels that the wall is made of, without panels' rules.

use plaudit_chassis::foreign::Say;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, RoundId};
use plaudit_chassis::{Actor, Ask, Module};
use plaudit_proto::panels::v1::*;
use plaudit_proto::v1::Reason;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::stand::{PROGRAMME, Stand};

plaudit_chassis::events! {
    pub enum JudgeEvent {
        "plaudit.panels.v1" {
            JudgeInvited, JudgeAccepted, DeclarationConfirmed, AssignmentMade, JudgeRecused,
        }
    }
}

pub fn module() -> Module {
    Module {
        name: "panels",
        api: OpenApiRouter::new(),
        read_models: Vec::new(),
        managers: Vec::new(),
        migrations: None,
        on_record: true,
        background: Vec::new(),
    }
}

/// Something happens to a judge of the den.
pub async fn happened(stand: &Stand, member: MemberId, event: impl Into<JudgeEvent>) {
    let ask = Ask {
        command: Uuid::new_v4(),
        mac: None,
        programme: PROGRAMME,
        actor: Actor::Member(member),
        on_behalf: None,
        received_at: stand.now(),
        if_match: None,
        cause: None,
    };
    let said = Say(vec![(JudgeId::of(den(), member).stream(), event.into())]);
    stand.panels.service.run(&ask, &said).await.unwrap();
}

fn den() -> RoundId {
    RoundId::of(PROGRAMME, "den")
}

pub async fn sits(stand: &Stand, member: MemberId) {
    let invited = JudgeInvited { panel: den().into(), member: member.into(), ..Default::default() };
    happened(stand, member, invited).await;
    happened(stand, member, JudgeAccepted {}).await;
}

pub async fn assigned(stand: &Stand, member: MemberId, pitch: PitchId) {
    let made = AssignmentMade { pitch: pitch.into(), panel: den().into(), member: member.into() };
    happened(stand, member, made).await;
}

pub async fn recused(stand: &Stand, member: MemberId, pitch: PitchId) {
    let recused = JudgeRecused {
        pitch: pitch.into(),
        reason: Reason::ConflictOfInterest.into(),
        panel: den().into(),
        member: member.into(),
        ..Default::default()
    };
    happened(stand, member, recused).await;
}
