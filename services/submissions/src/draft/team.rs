//! Who writes a draft with its author.

use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Ask, Problem};

use super::{Draft, DraftError, Drafts};

/// The most collaborators of a draft.
pub const MOST_COLLABORATORS: i64 = 10;

/// Locks the row, so that those who come at once are counted one by one.
const LOCKED: &str = "select member, entering_until_ms from drafts where id = $1 and programme = $2 \
     and id in (select id from open_drafts where id = $1) for update";

const COUNT: &str = "select count(*) filter (where member <> $2) from draft_collaborators where draft = $1";

const ADD: &str = "insert into draft_collaborators (draft, programme, member, added_ms) \
     values ($1, $2, $3, $4) on conflict do nothing";

impl Drafts<'_> {
    /// The draft, if this member is its author.
    pub async fn of_author(&self, author: MemberId, id: PitchId) -> Result<Draft, Problem> {
        let draft = self.need(author, id).await?;
        if draft.author == author { Ok(draft) } else { Err(DraftError::OnlyItsAuthor.into()) }
    }

    /// Lets a member write this draft; nothing changes if they do already.
    pub async fn add(&self, id: PitchId, member: MemberId, ask: &Ask) -> Result<(), Problem> {
        let mut client = self.store.pool().get().await.map_err(StoreError::from)?;
        let transaction = client.transaction().await.map_err(StoreError::from)?;
        let programme = &self.programme.0;
        let locked = transaction.query_opt(LOCKED, &[&id.0, programme]).await.map_err(StoreError::from)?;
        let locked = locked.ok_or_else(|| Problem::not_found("draft"))?;
        if MemberId(locked.get(0)) == member {
            return Err(DraftError::OwnDraft.into());
        }
        if locked.get::<_, i64>(1) > self.now_ms() {
            return Err(DraftError::Entering.into());
        }
        let others = transaction.query_one(COUNT, &[&id.0, &member.0]).await.map_err(StoreError::from)?;
        if others.get::<_, i64>(0) >= MOST_COLLABORATORS {
            return Err(DraftError::TooManyCollaborators.into());
        }
        let added_ms = ask.received_at.as_millisecond();
        let added = transaction.execute(ADD, &[&id.0, programme, &member.0, &added_ms]).await;
        added.map_err(StoreError::from)?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Takes a collaborator off; nothing changes if they are none.
    pub async fn remove(&self, id: PitchId, member: MemberId) -> Result<(), Problem> {
        let sql = "delete from draft_collaborators where draft = $1 and programme = $2 and member = $3";
        self.query(sql, &[&id.0, &self.programme.0, &member.0]).await?;
        Ok(())
    }

    /// Forgets a member: what others write with them goes on as the first
    /// collaborator's, the rest goes.
    pub async fn discard_of(&self, member: MemberId) -> Result<(), Problem> {
        for sql in [
            "delete from draft_collaborators where programme = $1 and member = $2",
            "update drafts d set member = heir.member, saved_by = nullif(d.saved_by, $2) from (\
             select distinct on (draft) draft, member from draft_collaborators where programme = $1 \
             order by draft, added_ms, member) heir \
             where d.id = heir.draft and d.programme = $1 and d.member = $2",
            "update drafts set saved_by = null where programme = $1 and saved_by = $2",
            // The heirs.
            "delete from draft_collaborators c using drafts d \
             where c.draft = d.id and c.member = d.member and d.programme = $1 and d.member <> $2",
            "delete from drafts where programme = $1 and member = $2",
        ] {
            self.query(sql, &[&self.programme.0, &member.0]).await?;
        }
        Ok(())
    }
}
