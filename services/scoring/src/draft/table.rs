//! The table of drafts.

use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, RoundId, ScorecardId};
use plaudit_chassis::store::{Store, StoreError};
use plaudit_chassis::{Ask, Problem};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::DraftContent;

/// A draft as its judge sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Of which pitch.
    pub pitch: PitchId,
    /// Never the same twice.
    pub version: u64,
    /// When the last byte of it had arrived.
    pub saved_at: Timestamp,
    /// What it says.
    pub content: DraftContent,
}

/// A scorecard that may be drafted now.
#[derive(Clone, Copy, Debug)]
pub struct Writing {
    /// Which.
    pub scorecard: ScorecardId,
    /// In which round.
    pub round: RoundId,
    /// On which pitch.
    pub pitch: PitchId,
    /// By whom.
    pub member: MemberId,
    /// The scorecard's version: the draft is over once it moves.
    pub answers: u64,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Moved {
    /// The draft has this version now; 0: there is none.
    To(u64),
    /// Something else.
    Problem(Problem),
}

impl From<Problem> for Moved {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// The first save, or one over the version that was seen. A row that is no
/// longer open goes on with the next version, so that whoever still has the
/// old one doesn't write over the new. A command that is repeated finds its
/// own, and changes nothing.
const SAVE: &str = "insert into scorecard_drafts as d \
     (scorecard, programme, round, pitch, member, version, answers, saved_ms, content, command, mac) \
     select $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, 1, $6::bigint, $7::bigint, $8::bytea, $9::uuid, \
     $10::bytea where $11::bigint = 0 or exists (select from scorecard_drafts where scorecard = $1) \
     on conflict (scorecard) do update set version = d.version + 1, answers = excluded.answers, \
     saved_ms = excluded.saved_ms, content = excluded.content, deleted = false, command = excluded.command, \
     mac = excluded.mac \
     where d.command <> excluded.command and $11 = case \
         when not d.deleted and d.answers = excluded.answers then d.version else 0 end \
     returning version";

const DELETE: &str = "update scorecard_drafts set deleted = true, content = '', command = $3 \
     where scorecard = $1 and member = $2 \
     and (scorecard in (select scorecard from open_scorecard_drafts where scorecard = $1 \
     and version = coalesce($4::bigint, version)) or (deleted and command = $3)) returning scorecard";

/// The drafts of one programme.
pub struct Drafts<'a> {
    store: &'a Store,
    programme: ProgrammeId,
}

impl<'a> Drafts<'a> {
    /// Those of this programme.
    pub fn of(store: &'a Store, programme: ProgrammeId) -> Self {
        Self { store, programme }
    }

    /// A judge's draft of one scorecard.
    pub async fn get(&self, member: MemberId, scorecard: ScorecardId) -> Result<Option<Draft>, Problem> {
        let sql = "select scorecard, pitch, version, saved_ms, content from open_scorecard_drafts \
             where scorecard = $1 and programme = $2 and member = $3";
        let rows = self.query(sql, &[&scorecard.0, &self.programme.0, &member.0]).await?;
        Ok(self.read(member, &rows).await?.pop())
    }

    /// A judge's drafts in a round, by pitch, after one of them.
    pub async fn list(
        &self,
        member: MemberId,
        round: RoundId,
        after: PitchId,
        limit: u32,
    ) -> Result<Vec<Draft>, Problem> {
        let sql = "select scorecard, pitch, version, saved_ms, content from open_scorecard_drafts \
             where round = $1 and member = $2 and pitch > $3 order by pitch limit $4";
        let rows = self.query(sql, &[&round.0, &member.0, &after.0, &i64::from(limit)]).await?;
        self.read(member, &rows).await
    }

