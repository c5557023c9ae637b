//! The other services, as far as they are needed here: each says what it is
//! told to.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::id::StreamId;
use plaudit_chassis::{Deciding, Decision, Problem, Refusal, Scope};
use plaudit_proto::accounts::v1::MemberJoined;
use plaudit_proto::awards::v1::WinnersAnnounced;
use plaudit_proto::submissions::v1::{OrganiserConflictDeclared, RoleGranted, RulebookPublished};
use serde::{Deserialize, Serialize};

plaudit_chassis::events! {
    pub enum Said {
        "plaudit.accounts.v1" { MemberJoined }
        "plaudit.submissions.v1" { RulebookPublished, RoleGranted, OrganiserConflictDeclared }
        "plaudit.awards.v1" { WinnersAnnounced }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Foreign;

#[derive(Debug, thiserror::Error)]
pub enum Never {}

impl Refusal for Never {
    fn code(&self) -> &'static str {
        match *self {}
    }
}

impl Aggregate for Foreign {
    const TYPE: &'static str = "foreign";
    type Command = Said;
    type Event = Said;
    type Error = Never;
    type Services = Deciding;

    async fn handle(&mut self, said: Said, _: &Deciding, sink: &EventSink<Self>) -> Result<(), Never> {
        sink.write(said, self).await;
        Ok(())
    }

    fn apply(&mut self, _: Said) {}
}

/// Appends events to a foreign service's log.
pub struct Say(pub Vec<(StreamId, Said)>);

impl Decision for Say {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        for (stream, said) in &self.0 {
            scope.handle::<Foreign>(stream, said.clone()).await?;
        }
        Ok(self.0[0].0.clone())
    }
}
