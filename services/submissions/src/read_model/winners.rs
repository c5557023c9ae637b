//! A row an award, folded from what awards says: which pitches have won, once
//! everybody may know it.

use plaudit_chassis::ReadModel;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::id;
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_proto::awards::v1::{AwardAnnounced, AwardProposed, AwardWithdrawn};
use serde::{Deserialize, Serialize};

use super::by_position;

plaudit_chassis::events! {
    /// What becomes of an award, as far as it makes a name public.
    #[expect(clippy::enum_variant_names, reason = "an event is named as its contract names it")]
    pub enum AwardEvent {
        "plaudit.awards.v1" { AwardProposed, AwardAnnounced, AwardWithdrawn }
    }
}

/// The list of awards.
pub struct Winners;

/// An award.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WinnerRow {
    pub programme: ProgrammeId,
    pub pitch: PitchId,
    /// Everybody may know of it, and it stands.
    pub announced: bool,
    /// Where it began.
    pub position: u64,
}

impl ReadModel for Winners {
    const NAME: &'static str = "winners";
    const SOURCE: &'static str = "awards";
    type Row = WinnerRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let award = event.envelope.stream.id();
        Ok(event.is::<AwardEvent>()?.map(|_| award.to_string()).into_iter().collect())
    }

    fn apply(row: Option<WinnerRow>, _: &str, event: &Recorded) -> Result<Option<WinnerRow>, Unfoldable> {
        Ok(match (event.is::<AwardEvent>()?, row) {
            (Some(AwardEvent::AwardProposed(proposed)), None) => Some(WinnerRow {
                programme: event.envelope.programme,
                pitch: id(&proposed.pitch),
                announced: false,
                position: event.position,
            }),
            (Some(AwardEvent::AwardAnnounced(_)), Some(row)) => Some(WinnerRow { announced: true, ..row }),
            (Some(AwardEvent::AwardWithdrawn(_)), Some(row)) => Some(WinnerRow { announced: false, ..row }),
            (_, row) => row,
        })
    }

    fn index(row: &WinnerRow) -> Index {
        Index { programme: row.programme.0, owner: None, sort: by_position(row.position) }
    }
}
