use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::StreamId;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::{Decision, Problem, ProcessManager, Reaction, Scope};
use plaudit_proto::intake::v1::{FactTaken, fact_taken::Fact};

use crate::announcement::{self, Announcement};

/// Takes in that a programme's winners are announced.
pub struct TakeAnnouncement;

impl ProcessManager for TakeAnnouncement {
    const NAME: &'static str = "take_announcement";
    const SOURCE: &'static str = "awards";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let announced = event.message("plaudit.awards.v1.WinnersAnnounced")?;
        let taken = announced.map(|announced| FactTaken {
            fact: Some(Fact::WinnersAnnounced(announced)),
            actor: event.envelope.actor.strip_prefix("member/").unwrap_or_default().to_owned(),
        });
        let reaction = taken.map(|fact| Reaction::Do(Box::new(Take(fact))));
        Ok(reaction.into_iter().collect())
    }
}

struct Take(FactTaken);

impl Decision for Take {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = announcement::stream(scope.programme());
        scope.handle::<Announcement>(&stream, self.0.clone()).await?;
        Ok(stream)
    }
}
