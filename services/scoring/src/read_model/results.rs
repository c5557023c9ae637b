use plaudit_chassis::ReadModel;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{PitchId, ProgrammeId, RoundId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_proto::scoring::v1::PitchRanked;
use serde::{Deserialize, Serialize};

use super::hex;

/// Every pitch's place in every declared result, in order of rank, shared
/// ranks and the unranked in running order.
pub struct Results;

/// A pitch's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultRow {
    /// Of which programme.
    pub programme: ProgrammeId,
    /// In which round.
    pub round: RoundId,
    /// Which.
    pub pitch: PitchId,
    /// Its place in the running order, from 1.
    pub order: u64,
    /// Absent: too few marks to be ranked.
    pub rank: Option<u32>,
    /// How many share the rank.
    pub shared_by: u32,
    /// What it is ranked by, if it is.
    pub total: Option<String>,
    /// How many count.
    pub scorecards: u32,
    /// SHA-256 of its part of the derivation, where marks are public.
    pub derivation: Option<String>,
}

impl ReadModel for Results {
    const NAME: &'static str = "results";
    const SOURCE: &'static str = "scoring";
    type Row = ResultRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let key = ranked(event)?.map(|place| format!("{}/{}", event.envelope.stream.id(), place.pitch));
        Ok(key.into_iter().collect())
    }

    fn apply(row: Option<ResultRow>, _: &str, event: &Recorded) -> Result<Option<ResultRow>, Unfoldable> {
        let Some(place) = ranked(event)? else { return Ok(row) };
        Ok(Some(ResultRow {
            programme: event.envelope.programme,
            round: RoundId(event.envelope.stream.id()),
            pitch: place.pitch.parse()?,
            // Places are declared in running order.
            order: event.envelope.version,
            rank: (place.rank > 0).then_some(place.rank),
            shared_by: place.shared_by,
            total: (place.rank > 0).then_some(place.total),
            scorecards: place.scorecards,
            derivation: (!place.derivation.is_empty()).then(|| hex(&place.derivation)),
        }))
    }

    fn index(row: &ResultRow) -> Index {
        let rank = row.rank.unwrap_or(u32::MAX);
        Index {
            programme: row.programme.0,
            owner: None,
            sort: format!("{}/{rank:010}/{:010}", row.round, row.order),
        }
    }
}

fn ranked(event: &Recorded) -> Result<Option<PitchRanked>, Unfoldable> {
    Ok(event.message("plaudit.scoring.v1.PitchRanked")?)
}
