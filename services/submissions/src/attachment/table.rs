//! The table of attachments, and what is said of each.

use jiff::Timestamp;
use plaudit_chassis::Problem;
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::store::{Store, StoreError};
use plaudit_chassis::vault::Subject;
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{Kind, Objects};

/// The most files that ever come with a pitch, those taken off among them.
pub(super) const MOST_EVER: i64 = 50;

/// What is private of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub name: String,
    /// Once it is complete.
    pub kind: Option<Kind>,
    /// In hexadecimal: as announced, and once it is complete as it is.
    pub sha256: Option<String>,
}

/// A file of a team's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub id: Uuid,
    pub pitch: PitchId,
    pub size: u64,
    /// The bytes that have arrived.
    pub received: u64,
    pub complete: bool,
    /// When the last that it takes to be complete had arrived.
    pub completed_at: Option<Timestamp>,
    /// A submission has named it.
    pub sealed: bool,
    pub about: About,
}

/// A part of a file, as an object.
#[derive(Clone, Debug)]
pub struct Part {
    pub start: u64,
    pub object: Uuid,
}

pub(super) const COLUMNS: &str = "id, pitch, size, received, complete, about, completed_ms, sealed";

/// The attachments of one programme.
#[derive(Clone)]
pub struct Attachments {
    pub(super) store: Store,
    pub(super) objects: Objects,
    pub(super) programme: ProgrammeId,
}

impl Attachments {
    pub fn of(store: &Store, objects: &Objects, programme: ProgrammeId) -> Self {
        Self { store: store.clone(), objects: objects.clone(), programme }
    }

    /// Those that the team has now, in the order in which they were added.
    pub async fn list(&self, pitch: PitchId) -> Result<Vec<Attachment>, Problem> {
        let sql = format!(
            "select {COLUMNS} from attachments where pitch = $1 and programme = $2 and not removed \
             order by started_ms, id"
        );
        let rows = query(&self.store, &sql, &[&pitch.0, &self.programme.0]).await?;
        read_all(&self.store, &rows).await
    }

    /// One that the team has now, or 404.
    pub async fn need(&self, pitch: PitchId, id: Uuid) -> Result<Attachment, Problem> {
        self.find(pitch, id, "not removed").await
    }

    /// One that a submission of the pitch names, or 404.
    pub async fn need_sealed(&self, pitch: PitchId, id: Uuid) -> Result<Attachment, Problem> {
        self.find(pitch, id, "sealed").await
    }

    async fn find(&self, pitch: PitchId, id: Uuid, which: &str) -> Result<Attachment, Problem> {
        let sql = format!(
            "select {COLUMNS} from attachments where id = $1 and pitch = $2 and programme = $3 and {which}"
        );
        let rows = query(&self.store, &sql, &[&id, &pitch.0, &self.programme.0]).await?;
        let found = read_all(&self.store, &rows).await?.pop();
        found.ok_or_else(|| Problem::not_found("attachment"))
    }

    /// Takes one off; its bytes go unless a submission names it.
    pub async fn remove(&self, pitch: PitchId, id: Uuid) -> Result<(), Problem> {
        let sql = "update attachments set removed = true where id = $1 and pitch = $2 and programme = $3 returning id";
        let found = query(&self.store, sql, &[&id, &pitch.0, &self.programme.0]).await?;
        if found.is_empty() { Err(Problem::not_found("attachment")) } else { Ok(()) }
    }

    /// The parts of a file, in their order.
    pub async fn parts(&self, id: Uuid) -> Result<Vec<Part>, Problem> {
        let sql = "select start, object from attachment_parts where attachment = $1 order by start";
        let rows = query(&self.store, sql, &[&id]).await?;
        Ok(rows.iter().map(|row| Part { start: row.get::<_, i64>(0) as u64, object: row.get(1) }).collect())
    }

    /// What a part says; 404 if the pitch was forgotten.
    pub async fn open(&self, of: &Attachment, part: &Part) -> Result<Vec<u8>, Problem> {
        let at = super::objects::of_attachment(self.programme, of.pitch, of.id).join(part.object.to_string());
        let locked = self.objects.get(&at).await?;
        let opened = self.store.vault().unlock(&of.pitch.into(), &place(of.id, part), &locked).await?;
        opened.ok_or_else(|| Problem::not_found("attachment"))
    }
}

/// What a part's bytes are bound to: another part, or the same of another
/// file, is none of it.
pub(super) fn place(attachment: Uuid, part: &Part) -> String {
    format!("attachment/{attachment}/{}/{}", part.start, part.object)
}

/// What an attachment's description is bound to.
pub(super) fn place_of_about(attachment: Uuid) -> String {
    format!("attachment/{attachment}")
}

pub(super) async fn query(
    store: &Store,
    sql: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, Problem> {
    let client = store.pool().get().await.map_err(StoreError::from)?;
    let statement = client.prepare_cached(sql).await.map_err(StoreError::from)?;
    Ok(client.query(&statement, parameters).await.map_err(StoreError::from)?)
}

/// Rows of [`COLUMNS`]; those whose pitch was forgotten are missing.
pub(super) async fn read_all(store: &Store, rows: &[Row]) -> Result<Vec<Attachment>, Problem> {
    let mut read = Vec::with_capacity(rows.len());
    for row in rows {
        let (id, pitch): (Uuid, _) = (row.get(0), PitchId(row.get(1)));
        let subject = Subject::from(pitch);
        let Some(about) = store.vault().unlock(&subject, &place_of_about(id), row.get(5)).await? else {
            continue;
        };
        read.push(Attachment {
            id,
            pitch,
            size: row.get::<_, i64>(2) as u64,
            received: row.get::<_, i64>(3) as u64,
            complete: row.get(4),
            completed_at: row.get::<_, Option<i64>>(6).and_then(|at| Timestamp::from_millisecond(at).ok()),
            sealed: row.get(7),
            about: serde_json::from_slice(&about).map_err(Problem::internal)?,
        });
    }
    Ok(read)
}
