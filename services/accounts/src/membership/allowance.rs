use std::num::NonZeroU32;

use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::id::MemberId;
use tokio_postgres::{Error, Transaction};
use uuid::Uuid;

use crate::row;

/// How many addresses that have no place yet somebody may invite in any day:
/// each of them gets a letter. It is the same for all programmes together.
#[derive(Clone, Copy, Debug)]
pub struct InvitationsADay(pub NonZeroU32);

/// What counts against [`InvitationsADay`].
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Whoever invites in two programmes at once is counted one after the other.
const WHO: &str = "select p.person from members m join people p on p.person = m.person \
     where m.member = $1 and not p.leaving for no key update of p";
const FORGET: &str = "delete from invitations_given where person = $1 and at <= $2";
const LAST_THAT_FITS: &str =
    "select at from invitations_given where person = $1 order by at desc offset $2 limit 1";
const GIVE: &str = "insert into invitations_given (person, at) values ($1, $2)";

/// Why nobody more is invited.
pub enum NotInvited {
    /// So long there are too many.
    For(SignedDuration),
    /// Whoever invites has left Plaudit.
    ByNobody,
}

/// Counts one more address that this member's person invites, if they may.
pub async fn take(
    transaction: &Transaction<'_>,
    by: MemberId,
    most: InvitationsADay,
    now: Timestamp,
) -> Result<Result<(), NotInvited>, Error> {
    let Some(who) = transaction.query_opt(WHO, &[&by.0]).await? else { return Ok(Err(NotInvited::ByNobody)) };
    let person: Uuid = who.get("person");
    transaction.execute(FORGET, &[&person, &row::time(now - DAY)]).await?;
    let others = i64::from(most.0.get()) - 1;
    if let Some(last) = transaction.query_opt(LAST_THAT_FITS, &[&person, &others]).await? {
        let wait = (row::time_of(&last, "at") + DAY).duration_since(now);
        return Ok(Err(NotInvited::For(wait)));
    }
    transaction.execute(GIVE, &[&person, &row::time(now)]).await?;
    Ok(Ok(()))
}
