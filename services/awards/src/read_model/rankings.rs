//! A row a place.

use plaudit_chassis::ReadModel;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{PitchId, ProgrammeId, RoundId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use serde::{Deserialize, Serialize};

use crate::ranking::RankingEvent;

/// Every round's ranking.
pub struct Rankings;

/// Where a pitch stands in a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// Of which programme.
    pub programme: ProgrammeId,
    /// In which round.
    pub round: RoundId,
    /// Which pitch.
    pub pitch: PitchId,
    /// Its rank, if it has one.
    pub rank: Option<u32>,
    /// How many share it.
    pub shared_by: u32,
    /// Where it was taken in: the order among equals.
    pub order: u64,
}

impl ReadModel for Rankings {
    const NAME: &'static str = "rankings";
    const SOURCE: &'static str = "awards";
    type Row = PlaceRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let Some(RankingEvent::PlaceTaken(place)) = event.is::<RankingEvent>()? else {
            return Ok(Vec::new());
        };
        Ok(vec![format!("{}/{}", event.envelope.stream.id(), place.pitch)])
    }

    fn apply(row: Option<PlaceRow>, _: &str, event: &Recorded) -> Result<Option<PlaceRow>, Unfoldable> {
        let Some(RankingEvent::PlaceTaken(place)) = event.is::<RankingEvent>()? else {
            return Ok(row);
        };
        Ok(Some(PlaceRow {
            programme: event.envelope.programme,
            round: RoundId(event.envelope.stream.id()),
            pitch: place.pitch.parse()?,
            rank: (place.rank > 0).then_some(place.rank),
            shared_by: place.shared_by,
            order: event.envelope.version,
        }))
    }

    fn index(row: &PlaceRow) -> Index {
        let rank = row.rank.unwrap_or(u32::MAX);
        Index {
            programme: row.programme.0,
            owner: Some(row.round.0),
            sort: format!("{rank:010} {:010}", row.order),
        }
    }
}
