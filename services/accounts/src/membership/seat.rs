use plaudit_chassis::Service;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::allowance::{self, InvitationsADay, NotInvited};

/// A person's place in a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The member.
    pub member: MemberId,
    /// Whether the log is known to say so.
    pub joined: bool,
}

const FIND: &str = "select member, joined from members where programme = $1 and person = $2";
/// An invitation and the person's own coming may meet: one of them at a time
/// in each programme, or they would become two members.
const ONE_AT_A_TIME: &str = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))";
const TAKE_NAME: &str = "update people p set name = m.name from members m \
     where p.person = $2 and p.name = '' and m.programme = $1 and m.email = p.email and m.name is not null";
const TAKE_INVITATION: &str = "update members m set person = p.person, email = null, name = null from people p \
     where p.person = $2 and not p.leaving and m.programme = $1 and m.email = p.email and not exists \
     (select from members o where o.programme = $1 and o.person = $2)";
const TAKE_NEW: &str = "insert into members (member, programme, person) \
     select $3, $1, p.person from people p where p.person = $2 and not p.leaving \
     on conflict (programme, person) do nothing";
const KEEP: &str = "insert into members (member, programme, person, joined) \
     select $3, $1, p.person, true from people p where p.person = $2 and not p.leaving on conflict do nothing";
const GIVE_UP: &str = "delete from members where member = $1 and person is not null and not joined";
const IS_INVITED: &str = "select from members m join people p on p.email = m.email \
     where m.programme = $1 and p.person = $2";
const FIND_INVITED: &str = "select m.member from members m left join people p on p.person = m.person \
     where m.programme = $1 and coalesce(m.email, p.email) = $2";
const INVITE: &str = "insert into members (member, programme, email, name) values ($1, $2, $3, $4)";

/// The seat that a person has already.
pub async fn taken(
    service: &Service,
    programme: ProgrammeId,
    person: Uuid,
) -> Result<Option<Seat>, StoreError> {
    let client = service.pool().get().await?;
    let find = client.prepare_cached(FIND).await?;
    Ok(client.query_opt(&find, &[&programme.0, &person]).await?.as_ref().map(of))
}

/// Whether a seat waits for the person's address.
pub async fn is_invited(service: &Service, programme: ProgrammeId, person: Uuid) -> Result<bool, StoreError> {
    let client = service.pool().get().await?;
    Ok(client.query_opt(IS_INVITED, &[&programme.0, &person]).await?.is_some())
}

/// A person's seat in a programme: the one they have, else the one that waits
/// for their address, else a new one. `None` if they have just left Plaudit.
pub async fn seat(
    service: &Service,
    programme: ProgrammeId,
    person: Uuid,
) -> Result<Option<Seat>, StoreError> {
    let mut client = service.pool().get().await?;
    let transaction = client.transaction().await?;
    one_at_a_time(&transaction, programme).await?;
    transaction.execute(TAKE_NAME, &[&programme.0, &person]).await?;
    transaction.execute(TAKE_INVITATION, &[&programme.0, &person]).await?;
    let fresh = MemberId::random();
    transaction.execute(TAKE_NEW, &[&programme.0, &person, &fresh.0]).await?;
    let row = transaction.query_opt(FIND, &[&programme.0, &person]).await?;
    transaction.commit().await?;
    Ok(row.as_ref().map(of))
}

/// Takes back a seat in what has not become a programme.
pub async fn give_up(service: &Service, seat: Seat) -> Result<(), StoreError> {
    let client = service.pool().get().await?;
    client.execute(GIVE_UP, &[&seat.member.0]).await?;
    Ok(())
}

/// Makes sure that a seat of which the log says that it is taken is there.
pub(super) async fn keep(
    service: &Service,
    programme: ProgrammeId,
    seat: Seat,
    person: Uuid,
) -> Result<(), StoreError> {
    let client = service.pool().get().await?;
    client.execute(KEEP, &[&programme.0, &person, &seat.member.0]).await?;
    Ok(())
}

/// Who is given a place, and by whom.
pub struct Guest<'a> {
    pub email: &'a str,
    pub name: Option<&'a str>,
    pub by: MemberId,
}

/// The member that an address stands for in a programme: whoever has come
/// with it already, whoever is invited by it, or a new one who is invited now.
pub async fn invite(
    service: &Service,
    programme: ProgrammeId,
    guest: Guest<'_>,
    most: InvitationsADay,
) -> Result<Result<MemberId, NotInvited>, StoreError> {
    let mut client = service.pool().get().await?;
    let transaction = client.transaction().await?;
    one_at_a_time(&transaction, programme).await?;
    let member = match transaction.query_opt(FIND_INVITED, &[&programme.0, &guest.email]).await? {
        Some(row) => MemberId(row.get("member")),
        None => {
            let now = service.clock().now();
            if let Err(no) = allowance::take(&transaction, guest.by, most, now).await? {
                return Ok(Err(no));
            }
            let member = MemberId::random();
            transaction.execute(INVITE, &[&member.0, &programme.0, &guest.email, &guest.name]).await?;
            member
        }
    };
    transaction.commit().await?;
    Ok(Ok(member))
}

async fn one_at_a_time(transaction: &Transaction<'_>, programme: ProgrammeId) -> Result<(), StoreError> {
    transaction.execute(ONE_AT_A_TIME, &[&programme.0]).await?;
    Ok(())
}

fn of(row: &tokio_postgres::Row) -> Seat {
    Seat { member: MemberId(row.get("member")), joined: row.get("joined") }
}
