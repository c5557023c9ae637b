//! A row a pitch.

use cqrs_es::Aggregate;
use plaudit_chassis::ReadModel;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_chassis::vault::Commitment;
use plaudit_proto::submissions::v1::{PitchScreened, PitchSubmitted};
use serde::{Deserialize, Serialize};

use super::by_position;
use crate::pitch::{Pitch, PitchEvent};

/// The list of pitches.
pub struct Pitches;

/// A pitch as its own events tell it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PitchRow {
    pub id: PitchId,
    pub programme: ProgrammeId,
    /// What it would decide on.
    pub pitch: Pitch,
    pub version: u64,
    /// Where it began.
    pub position: u64,
    /// The last one in time, which counts.
    pub submitted: PitchSubmitted,
    pub screened: Option<PitchScreened>,
    pub question: Commitment,
    pub answer: Commitment,
}

impl ReadModel for Pitches {
    const NAME: &'static str = "pitches";
    const SOURCE: &'static str = "submissions";
    type Row = PitchRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let stream = &event.envelope.stream;
        let ours = stream.noun() == PitchId::NOUN;
        Ok(ours.then(|| stream.id().to_string()).into_iter().collect())
    }

    fn apply(row: Option<PitchRow>, _: &str, event: &Recorded) -> Result<Option<PitchRow>, Unfoldable> {
        let Some(happened) = event.is::<PitchEvent>()? else { return Ok(row) };
        let mut row = row.unwrap_or_else(|| begun(event));
        match &happened {
            PitchEvent::PitchSubmitted(submitted) => {
                row.submitted = submitted.clone();
                row.screened = None;
            }
            PitchEvent::PitchScreened(screened) => row.screened = Some(screened.clone()),
            PitchEvent::PitchQueried(queried) => {
                row.question = queried.question.clone();
                row.answer = Commitment::new();
            }
            PitchEvent::QueryAnswered(answered) => row.answer = answered.answer.clone(),
            _ => {}
        }
        row.pitch.apply(happened);
        row.version = event.envelope.version;
        Ok(Some(row))
    }

    fn index(row: &PitchRow) -> Index {
        Index { programme: row.programme.0, owner: None, sort: by_position(row.position) }
    }
}

fn begun(event: &Recorded) -> PitchRow {
    PitchRow {
        id: PitchId(event.envelope.stream.id()),
        programme: event.envelope.programme,
        pitch: Pitch::default(),
        version: 0,
        position: event.position,
        submitted: PitchSubmitted::default(),
        screened: None,
        question: Commitment::new(),
        answer: Commitment::new(),
    }
}
