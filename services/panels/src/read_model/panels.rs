use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{ProgrammeId, RoundId};
use plaudit_chassis::read_model::{Index, ReadModel, Unfoldable};
use serde::{Deserialize, Serialize};

use super::needed;
use crate::panel::PanelEvent;
use crate::words::PanelState;

/// One row a panel; its key is the round's id.
pub struct Panels;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelRow {
    pub programme: ProgrammeId,
    pub panel: RoundId,
    /// As the rulebook calls the round.
    pub round: String,
    pub anonymous: bool,
    pub state: PanelState,
    /// Once assignments were made; 0: every judge marks every pitch.
    pub judges_per_pitch: Option<u32>,
    /// The stream's.
    pub version: u64,
}

impl ReadModel for Panels {
    const NAME: &'static str = "panels";
    const SOURCE: &'static str = "panels";
    type Row = PanelRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let ours = event.is::<PanelEvent>()?;
        Ok(ours.map(|_| event.envelope.stream.id().to_string()).into_iter().collect())
    }

    fn apply(row: Option<PanelRow>, key: &str, event: &Recorded) -> Result<Option<PanelRow>, Unfoldable> {
        let mut row = match event.is::<PanelEvent>()? {
            None => return Ok(row),
            Some(PanelEvent::PanelConvened(convened)) => PanelRow {
                programme: event.envelope.programme,
                panel: RoundId(event.envelope.stream.id()),
                round: convened.round,
                anonymous: convened.anonymous,
                state: PanelState::Convened,
                judges_per_pitch: None,
                version: 0,
            },
            Some(PanelEvent::SeatOffered(_)) => needed(row, key)?,
            Some(PanelEvent::AssignmentsCompleted(completed)) => PanelRow {
                state: PanelState::Assigned,
                judges_per_pitch: Some(completed.judges_per_pitch),
                ..needed(row, key)?
            },
            Some(PanelEvent::PanelReady(_)) => PanelRow { state: PanelState::Ready, ..needed(row, key)? },
        };
        row.version = event.envelope.version;
        Ok(Some(row))
    }

    fn index(row: &PanelRow) -> Index {
        Index { programme: row.programme.0, owner: None, sort: row.round.clone() }
    }
}
