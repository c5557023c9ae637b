//! The announcement of a programme's winners, as awards said it: from then on
//! results are public.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::id::{ProgrammeId, StreamId};
use plaudit_chassis::{Deciding, Refusal};
use plaudit_proto::intake::v1::{FactTaken, fact_taken::Fact};
use serde::{Deserialize, Serialize};

plaudit_chassis::events! {
    /// What is taken in of it.
    pub enum AnnouncementEvent {
        "plaudit.intake.v1" { FactTaken }
    }
}

/// Whether winners are announced.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Announcement {
    /// They are.
    pub made: bool,
}

/// Taking in what was announced can't be refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AnnouncementError {}

impl Refusal for AnnouncementError {
    fn code(&self) -> &'static str {
        match *self {}
    }
}

/// The stream of a programme's announcement, named as at awards.
pub fn stream(programme: ProgrammeId) -> StreamId {
    StreamId::new("pot", programme.0)
}

impl Aggregate for Announcement {
    const TYPE: &'static str = "announcement";
    type Command = FactTaken;
    type Event = AnnouncementEvent;
    type Error = AnnouncementError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        announced: FactTaken,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), AnnouncementError> {
        if !self.made {
            sink.write(announced.into(), self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: AnnouncementEvent) {
        let AnnouncementEvent::FactTaken(taken) = event;
        self.made |= matches!(taken.fact, Some(Fact::WinnersAnnounced(_)));
    }
}
