//! The code by which whoever has it joins a draft. Its author sends it to
//! whom they like; what is kept is its hash.

use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::{Ask, Problem};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{DraftError, Drafts};

const GOOD_FOR: SignedDuration = SignedDuration::from_hours(240);

/// A code that lets its holder join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The SHA-256 of the code.
    hash: [u8; 32],
    pub expires_at: Timestamp,
}

impl Invitation {
    /// For ten days from now.
    pub fn by(code: &str, ask: &Ask) -> Self {
        let expires_at = ask.received_at.checked_add(GOOD_FOR).unwrap_or(Timestamp::MAX);
        Self { hash: hash(code), expires_at }
    }
}

fn hash(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}

impl Drafts<'_> {
    /// Makes it the draft's only code. The same command again changes nothing.
    pub async fn invite(
        &self,
        id: PitchId,
        invitation: &Invitation,
        ask: &Ask,
    ) -> Result<Timestamp, Problem> {
        let made = self
            .query(
                "insert into draft_invitations (draft, programme, hash, expires_ms, command) \
                 values ($1, $2, $3, $4, $5) on conflict (draft) do update \
                 set hash = excluded.hash, expires_ms = excluded.expires_ms, command = excluded.command, \
                 taken_back = false where draft_invitations.command <> excluded.command returning expires_ms",
                &[
                    &id.0,
                    &self.programme.0,
                    &invitation.hash.as_slice(),
                    &invitation.expires_at.as_millisecond(),
                    &ask.command,
                ],
            )
            .await?;
        if !made.is_empty() {
            return Ok(invitation.expires_at);
        }
        self.invited(id).await?.ok_or_else(|| DraftError::TakenBack.into())
    }

    /// Until when the draft's code lets people join, if it does.
    pub async fn invited(&self, id: PitchId) -> Result<Option<Timestamp>, Problem> {
        let sql = "select expires_ms from draft_invitations \
             where draft = $1 and programme = $2 and not taken_back and expires_ms >= $3";
        let rows = self.query(sql, &[&id.0, &self.programme.0, &self.now_ms()]).await?;
        rows.first().map(|row| Timestamp::from_millisecond(row.get(0)).map_err(Problem::internal)).transpose()
    }

    /// Takes the code back; nothing changes if there is none.
    pub async fn uninvite(&self, id: PitchId) -> Result<(), Problem> {
        let sql = "update draft_invitations set taken_back = true where draft = $1 and programme = $2";
        self.query(sql, &[&id.0, &self.programme.0]).await?;
        Ok(())
    }

    /// The draft that a code is for. Codes are found by their hash, so how long
    /// that takes tells nothing about them.
    pub async fn join(&self, code: &str, member: MemberId, ask: &Ask) -> Result<PitchId, Problem> {
        let rows = self
            .query(
                "select i.draft, i.expires_ms from draft_invitations i join open_drafts d on d.id = i.draft \
                 where i.hash = $1 and i.programme = $2 and not i.taken_back",
                &[&hash(code).as_slice(), &self.programme.0],
            )
            .await?;
        let row = rows.first().ok_or(DraftError::CodeUnknown)?;
        if row.get::<_, i64>(1) < ask.received_at.as_millisecond() {
            return Err(DraftError::CodeOver.into());
        }
        let id = PitchId(row.get::<_, Uuid>(0));
        self.add(id, member, ask).await?;
        Ok(id)
    }
}
