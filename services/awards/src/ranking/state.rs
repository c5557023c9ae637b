//! Who stands where.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::PitchId;
use plaudit_proto::awards::v1::{PlaceTaken, RankingTaken};
use serde::{Deserialize, Serialize};

use super::{RankingCommand, RankingError};

plaudit_chassis::events! {
    /// What happens to a ranking.
    pub enum RankingEvent {
        "plaudit.awards.v1" { PlaceTaken, RankingTaken }
    }
}

/// A result as awards has taken it in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// By rank, a shared rank in running order, then those without a rank.
    places: Vec<Place>,
    whole: bool,
}

/// Where one pitch stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The pitch.
    pub pitch: PitchId,
    /// Its rank, from 1; `None`: too few marks.
    pub rank: Option<u32>,
    /// How many share the rank.
    pub shared_by: u32,
}

impl Ranking {
    /// Every place in order, once the ranking is whole.
    pub fn places(&self) -> Option<&[Place]> {
        self.whole.then_some(self.places.as_slice())
    }

    /// A pitch's rank, if it has one.
    pub fn rank(&self, pitch: PitchId) -> Option<u32> {
        self.places.iter().find(|place| place.pitch == pitch)?.rank
    }

    fn place(&self, place: &Place) -> Result<PlaceTaken, RankingError> {
        // A whole ranking that hears of places again is being superseded.
        let known = self.places.iter().any(|known| known.pitch == place.pitch);
        if !self.whole && known {
            return Err(RankingError::PlacedTwice);
        }
        Ok(PlaceTaken {
            pitch: place.pitch.into(),
            rank: place.rank.unwrap_or_default(),
            shared_by: place.shared_by,
        })
    }

    fn close(&self, round: String, places: u32) -> Result<RankingTaken, RankingError> {
        let taken = if self.whole { 0 } else { self.places.len() };
        if taken != places as usize {
            return Err(RankingError::Incomplete { taken, places });
        }
        Ok(RankingTaken { round, places })
    }
}

impl Aggregate for Ranking {
    const TYPE: &'static str = "ranking";
    type Command = RankingCommand;
    type Event = RankingEvent;
    type Error = RankingError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: RankingCommand,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), RankingError> {
        let event: RankingEvent = match command {
            RankingCommand::Place(place) => self.place(&place)?.into(),
            RankingCommand::Close { round, places } => self.close(round, places)?.into(),
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: RankingEvent) {
        match event {
            RankingEvent::PlaceTaken(place) => {
                if std::mem::take(&mut self.whole) {
                    self.places.clear();
                }
                self.places.push(Place {
                    pitch: place.pitch.parse().unwrap_or_default(),
                    rank: (place.rank > 0).then_some(place.rank),
                    shared_by: place.shared_by,
                });
            }
            RankingEvent::RankingTaken(_) => {
                self.whole = true;
                // As scoring wrote it, already; the split relies on it.
                self.places.sort_by_key(|place| place.rank.unwrap_or(u32::MAX));
            }
        }
    }
}
