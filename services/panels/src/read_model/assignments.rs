use jiff::Timestamp;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::id;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::read_model::{Index, ReadModel, Unfoldable};
use serde::{Deserialize, Serialize};

use crate::judge::JudgeEvent;

/// One row an assignment that stands; its key is judge and pitch, its owner
/// the judging member.
pub struct Assignments;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentRow {
    pub programme: ProgrammeId,
    pub panel: RoundId,
    pub pitch: PitchId,
    pub judge: JudgeId,
    pub member: MemberId,
    pub made_at: Timestamp,
}

impl AssignmentRow {
    /// The key of what `judge` is to mark.
    pub fn key(judge: JudgeId, pitch: PitchId) -> String {
        format!("{judge}/{pitch}")
    }
}

impl ReadModel for Assignments {
    const NAME: &'static str = "assignments";
    const SOURCE: &'static str = "panels";
    type Row = AssignmentRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let pitch = match event.is::<JudgeEvent>()? {
            Some(JudgeEvent::AssignmentMade(made)) => made.pitch,
            Some(JudgeEvent::AssignmentWithdrawn(withdrawn)) => withdrawn.pitch,
            _ => return Ok(Vec::new()),
        };
        Ok(vec![AssignmentRow::key(JudgeId(event.envelope.stream.id()), id(&pitch))])
    }

    fn apply(
        row: Option<AssignmentRow>,
        _: &str,
        event: &Recorded,
    ) -> Result<Option<AssignmentRow>, Unfoldable> {
        match event.is::<JudgeEvent>()? {
            Some(JudgeEvent::AssignmentMade(made)) => Ok(Some(AssignmentRow {
                programme: event.envelope.programme,
                panel: id(&made.panel),
                pitch: id(&made.pitch),
                judge: JudgeId(event.envelope.stream.id()),
                member: id(&made.member),
                made_at: event.envelope.time,
            })),
            Some(JudgeEvent::AssignmentWithdrawn(_)) => Ok(None),
            _ => Ok(row),
        }
    }

    fn index(row: &AssignmentRow) -> Index {
        Index { programme: row.programme.0, owner: Some(row.member.0), sort: row.pitch.to_string() }
    }
}
