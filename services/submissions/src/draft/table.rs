//! The table of drafts, as it is read.

use std::collections::HashMap;

use jiff::Timestamp;
use plaudit_chassis::Problem;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::store::{Store, StoreError};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{DraftContent, Late};
use crate::entry::Entry;

/// A draft as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The pitch that it will be.
    pub id: PitchId,
    pub author: MemberId,
    /// Who writes it with its author, in the order in which they came.
    pub collaborators: Vec<MemberId>,
    pub version: u64,
    /// Of the version: who, and when its last byte had arrived.
    pub saved_by: MemberId,
    pub received_at: Timestamp,
    pub content: DraftContent,
    /// What came after the last instant.
    pub late: Option<Late>,
    /// The last command.
    pub(super) command: Uuid,
    pub(super) mac: Option<Vec<u8>>,
}

impl Draft {
    /// What would enter now: the newest version, late or not.
    pub fn entry(&self) -> Entry {
        self.entry_of(self.late.as_ref().map_or(&self.content, |late| &late.content))
    }

    /// What enters by itself, and when it had arrived: the newest version that
    /// had by this instant, unless its author said no.
    pub fn entry_by(&self, last_instant: Timestamp) -> Option<(Entry, Timestamp)> {
        let late = self.late.as_ref().map(|late| (&late.content, late.received_at));
        let mut versions = late.into_iter().chain([(&self.content, self.received_at)]);
        let (content, at) = versions.find(|(_, at)| *at <= last_instant)?;
        content.enter_at_deadline.then(|| (self.entry_of(content), at))
    }

    /// Whether this member writes it.
    pub fn is_of(&self, member: MemberId) -> bool {
        self.author == member || self.collaborators.contains(&member)
    }

    /// With everybody who writes it in the team.
    fn entry_of(&self, content: &DraftContent) -> Entry {
        let mut entry = Entry::from(content.clone());
        if !self.collaborators.is_empty() {
            let named = entry.team.take().unwrap_or_default();
            entry.team = Some(self.collaborators.iter().copied().chain(named).collect());
        }
        entry
    }
}

/// What saving did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    pub id: PitchId,
    pub version: u64,
    /// It came after the last instant, and is kept beside the draft.
    pub late: bool,
}

const COLUMNS: &str = "select id, member, version, coalesce(saved_by, member), received_ms, content, \
     array(select c.member from draft_collaborators c where c.draft = id order by c.added_ms, c.member), \
     late_content, late_ms, coalesce(late_by, member), command, mac";

/// Drafts of a view.
pub(super) fn select(view: &str, which: &str) -> String {
    format!("{COLUMNS} from {view} where {which}")
}

/// Whether the member `$3` writes the draft.
pub(super) const OF: &str = "(member = $3 or exists (\
     select from draft_collaborators c where c.draft = id and c.member = $3))";

/// The drafts of one programme.
pub struct Drafts<'a> {
    pub(super) store: &'a Store,
    pub(super) programme: ProgrammeId,
}

impl<'a> Drafts<'a> {
    pub fn of(store: &'a Store, programme: ProgrammeId) -> Self {
        Self { store, programme }
    }

    /// A draft that this member writes.
    pub async fn get(&self, member: MemberId, id: PitchId) -> Result<Option<Draft>, Problem> {
        let sql = select("shown_drafts", &format!("id = $1 and programme = $2 and {OF}"));
        let rows = self.query(&sql, &[&id.0, &self.programme.0, &member.0]).await?;
        rows.first().map(read).transpose()
    }

    /// The same, or 404.
    pub async fn need(&self, member: MemberId, id: PitchId) -> Result<Draft, Problem> {
        self.get(member, id).await?.ok_or_else(|| Problem::not_found("draft"))
    }

