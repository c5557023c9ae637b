//! Beginning, saving, entering and deleting a draft.

use axum::http::StatusCode;
use jiff::SignedDuration;
use plaudit_chassis::http::REQUEST_TIME;
use plaudit_chassis::id::{MemberId, PitchId, derive};
use plaudit_chassis::{Ask, Problem};
use uuid::Uuid;

use super::table::OF;
use super::{Draft, DraftContent, DraftError, Drafts, Saved};

/// The most drafts that an author may have at once in a programme.
pub(super) const MOST: i64 = 20;

impl Drafts<'_> {
    /// A new, empty draft; the same one if it is asked for again.
    pub async fn begin(&self, author: MemberId, ask: &Ask) -> Result<Saved, Problem> {
        let id = derive("draft", &[ask.command.as_bytes()]);
        self.room(author, PitchId(id), ask).await?;
        let (content, received_ms) = (written(&DraftContent::default())?, ask.received_at.as_millisecond());
        let mac = ask.mac.map(|mac| mac.to_vec());
        self.query(
            "insert into drafts (id, programme, member, version, received_ms, enters_by_itself, content, command, mac) \
             values ($1, $2, $3, 1, $4, true, $5, $6, $7) on conflict do nothing",
            &[&id, &self.programme.0, &author.0, &received_ms, &content, &ask.command, &mac],
        )
        .await?;
        Ok(Saved { id: PitchId(id), version: 1, late: false })
    }

    /// Refuses one more draft than an author may have, unless it is there
    /// already by the same command.
    pub(super) async fn room(&self, author: MemberId, id: PitchId, ask: &Ask) -> Result<(), Problem> {
        let sql = "select id, mac from drafts where programme = $1 and member = $2 and not deleted";
        let own = self.query(sql, &[&self.programme.0, &author.0]).await?;
        if let Some(row) = own.iter().find(|row| row.get::<_, Uuid>(0) == id.0) {
            same_body(row.get(1), ask)?;
        } else if own.len() as i64 >= MOST {
            return Err(DraftError::TooMany.into());
        }
        Ok(())
    }

    /// Saves over the version that the member has seen.
    pub async fn save(
        &self,
        member: MemberId,
        id: PitchId,
        content: &DraftContent,
        ask: &Ask,
    ) -> Result<Saved, Problem> {
        let seen = ask.if_match.ok_or(DraftError::IfMatchMissing)?;
        let (bytes, received_ms) = (written(content)?, ask.received_at.as_millisecond());
        let mac = ask.mac.map(|mac| mac.to_vec());
        let sql = format!(
            "update drafts set version = version + 1, received_ms = $5, enters_by_itself = $6, content = $7, \
             command = $8, mac = $9, saved_by = $3, late_content = null, late_ms = null, late_by = null \
             where id = $1 and programme = $2 and {OF} and version = $4 and entering_until_ms <= $10 \
             and id in (select id from open_drafts where id = $1) returning version"
        );
        let rows = self
            .query(
                &sql,
                &[
                    &id.0,
                    &self.programme.0,
                    &member.0,
                    &(seen as i64),
                    &received_ms,
                    &content.enter_at_deadline,
                    &bytes,
                    &ask.command,
                    &mac,
                    &self.now_ms(),
                ],
            )
            .await?;
        match rows.first() {
            Some(row) => Ok(Saved { id, version: row.get::<_, i64>(0) as u64, late: false }),
            None => self.saved_before(member, id, ask).await,
        }
    }

    /// The same command again, or one that comes too late.
    async fn saved_before(&self, member: MemberId, id: PitchId, ask: &Ask) -> Result<Saved, Problem> {
        let sql = format!(
            "select version, command, mac, entering_until_ms, late_ms is not null from open_drafts \
             where id = $1 and programme = $2 and {OF}"
        );
        let rows = self.query(&sql, &[&id.0, &self.programme.0, &member.0]).await?;
        let row = rows.first().ok_or_else(|| Problem::not_found("draft"))?;
        let version = row.get::<_, i64>(0) as u64;
        if row.get::<_, Uuid>(1) == ask.command {
            same_body(row.get(2), ask)?;
            return Ok(Saved { id, version, late: row.get(4) });
        }
        if ask.if_match == Some(version) && row.get::<_, i64>(3) > self.now_ms() {
            return Err(DraftError::Entering.into());
        }
        Err(changed_since(id, version))
    }

    /// The draft as it is about to enter: in whatever version unless
    /// `If-Match` names one. Nothing is saved until it has, or
    /// [`Drafts::stays`] says that it doesn't.
    pub async fn enters(&self, member: MemberId, id: PitchId, ask: &Ask) -> Result<Option<Draft>, Problem> {
        let sql = format!(
            "update drafts set entering_until_ms = $5 where id = $1 and programme = $2 and {OF} \
             and id in (select id from open_drafts where id = $1 and version = coalesce($4, version)) \
             returning id"
        );
        // No request takes longer.
        let until =
            self.now_ms() + SignedDuration::try_from(REQUEST_TIME).unwrap_or_default().as_millis() as i64;
        let seen = ask.if_match.map(|seen| seen as i64);
        let entering = self.query(&sql, &[&id.0, &self.programme.0, &member.0, &seen, &until]).await?;
        match self.get(member, id).await? {
            Some(draft) if entering.is_empty() => Err(changed_since(id, draft.version)),
            found => Ok(found),
        }
    }

    /// It has not entered: it can be saved again.
    pub async fn stays(&self, id: PitchId) -> Result<(), Problem> {
        let sql = "update drafts set entering_until_ms = 0 where id = $1 and programme = $2";
        self.query(sql, &[&id.0, &self.programme.0]).await?;
        Ok(())
    }

    /// Deletes what an author's draft says, in whatever version unless `If-Match`
    /// names one; the row stays so that the command is known again, and goes
    /// with the programme's end.
    pub async fn delete(&self, author: MemberId, id: PitchId, ask: &Ask) -> Result<(), Problem> {
        let rows = self
            .query(
                "update drafts set deleted = true, content = '', late_content = null, late_ms = null, late_by = null, command = $4 \
             where id = $1 and programme = $2 and member = $3 and entering_until_ms <= $6 \
             and (id in (select id from open_drafts where id = $1 and version = coalesce($5, version)) \
             or (deleted and command = $4)) returning id",
                &[
                    &id.0,
                    &self.programme.0,
                    &author.0,
                    &ask.command,
                    &ask.if_match.map(|seen| seen as i64),
                    &self.now_ms(),
                ],
            )
            .await?;
        if !rows.is_empty() {
            return Ok(());
        }
        let draft = self.need(author, id).await?;
        Err(match ask.if_match {
            _ if draft.author != author => DraftError::OnlyItsAuthor.into(),
            Some(seen) if seen != draft.version => changed_since(id, draft.version),
            _ => DraftError::Entering.into(),
        })
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.store.clock().now().as_millisecond()
    }
}

pub(super) fn written(content: &DraftContent) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(content).map_err(Problem::internal)
}

pub(super) fn changed_since(id: PitchId, version: u64) -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "changed-since",
        format!("This has changed since you saw it: now it is version {version}. Read it again."),
    )
    .about(id.0, version)
}

/// 422 if a key was used for another body before.
pub(super) fn same_body(before: Option<&[u8]>, ask: &Ask) -> Result<(), DraftError> {
    if before == ask.mac.as_ref().map(<[u8; 32]>::as_slice) { Ok(()) } else { Err(DraftError::KeyReused) }
}
