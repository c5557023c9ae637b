//! A refusal of what a manager asked for, as an event: nothing waits silently.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_proto::intake::v1::IntakeRefused;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::deciding::Deciding;
use crate::id::StreamId;
use crate::problem::{Never, Problem};
use crate::scope::{Decision, Scope};

crate::events! {
    /// What a programme's intake says.
    pub enum IntakeEvent {
        "plaudit.intake.v1" { IntakeRefused }
    }
}

/// The refusals of a programme's intake.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Intake;

impl Aggregate for Intake {
    const TYPE: &'static str = "intake";
    type Command = String;
    type Event = IntakeEvent;
    type Error = Never;
    type Services = Deciding;

    async fn handle(&mut self, code: String, _: &Deciding, sink: &EventSink<Self>) -> Result<(), Never> {
        sink.write(IntakeRefused { code }.into(), self).await;
        Ok(())
    }

    fn apply(&mut self, _: IntakeEvent) {}
}

/// Records that a rule said no.
pub(super) struct RecordRefusal {
    /// The command that was refused: each refusal has a stream of its own, so
    /// that many at once are not in each other's way.
    pub of: Uuid,
    /// The refusal's code.
    pub code: String,
}

impl Decision for RecordRefusal {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = StreamId::new("intake", self.of);
        scope.handle::<Intake>(&stream, self.code.clone()).await?;
        Ok(stream)
    }
}
