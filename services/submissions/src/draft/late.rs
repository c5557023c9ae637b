//! What comes after the last instant: kept, told, and never counted by itself.

use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, derive};
use plaudit_chassis::{Actor, Ask, Problem};

use super::saving::{changed_since, same_body, written};
use super::table::{OF, read, select};
use super::{Draft, DraftContent, DraftError, Drafts, Saved};

/// A version that came too late.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    pub by: MemberId,
    /// When its last byte had arrived.
    pub received_at: Timestamp,
    pub content: DraftContent,
}

/// Somebody's first words, too late.
const FIRST: &str = "insert into drafts (id, programme, member, version, received_ms, enters_by_itself, \
     content, command, mac, late_content, late_ms, late_by) \
     values ($1, $2, $3, 1, $4, false, $5, $6, $7, $8, $4, $9) on conflict (id) do update \
     set version = drafts.version + 1, command = $6, mac = $7, late_content = $8, late_ms = $4, late_by = $9 \
     where drafts.command <> $6 returning version";

const TEAM: &str = "insert into draft_collaborators (draft, programme, member, added_ms) \
     select $1, $2, unnest($3::uuid[]), $4 on conflict do nothing";

impl Drafts<'_> {
    /// Keeps what somebody meant to enter with a draft that they have not.
    pub async fn keep_entry(
        &self,
        member: MemberId,
        content: &DraftContent,
        ask: &Ask,
    ) -> Result<Saved, Problem> {
        let id = PitchId(derive("draft", &[ask.command.as_bytes()]));
        self.room(member, id, ask).await?;
        self.keep_first(id, member, &[], content, ask).await
    }

    /// Keeps what a team meant to put in place of its pitch.
    pub async fn keep_replacement(
        &self,
        pitch: PitchId,
        team: &[MemberId],
        content: &DraftContent,
        ask: &Ask,
    ) -> Result<Saved, Problem> {
        let (entrant, others) = team.split_first().ok_or_else(|| Problem::not_found("pitch"))?;
        self.keep_first(pitch, *entrant, others, content, ask).await
    }

    async fn keep_first(
        &self,
        id: PitchId,
        author: MemberId,
        others: &[MemberId],
        content: &DraftContent,
        ask: &Ask,
    ) -> Result<Saved, Problem> {
        let (empty, late, late_ms) = (written(&DraftContent::default())?, written(content)?, ask.received_at);
        let (late_ms, mac) = (late_ms.as_millisecond(), ask.mac.map(|mac| mac.to_vec()));
        let by = if let Actor::Member(member) = ask.actor { member.0 } else { author.0 };
        let row = self
            .query(
                FIRST,
                &[&id.0, &self.programme.0, &author.0, &late_ms, &empty, &ask.command, &mac, &late, &by],
            )
            .await?;
        let others: Vec<_> = others.iter().map(|member| member.0).collect();
        self.query(TEAM, &[&id.0, &self.programme.0, &others, &late_ms]).await?;
        match row.first() {
            Some(row) => Ok(Saved { id, version: row.get::<_, i64>(0) as u64, late: true }),
            None => Ok(Saved { id, version: self.need(author, id).await?.version, late: true }),
        }
    }

    /// Keeps a draft's late version over the version that the member has seen.
    pub async fn keep_late(
        &self,
        member: MemberId,
        id: PitchId,
        content: &DraftContent,
        ask: &Ask,
    ) -> Result<Saved, Problem> {
        let seen = ask.if_match.ok_or(DraftError::IfMatchMissing)?;
        let sql = format!(
            "update drafts set version = version + 1, late_content = $5, late_ms = $6, late_by = $3, \
             command = $7, mac = $8 \
             where id = $1 and programme = $2 and {OF} and version = $4 and not deleted returning version"
        );
        let (bytes, late_ms) = (written(content)?, ask.received_at.as_millisecond());
        let mac = ask.mac.map(|mac| mac.to_vec());
        let kept = self
            .query(
                &sql,
                &[&id.0, &self.programme.0, &member.0, &(seen as i64), &bytes, &late_ms, &ask.command, &mac],
            )
            .await?;
        if let Some(row) = kept.first() {
            return Ok(Saved { id, version: row.get::<_, i64>(0) as u64, late: true });
        }
        let draft = self.need(member, id).await?;
        if draft.command != ask.command {
            return Err(changed_since(id, draft.version));
        }
        same_body(draft.mac.as_deref(), ask)?;
        Ok(Saved { id, version: draft.version, late: draft.late.is_some() })
    }

    /// Somebody sends a draft in, or a file for it, too late: its newest version
    /// is late.
    pub async fn mark_late(&self, member: MemberId, draft: &Draft, ask: &Ask) -> Result<Saved, Problem> {
        let sql = "update drafts set late_content = content, late_ms = $3, late_by = $4 \
             where id = $1 and programme = $2 and late_ms is null and not deleted";
        let late_ms = ask.received_at.as_millisecond();
        self.query(sql, &[&draft.id.0, &self.programme.0, &late_ms, &member.0]).await?;
        Ok(Saved { id: draft.id, version: draft.version, late: true })
    }

    /// A draft that has a late version and has never entered.
    pub async fn late(&self, id: PitchId) -> Result<Option<Draft>, Problem> {
        let all = select("open_drafts", "id = $1 and programme = $2 and late_ms is not null");
        let rows = self.query(&all, &[&id.0, &self.programme.0]).await?;
        rows.first().map(read).transpose()
    }

    /// All that have a late version, the earliest first.
    pub async fn all_late(&self) -> Result<Vec<Draft>, Problem> {
        let all = select("shown_drafts", "programme = $1 and late_ms is not null order by late_ms, id");
        let rows = self.query(&all, &[&self.programme.0]).await?;
        rows.iter().map(read).collect()
    }
}
