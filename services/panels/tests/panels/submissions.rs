//! The smallest service that says what submissions would say.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::id::{MemberId, PitchId, StreamId};
use plaudit_chassis::{Deciding, Decision, Module, Problem, Refusal, Scope};
use plaudit_proto::submissions::v1::*;
use plaudit_proto::v1::{Role, Round, Rulebook};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;

plaudit_chassis::events! {
    pub enum Said {
        "plaudit.submissions.v1" {
            RoleGranted, RulebookPublished, OrganiserConflictDeclared, ScreeningCompleted,
            ProgrammeCancelled, PitchSubmitted, PitchScreened, PitchWithdrawn,
        }
    }
}

/// Says whatever it is told to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Voice;

#[derive(Debug, thiserror::Error)]
enum Never {}

impl Refusal for Never {
    fn code(&self) -> &'static str {
        "never"
    }
}

impl Aggregate for Voice {
    const TYPE: &'static str = "voice";
    type Command = Vec<Said>;
    type Event = Said;
    type Error = Never;
    type Services = Deciding;

    async fn handle(&mut self, said: Vec<Said>, _: &Deciding, sink: &EventSink<Self>) -> Result<(), Never> {
        for event in said {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, _: Said) {}
}

/// Appends these events to a stream.
pub struct Say(pub StreamId, pub Vec<Said>);

impl Decision for Say {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        scope.handle::<Voice>(&self.0, self.1.clone()).await?;
        Ok(self.0.clone())
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
