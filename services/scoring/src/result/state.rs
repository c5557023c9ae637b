use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::Deciding;
use plaudit_proto::scoring::v1::{PitchRanked, ResultDeclared};
use serde::{Deserialize, Serialize};

use super::{ResultCommand, ResultError};

plaudit_chassis::events! {
    /// What happens to a result.
    pub enum ResultEvent {
        "plaudit.scoring.v1" { PitchRanked, ResultDeclared }
    }
}

/// The result of a round.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RoundResult {
    /// Set once it is declared.
    pub declared: Option<ResultDeclared>,
}

impl Aggregate for RoundResult {
    const TYPE: &'static str = "result";
    type Command = ResultCommand;
    type Event = ResultEvent;
    type Error = ResultError;
    type Services = Deciding;

    /// Declares it, once.
    async fn handle(
        &mut self,
        command: ResultCommand,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), ResultError> {
        let ResultCommand::Declare { places, declared } = command;
        if self.declared.is_some() {
            return Ok(());
        }
        for place in places {
            sink.write(place.into(), self).await;
        }
        sink.write(declared.into(), self).await;
        Ok(())
    }

    fn apply(&mut self, event: ResultEvent) {
        match event {
            ResultEvent::PitchRanked(_) => {}
            ResultEvent::ResultDeclared(declared) => self.declared = Some(declared),
        }
    }
}