    /// Saves over the version that the judge has seen, 0 for none; answers the
    /// new one.
    pub async fn save(&self, writing: Writing, content: &DraftContent, ask: &Ask) -> Result<u64, Moved> {
        let seen = ask.if_match.ok_or_else(|| {
            Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if-match-missing",
                "Send the version that you have as If-Match, \"0\" for the first, so that what you write on another device isn't lost.",
            )
        })?;
        let content = serde_json::to_vec(content).map_err(Problem::internal)?;
        let place = place(writing.scorecard);
        let content = self.store.vault().conceal(writing.member, &place, &content).await?;
        let Writing { scorecard, round, pitch, member, answers } = writing;
        let (answers, seen, saved_ms) = (answers as i64, seen as i64, ask.received_at.as_millisecond());
        let mac = ask.mac.map(|mac| mac.to_vec());
        let rows = self
            .query(
                SAVE,
                &[
                    &scorecard.0,
                    &self.programme.0,
                    &round.0,
                    &pitch.0,
                    &member.0,
                    &answers,
                    &saved_ms,
                    &content,
                    &ask.command,
                    &mac,
                    &seen,
                ],
            )
            .await?;
        match rows.first() {
            Some(row) => Ok(row.get::<_, i64>(0) as u64),
            None => self.saved_before(member, scorecard, ask).await,
        }
    }

    /// The same command again, or one that comes too late.
    async fn saved_before(&self, member: MemberId, scorecard: ScorecardId, ask: &Ask) -> Result<u64, Moved> {
        let sql =
            "select version, command, mac from open_scorecard_drafts where scorecard = $1 and member = $2";
        let rows = self.query(sql, &[&scorecard.0, &member.0]).await?;
        let Some(row) = rows.first() else { return Err(Moved::To(0)) };
        let version = row.get::<_, i64>(0) as u64;
        if row.get::<_, Uuid>(1) != ask.command {
            return Err(Moved::To(version));
        }
        same_body(row.get(2), ask)?;
        Ok(version)
    }

    /// Deletes what a judge's draft says, in whatever version unless `If-Match`
    /// names one.
    pub async fn delete(&self, member: MemberId, scorecard: ScorecardId, ask: &Ask) -> Result<(), Moved> {
        let seen = ask.if_match.map(|seen| seen as i64);
        let rows = self.query(DELETE, &[&scorecard.0, &member.0, &ask.command, &seen]).await?;
        if !rows.is_empty() {
            return Ok(());
        }
        Err(match self.get(member, scorecard).await? {
            Some(draft) => Moved::To(draft.version),
            None => Moved::Problem(Problem::not_found("draft")),
        })
    }

    /// Empties a draft whose scorecard has moved on, to this version.
    pub async fn discard_before(&self, scorecard: ScorecardId, version: u64) -> Result<(), Problem> {
        let sql = "update scorecard_drafts set deleted = true, content = '' \
             where scorecard = $1 and programme = $2 and answers < $3 and not deleted";
        self.query(sql, &[&scorecard.0, &self.programme.0, &(version as i64)]).await.map(drop)
    }

    /// Forgets all drafts of a round.
    pub(super) async fn discard_round(&self, round: Uuid) -> Result<(), Problem> {
        let sql = "delete from scorecard_drafts where round = $1 and programme = $2";
        self.query(sql, &[&round, &self.programme.0]).await.map(drop)
    }

    /// Forgets all drafts of a judge.
    pub(super) async fn discard_member(&self, member: Uuid) -> Result<(), Problem> {
        let sql = "delete from scorecard_drafts where member = $1 and programme = $2";
        self.query(sql, &[&member, &self.programme.0]).await.map(drop)
    }

    /// What rows say, with one look for the judge's key.
    async fn read(&self, member: MemberId, rows: &[Row]) -> Result<Vec<Draft>, Problem> {
        let places: Vec<String> = rows.iter().map(|row| place(ScorecardId(row.get(0)))).collect();
        let concealed = rows.iter().zip(&places).map(|(row, place)| (place.as_str(), row.get(4)));
        let contents = self.store.vault().reveal(member, concealed).await?;
        let drafts = rows.iter().zip(contents).map(|(row, content)| {
            Ok(Draft {
                pitch: PitchId(row.get(1)),
                version: row.get::<_, i64>(2) as u64,
                saved_at: Timestamp::from_millisecond(row.get(3)).map_err(Problem::internal)?,
                content: serde_json::from_slice(&content).map_err(Problem::internal)?,
            })
        });
        drafts.collect()
    }

    async fn query(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Problem> {
        let client = self.store.pool().get().await.map_err(StoreError::from)?;
        let statement = client.prepare_cached(sql).await.map_err(StoreError::from)?;
        Ok(client.query(&statement, parameters).await.map_err(StoreError::from)?)
    }
}

/// What a draft's content is bound to.
fn place(scorecard: ScorecardId) -> String {
    format!("scorecard_drafts/{scorecard}")
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
