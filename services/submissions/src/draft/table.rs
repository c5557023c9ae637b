//! The table of drafts.

use std::collections::HashMap;

use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, derive};
use plaudit_chassis::store::{Store, StoreError};
use plaudit_chassis::{Ask, Problem};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::DraftContent;

/// The most drafts that an author may have at once in a programme.
const MOST: i64 = 20;

/// A draft as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The pitch that it will be.
    pub id: PitchId,
    pub author: MemberId,
    pub version: u64,
    pub received_at: Timestamp,
    pub content: DraftContent,
}

/// What saving did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    pub id: PitchId,
    pub version: u64,
}

const COLUMNS: &str = "select id, member, version, received_ms, content from open_drafts";

/// The drafts of one programme.
pub struct Drafts<'a> {
    store: &'a Store,
    programme: ProgrammeId,
}

impl<'a> Drafts<'a> {
    pub fn of(store: &'a Store, programme: ProgrammeId) -> Self {
        Self { store, programme }
    }

    /// A new, empty draft; the same one if it is asked for again.
    pub async fn begin(&self, author: MemberId, ask: &Ask) -> Result<Saved, Problem> {
        let id = derive("draft", &[ask.command.as_bytes()]);
        let own = self
            .query(
                "select id, command, mac from drafts where programme = $1 and member = $2 and not deleted",
                &[&self.programme.0, &author.0],
            )
            .await?;
        if let Some(row) = own.iter().find(|row| row.get::<_, Uuid>(0) == id) {
            same_body(row.get(2), ask)?;
        } else if own.len() as i64 >= MOST {
            return Err(Problem::conflict(
                "too-many-drafts",
                format!("You have {MOST} drafts: delete one first."),
            ));
        }
        let (content, received_ms) = (written(&DraftContent::default())?, ask.received_at.as_millisecond());
        let mac = ask.mac.map(|mac| mac.to_vec());
        self.query(
            "insert into drafts (id, programme, member, version, received_ms, enters_by_itself, content, command, mac) \
             values ($1, $2, $3, 1, $4, true, $5, $6, $7) on conflict do nothing",
            &[&id, &self.programme.0, &author.0, &received_ms, &content, &ask.command, &mac],
        )
        .await?;
        Ok(Saved { id: PitchId(id), version: 1 })
    }

    /// An author's draft.
    pub async fn get(&self, author: MemberId, id: PitchId) -> Result<Option<Draft>, Problem> {
        let sql = format!("{COLUMNS} where id = $1 and programme = $2 and member = $3");
        let rows = self.query(&sql, &[&id.0, &self.programme.0, &author.0]).await?;
        rows.first().map(read).transpose()
    }

    /// An author's drafts, after one of them.
    pub async fn list(&self, author: MemberId, after: Uuid, limit: u32) -> Result<Vec<Draft>, Problem> {
        let sql = format!("{COLUMNS} where programme = $1 and member = $2 and id > $3 order by id limit $4");
        let rows = self.query(&sql, &[&self.programme.0, &author.0, &after, &i64::from(limit)]).await?;
        rows.iter().map(read).collect()
    }

    /// All drafts whose authors let them enter by themselves, oldest first.
    pub async fn entering(&self) -> Result<Vec<Draft>, Problem> {
        let sql = format!("{COLUMNS} where programme = $1 and enters_by_itself order by received_ms, id");
        let rows = self.query(&sql, &[&self.programme.0]).await?;
        rows.iter().map(read).collect()
    }

