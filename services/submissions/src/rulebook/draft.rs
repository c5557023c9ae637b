//! A rulebook in the making: what an organiser has written so far, before
//! anybody else may read it. One a programme, shared by its organisers, and no
//! event.

use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::store::{Store, StoreError};
use plaudit_chassis::{Ask, Problem};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// As it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulebookDraft {
    pub version: u64,
    pub saved_at: Timestamp,
    pub content: String,
}

/// The draft of one programme's rulebook.
pub struct RulebookDrafts<'a> {
    store: &'a Store,
    programme: ProgrammeId,
}

impl<'a> RulebookDrafts<'a> {
    pub fn of(store: &'a Store, programme: ProgrammeId) -> Self {
        Self { store, programme }
    }

    pub async fn get(&self) -> Result<Option<RulebookDraft>, Problem> {
        let sql = "select version, saved_ms, content from rulebook_drafts where programme = $1";
        self.query(sql, &[&self.programme.0]).await?.first().map(read).transpose()
    }

    /// Saves over the version that `If-Match` names (0: there is none yet), and
    /// answers the version that it is now.
    pub async fn save(&self, content: &str, ask: &Ask) -> Result<u64, Problem> {
        let seen = ask.if_match.ok_or_else(|| {
            Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if-match-missing",
                "Send the version that you have as If-Match (0 if there is none yet), so that nothing that another organiser wrote is lost.",
            )
        })?;
        let saved_ms = ask.received_at.as_millisecond();
        let mac = ask.mac.map(|mac| mac.to_vec());
        // Nothing is there for version 0 to be updated, nor for another to be inserted.
        let sql = if seen == 0 {
            "insert into rulebook_drafts (programme, version, saved_ms, content, command, mac) \
             values ($1, $2::bigint + 1, $3, $4, $5, $6) on conflict do nothing returning version"
        } else {
            "update rulebook_drafts set version = version + 1, saved_ms = $3, content = $4, command = $5, \
             mac = $6 where programme = $1 and version = $2 returning version"
        };
        let rows = self
            .query(
                sql,
                &[&self.programme.0, &(seen as i64), &saved_ms, &content.as_bytes(), &ask.command, &mac],
            )
            .await?;
        match rows.first() {
            Some(row) => Ok(row.get::<_, i64>(0) as u64),
            None => self.saved_before(ask).await,
        }
    }

    /// The same command again, or one that comes too late.
    async fn saved_before(&self, ask: &Ask) -> Result<u64, Problem> {
        let sql = "select version, command, mac from rulebook_drafts where programme = $1";
        let rows = self.query(sql, &[&self.programme.0]).await?;
        let version = rows.first().map_or(0, |row| row.get::<_, i64>(0) as u64);
        match rows.first().filter(|row| row.get::<_, Uuid>(1) == ask.command) {
            Some(row) if row.get::<_, Option<&[u8]>>(2) == ask.mac.as_ref().map(<[u8; 32]>::as_slice) => {
                Ok(version)
            }
            Some(_) => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key-reused",
                "This Idempotency-Key was used for a different request before. Use a new key for a new request.",
            )),
            None => Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-since",
                format!("This has changed since you saw it: now it is version {version}. Read it again."),
            )),
        }
    }

    /// Forgets it.
    pub async fn discard(&self) -> Result<(), Problem> {
        self.query("delete from rulebook_drafts where programme = $1", &[&self.programme.0]).await?;
        Ok(())
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Problem> {
        let client = self.store.pool().get().await.map_err(StoreError::from)?;
        let statement = client.prepare_cached(sql).await.map_err(StoreError::from)?;
        Ok(client.query(&statement, parameters).await.map_err(StoreError::from)?)
    }
}

fn read(row: &Row) -> Result<RulebookDraft, Problem> {
    Ok(RulebookDraft {
        version: row.get::<_, i64>(0) as u64,
        saved_at: Timestamp::from_millisecond(row.get(1)).map_err(Problem::internal)?,
        content: String::from_utf8(row.get(2)).map_err(Problem::internal)?,
    })
}
