//! Taking declared results in.

use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::RoundId;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::{ProcessManager, Reaction};
use plaudit_proto::scoring::v1::{PitchRanked, ResultDeclared};

use crate::ranking::{TakePlace, TakeRanking};

plaudit_chassis::events! {
    /// What of a result is taken in.
    enum ResultEvent {
        "plaudit.scoring.v1" { PitchRanked, ResultDeclared }
    }
}

/// Takes a result in as scoring declared it: place by place, then the whole.
pub struct TakeResults;

impl ProcessManager for TakeResults {
    const NAME: &'static str = "take_results";
    const SOURCE: &'static str = "scoring";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let round = RoundId(event.envelope.stream.id());
        let reaction = match event.is::<ResultEvent>()? {
            Some(ResultEvent::PitchRanked(ranked)) => Reaction::Do(Box::new(TakePlace {
                round,
                pitch: ranked.pitch.parse()?,
                rank: (ranked.rank > 0).then_some(ranked.rank),
                shared_by: ranked.shared_by,
            })),
            Some(ResultEvent::ResultDeclared(declared)) => {
                Reaction::Do(Box::new(TakeRanking { round, slug: declared.round, places: declared.pitches }))
            }
            None => return Ok(Vec::new()),
        };
        Ok(vec![reaction])
    }
}
