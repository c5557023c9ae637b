//! A row for each member that is or was in a pitch's team: from a member to
//! their pitches. Whether they still are in the team, the pitch's row says.

use plaudit_chassis::ReadModel;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use serde::{Deserialize, Serialize};

use super::by_position;
use crate::pitch::PitchEvent;

/// The list of whose pitches they are.
pub struct Teams;

/// A member, and a pitch of theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeamRow {
    pub programme: ProgrammeId,
    pub member: MemberId,
    pub pitch: PitchId,
    /// Where they came in.
    pub position: u64,
}

impl ReadModel for Teams {
    const NAME: &'static str = "teams";
    const SOURCE: &'static str = "submissions";
    type Row = TeamRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let pitch = event.envelope.stream.id();
        match event.is::<PitchEvent>()? {
            Some(PitchEvent::PitchSubmitted(submitted)) => {
                Ok(submitted.team.iter().map(|member| format!("{member}/{pitch}")).collect())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn apply(row: Option<TeamRow>, key: &str, event: &Recorded) -> Result<Option<TeamRow>, Unfoldable> {
        if row.is_some() {
            return Ok(row);
        }
        let member = key.split('/').next().unwrap_or_default();
        Ok(Some(TeamRow {
            programme: event.envelope.programme,
            member: member.parse()?,
            pitch: PitchId(event.envelope.stream.id()),
            position: event.position,
        }))
    }

    fn index(row: &TeamRow) -> Index {
        Index { programme: row.programme.0, owner: Some(row.member.0), sort: by_position(row.position) }
    }
}