    /// The drafts that a member writes, after one of them.
    pub async fn list(&self, member: MemberId, after: Uuid, limit: u32) -> Result<Vec<Draft>, Problem> {
        let sql = select(
            "shown_drafts",
            "programme = $2 and id > $1 and (member = $3 or id in (\
             select draft from draft_collaborators where programme = $2 and member = $3)) order by id limit $4",
        );
        let rows = self.query(&sql, &[&after, &self.programme.0, &member.0, &i64::from(limit)]).await?;
        rows.iter().map(read).collect()
    }

    /// All drafts of which something may enter by itself, oldest first.
    pub async fn entering(&self) -> Result<Vec<Draft>, Problem> {
        let which = "programme = $1 and (enters_by_itself or late_ms is not null) order by received_ms, id";
        let sql = select("open_drafts", which);
        let rows = self.query(&sql, &[&self.programme.0]).await?;
        rows.iter().map(read).collect()
    }

    /// How many are under way.
    pub async fn count(&self) -> Result<u64, Problem> {
        let sql = "select count(*) from open_drafts where programme = $1";
        let rows = self.query(sql, &[&self.programme.0]).await?;
        Ok(rows.first().map_or(0, |row| row.get::<_, i64>(0) as u64))
    }

    /// Forgets a draft that has become a pitch by what had arrived at this
    /// instant; what came later stays.
    pub async fn discard(&self, id: PitchId, by: Timestamp) -> Result<(), Problem> {
        let sql = "delete from drafts where id = $1 and programme = $2 and coalesce(late_ms, $3) <= $3";
        self.query(sql, &[&id.0, &self.programme.0, &by.as_millisecond()]).await?;
        Ok(())
    }

    /// Forgets all drafts.
    pub async fn discard_all(&self) -> Result<(), Problem> {
        self.query("delete from drafts where programme = $1", &[&self.programme.0]).await?;
        Ok(())
    }

    pub(super) async fn query(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Problem> {
        let client = self.store.pool().get().await.map_err(StoreError::from)?;
        let statement = client.prepare_cached(sql).await.map_err(StoreError::from)?;
        Ok(client.query(&statement, parameters).await.map_err(StoreError::from)?)
    }
}

/// Who has an open draft, by programme.
pub async fn authors_of_open_drafts(
    store: &Store,
    programmes: &[ProgrammeId],
) -> Result<HashMap<ProgrammeId, Vec<MemberId>>, StoreError> {
    let ids: Vec<Uuid> = programmes.iter().map(|programme| programme.0).collect();
    let query = "select distinct programme, member from open_drafts where programme = any($1) order by 1, 2";
    let client = store.pool().get().await?;
    let mut authors: HashMap<ProgrammeId, Vec<MemberId>> = HashMap::new();
    for row in client.query(query, &[&ids]).await? {
        authors.entry(ProgrammeId(row.get(0))).or_default().push(MemberId(row.get(1)));
    }
    Ok(authors)
}

pub(super) fn read(row: &Row) -> Result<Draft, Problem> {
    Ok(Draft {
        id: PitchId(row.get(0)),
        author: MemberId(row.get(1)),
        collaborators: row.get::<_, Vec<Uuid>>(6).into_iter().map(MemberId).collect(),
        version: row.get::<_, i64>(2) as u64,
        saved_by: MemberId(row.get(3)),
        received_at: Timestamp::from_millisecond(row.get(4)).map_err(Problem::internal)?,
        content: serde_json::from_slice(row.get(5)).map_err(Problem::internal)?,
        late: late(row)?,
        command: row.get(10),
        mac: row.get(11),
    })
}

fn late(row: &Row) -> Result<Option<Late>, Problem> {
    let Some((content, late_ms)) = row.get::<_, Option<&[u8]>>(7).zip(row.get(8)) else { return Ok(None) };
    Ok(Some(Late {
        by: MemberId(row.get(9)),
        received_at: Timestamp::from_millisecond(late_ms).map_err(Problem::internal)?,
        content: serde_json::from_slice(content).map_err(Problem::internal)?,
    }))
}
