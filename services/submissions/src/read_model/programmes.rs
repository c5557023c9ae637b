//! A row a programme.

use cqrs_es::Aggregate;
use jiff::Timestamp;
use plaudit_chassis::ReadModel;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_chassis::vault::Commitment;
use plaudit_proto::submissions::v1::ScreeningCompleted;
use serde::{Deserialize, Serialize};

use super::by_position;
use crate::programme::{Programme, ProgrammeEvent};

/// The list of programmes.
pub struct Programmes;

/// A programme as its own events tell it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeRow {
    pub id: ProgrammeId,
    /// What it would decide on.
    pub programme: Programme,
    pub version: u64,
    /// Where it began.
    pub position: u64,
    pub title: Commitment,
    pub prose: Commitment,
    pub opened_at: Option<Timestamp>,
    /// The instant after which nothing counted.
    pub closed_at: Option<Timestamp>,
    pub screening: Option<ScreeningCompleted>,
    pub changes: Vec<Change>,
}

/// Something that changed after the call had opened: everybody may know why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub at: Timestamp,
    pub kind: ChangeKind,
    /// A number on the list of reasons.
    pub reason: i32,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    RulebookAmended,
    DeadlineMoved,
    Cancelled,
}

impl ReadModel for Programmes {
    const NAME: &'static str = "programmes";
    const SOURCE: &'static str = "submissions";
    type Row = ProgrammeRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let stream = &event.envelope.stream;
        let ours = stream.noun() == ProgrammeId::NOUN;
        Ok(ours.then(|| stream.id().to_string()).into_iter().collect())
    }

    fn apply(
        row: Option<ProgrammeRow>,
        _: &str,
        event: &Recorded,
    ) -> Result<Option<ProgrammeRow>, Unfoldable> {
        let Some(happened) = event.is::<ProgrammeEvent>()? else { return Ok(row) };
        let mut row = row.unwrap_or_else(|| begun(event));
        row.learn(&happened, event.envelope.time);
        row.programme.apply(happened);
        row.version = event.envelope.version;
        Ok(Some(row))
    }

    fn index(row: &ProgrammeRow) -> Index {
        Index { programme: row.id.0, owner: None, sort: by_position(row.position) }
    }
}

fn begun(event: &Recorded) -> ProgrammeRow {
    ProgrammeRow {
        id: ProgrammeId(event.envelope.stream.id()),
        programme: Programme::default(),
        version: 0,
        position: event.position,
        title: Commitment::new(),
        prose: Commitment::new(),
        opened_at: None,
        closed_at: None,
        screening: None,
        changes: Vec::new(),
    }
}

impl ProgrammeRow {
    fn learn(&mut self, event: &ProgrammeEvent, at: Timestamp) {
        use ProgrammeEvent as E;
        let mut changed = |kind, reason| self.changes.push(Change { at, kind, reason });
        match event {
            E::RulebookAmended(event) => changed(ChangeKind::RulebookAmended, event.reason),
            E::DeadlineMoved(event) => changed(ChangeKind::DeadlineMoved, event.reason),
            E::ProgrammeCancelled(event) => changed(ChangeKind::Cancelled, event.reason),
            _ => {}
        }
        match event {
            E::ProgrammeDrafted(event) => self.title = event.title.clone(),
            E::RulebookPublished(event) => self.prose = event.prose.clone(),
            E::RulebookAmended(event) => self.prose = event.prose.clone(),
            E::CallOpened(_) => self.opened_at = Some(at),
            E::CallClosed(event) => self.closed_at = Some(from_proto(&event.at)),
            E::ScreeningCompleted(event) => self.screening = Some(event.clone()),
            _ => {}
        }
    }
}
