use plaudit_chassis::ReadModel;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{JudgeId, PitchId, ProgrammeId, RoundId, ScorecardId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use serde::{Deserialize, Serialize};

use crate::scorecard::{ScorecardEvent, Standing};

/// Every scorecard: where it belongs and how it stands. Never a mark.
pub struct Scorecards;

/// A scorecard in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScorecardRow {
    /// Which.
    pub scorecard: ScorecardId,
    /// Of which programme.
    pub programme: ProgrammeId,
    /// In which round.
    pub round: RoundId,
    /// On which pitch.
    pub pitch: PitchId,
    /// From which judge.
    pub judge: JudgeId,
    /// How it stands.
    pub status: Standing,
    /// How often it was sealed.
    pub sealing: u32,
}

impl ReadModel for Scorecards {
    const NAME: &'static str = "scorecards";
    const SOURCE: &'static str = "scoring";
    type Row = ScorecardRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let ours = event.envelope.stream.noun() == ScorecardId::NOUN;
        Ok(ours.then(|| event.envelope.stream.id().to_string()).into_iter().collect())
    }

    fn apply(
        row: Option<ScorecardRow>,
        _: &str,
        event: &Recorded,
    ) -> Result<Option<ScorecardRow>, Unfoldable> {
        let Some(happened) = event.is::<ScorecardEvent>()? else { return Ok(row) };
        if let ScorecardEvent::ScorecardExpected(expected) = &happened {
            return Ok(Some(ScorecardRow {
                scorecard: ScorecardId(event.envelope.stream.id()),
                programme: event.envelope.programme,
                round: expected.round.parse()?,
                pitch: expected.pitch.parse()?,
                judge: expected.judge.parse()?,
                status: Standing::Expected,
                sealing: row.map_or(0, |row| row.sealing),
            }));
        }
        let nowhere = || Unfoldable::Wrong("a scorecard begins with being expected".to_owned());
        let mut row = row.ok_or_else(nowhere)?;
        match happened {
            ScorecardEvent::ScorecardSealed(sealed) => {
                row.sealing = sealed.sealing;
                row.status = Standing::Sealed;
            }
            ScorecardEvent::ScorecardAbstained(_) => row.status = Standing::Abstained,
            ScorecardEvent::ScorecardReleased(_) => row.status = Standing::Released,
            ScorecardEvent::ScorecardSetAside(_) => row.status = Standing::SetAside,
            ScorecardEvent::ScorecardExpected(_)
            | ScorecardEvent::ScorecardUnsealed(_)
            | ScorecardEvent::CommentReturned(_)
            | ScorecardEvent::CommentReworded(_) => {}
        }
        Ok(Some(row))
    }

    /// By the judge's seat: it knows the member, and the event names it.
    fn index(row: &ScorecardRow) -> Index {
        Index {
            programme: row.programme.0,
            owner: Some(row.judge.0),
            sort: format!("{}/{}", row.round, row.pitch),
        }
    }
}