    /// Saves over the version that the author has seen.
    pub async fn save(
        &self,
        author: MemberId,
        id: PitchId,
        content: &DraftContent,
        ask: &Ask,
    ) -> Result<Saved, Problem> {
        let seen = ask.if_match.ok_or_else(|| {
            Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if-match-missing",
                "Send the version that you have as If-Match, so that what you write on another device isn't lost.",
            )
        })?;
        let (bytes, received_ms) = (written(content)?, ask.received_at.as_millisecond());
        let mac = ask.mac.map(|mac| mac.to_vec());
        let rows = self
            .query(
            "update drafts set version = version + 1, received_ms = $5, enters_by_itself = $6, content = $7, \
             command = $8, mac = $9 \
             where id = $1 and programme = $2 and member = $3 and version = $4 \
             and id in (select id from open_drafts where id = $1) returning version",
            &[
                &id.0, &self.programme.0, &author.0, &(seen as i64), &received_ms, &content.enter_at_deadline,
                &bytes, &ask.command, &mac,
            ],
        )
        .await?;
        match rows.first() {
            Some(row) => Ok(Saved { id, version: row.get::<_, i64>(0) as u64 }),
            None => self.saved_before(author, id, ask).await,
        }
    }

    /// The same command again, or one that comes too late.
    async fn saved_before(&self, author: MemberId, id: PitchId, ask: &Ask) -> Result<Saved, Problem> {
        let rows = self
            .query(
            "select version, command, mac from open_drafts where id = $1 and programme = $2 and member = $3",
            &[&id.0, &self.programme.0, &author.0],
        )
        .await?;
        let row = rows.first().ok_or_else(|| Problem::not_found("draft"))?;
        let version = row.get::<_, i64>(0) as u64;
        if row.get::<_, Uuid>(1) == ask.command {
            same_body(row.get(2), ask)?;
            return Ok(Saved { id, version });
        }
        Err(changed_since(version))
    }

    /// Deletes what an author's draft says, in whatever version unless `If-Match`
    /// names one; the row stays so that the command is known again, and goes
    /// with the programme's end.
    pub async fn delete(&self, author: MemberId, id: PitchId, ask: &Ask) -> Result<(), Problem> {
        let rows = self
            .query(
                "update drafts set deleted = true, content = '', command = $4 \
             where id = $1 and programme = $2 and member = $3 \
             and (id in (select id from open_drafts where id = $1 and version = coalesce($5, version)) \
             or (deleted and command = $4)) returning id",
                &[&id.0, &self.programme.0, &author.0, &ask.command, &ask.if_match.map(|seen| seen as i64)],
            )
            .await?;
        if rows.is_empty() {
            return Err(match self.get(author, id).await? {
                Some(draft) => changed_since(draft.version),
                None => Problem::not_found("draft"),
            });
        }
        Ok(())
    }

    /// Forgets a draft that has become a pitch.
    pub async fn discard(&self, id: PitchId) -> Result<(), Problem> {
        self.query("delete from drafts where id = $1 and programme = $2", &[&id.0, &self.programme.0])
            .await?;
        Ok(())
    }

    /// Forgets an author's drafts.
    pub async fn discard_of(&self, author: MemberId) -> Result<(), Problem> {
        let sql = "delete from drafts where programme = $1 and member = $2";
        self.query(sql, &[&self.programme.0, &author.0]).await?;
        Ok(())
    }

    /// Forgets all drafts.
    pub async fn discard_all(&self) -> Result<(), Problem> {
        self.query("delete from drafts where programme = $1", &[&self.programme.0]).await?;
        Ok(())
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Problem> {
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

fn written(content: &DraftContent) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(content).map_err(Problem::internal)
}

fn read(row: &Row) -> Result<Draft, Problem> {
    Ok(Draft {
        id: PitchId(row.get(0)),
        author: MemberId(row.get(1)),
        version: row.get::<_, i64>(2) as u64,
        received_at: Timestamp::from_millisecond(row.get(3)).map_err(Problem::internal)?,
        content: serde_json::from_slice(row.get(4)).map_err(Problem::internal)?,
    })
}

fn changed_since(version: u64) -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "changed-since",
        format!("This has changed since you saw it: now it is version {version}. Read it again."),
    )
}

/// 422 if a key was used for another body before.
fn same_body(before: Option<&[u8]>, ask: &Ask) -> Result<(), Problem> {
    if before == ask.mac.as_ref().map(<[u8; 32]>::as_slice) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "key-reused",
        "This Idempotency-Key was used for a different request before. Use a new key for a new request.",
    ))
}
