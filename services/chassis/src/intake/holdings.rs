//! At each milestone every service says how much it holds for the programme,
//! so that nothing can be left out unseen.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_proto::intake::v1::{HoldingsCounted, Milestone};
use serde::{Deserialize, Serialize};

use super::{AnyManager, Reaction, Timer};
use crate::deciding::Deciding;
use crate::event::Recorded;
use crate::id::StreamId;
use crate::problem::{Never, Problem};
use crate::read_model::Unfoldable;
use crate::scope::{AnyDecision, Decision, Scope};

/// The milestones and the sources that they come from.
const SOURCES: [(&str, &str); 3] = [
    ("count_at_call_closed", "submissions"),
    ("count_at_scoring", "scoring"),
    ("count_at_announcement", "awards"),
];

/// Follows one source's milestones.
pub(crate) struct CountHoldings {
    name: &'static str,
    source: &'static str,
}

impl CountHoldings {
    /// One for each source of milestones.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        SOURCES.into_iter().map(|(name, source)| Self { name, source })
    }
}

fn milestone(type_name: &str) -> Option<Milestone> {
    match type_name {
        "plaudit.submissions.v1.CallClosed" => Some(Milestone::CallClosed),
        "plaudit.scoring.v1.RoundLocked" => Some(Milestone::RoundLocked),
        "plaudit.scoring.v1.ResultDeclared" => Some(Milestone::ResultDeclared),
        "plaudit.awards.v1.WinnersAnnounced" => Some(Milestone::Announced),
        "plaudit.submissions.v1.ProgrammeConcluded" => Some(Milestone::Concluded),
        "plaudit.submissions.v1.ProgrammeCancelled" => Some(Milestone::Cancelled),
        _ => None,
    }
}

impl AnyManager for CountHoldings {
    fn name(&self) -> &'static str {
        self.name
    }

    fn source(&self) -> &'static str {
        self.source
    }

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let milestone = milestone(&event.envelope.type_name);
        let count = milestone.map(|milestone| Reaction::Do(Box::new(Count(milestone))));
        Ok(count.into_iter().collect())
    }

    fn due(&self, _: &Timer) -> Vec<Box<dyn AnyDecision>> {
        Vec::new()
    }
}

struct Count(Milestone);

impl Decision for Count {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        let as_of = crate::store::head(scope.store().pool()).await?;
        let held = scope.store().holdings(programme, as_of).await?;
        let stream = StreamId::new("holdings", programme.0);
        let counted = HoldingsCounted {
            milestone: self.0.into(),
            as_of,
            streams: held.streams,
            digest: bytes::Bytes::copy_from_slice(&held.digest),
        };
        scope.handle::<Counted>(&stream, counted).await?;
        Ok(stream)
    }
}

crate::events! {
    /// What a programme's holdings say.
    pub enum HoldingsEvent {
        "plaudit.intake.v1" { HoldingsCounted }
    }
}

/// The counts of a programme's holdings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Counted;

impl Aggregate for Counted {
    const TYPE: &'static str = "holdings";
    type Command = HoldingsCounted;
    type Event = HoldingsEvent;
    type Error = Never;
    type Services = Deciding;

    async fn handle(
        &mut self,
        counted: HoldingsCounted,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), Never> {
        sink.write(counted.into(), self).await;
        Ok(())
    }

    fn apply(&mut self, _: HoldingsEvent) {}
}
