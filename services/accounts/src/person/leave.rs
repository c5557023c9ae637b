use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Service};
use uuid::Uuid;

use crate::member::MemberCommand;
use crate::membership::{self, Seat};

/// Invitations that wait for them are theirs too, and go the same way.
const TAKE_INVITATIONS: &str = "update members m set person = p.person, email = null, name = null from people p \
     where p.person = $1 and m.email = p.email and not exists \
     (select from members o where o.programme = m.programme and o.person = p.person)";
const DROP_INVITATIONS: &str =
    "delete from members m using people p where p.person = $1 and m.email = p.email";
const DROP_SIGN_INS: &str = "delete from sign_ins s using people p where p.person = $1 and s.email = p.email";
const MARK: &str = "update people set leaving = true, name = '', email = null where person = $1";
const MEMBERS: &str = "select member, programme from members where person = $1 order by programme";

/// Forgets who somebody is: name, address, sessions, tokens and passkeys are gone when
/// this returns, and only ids wait for their events.
pub async fn begin_to_leave(service: &Service, person: Uuid) -> Result<(), StoreError> {
    let mut client = service.pool().get().await?;
    let transaction = client.transaction().await?;
    let statements = [
        TAKE_INVITATIONS,
        DROP_INVITATIONS,
        DROP_SIGN_INS,
        "delete from sessions where person = $1",
        "delete from tokens where person = $1",
        "delete from passkeys where person = $1",
        MARK,
    ];
    for statement in statements {
        transaction.execute(statement, &[&person]).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Says of each member in the log that it was forgotten, and then deletes what
/// links it to the person. Interrupted, it is simply done again.
pub async fn finish_leaving(service: &Service, person: Uuid) -> Result<(), Problem> {
    let members = {
        let client = service.pool().get().await.map_err(StoreError::from)?;
        client.query(MEMBERS, &[&person]).await.map_err(StoreError::from)?
    };
    for row in members {
        let (member, programme) = (MemberId(row.get("member")), ProgrammeId(row.get("programme")));
        membership::record(service, programme, Seat { member, joined: true }, MemberCommand::Forget).await?;
        let client = service.pool().get().await.map_err(StoreError::from)?;
        let unlink = "delete from members where member = $1";
        client.execute(unlink, &[&member.0]).await.map_err(StoreError::from)?;
    }
    let client = service.pool().get().await.map_err(StoreError::from)?;
    let gone = "delete from people where person = $1 and leaving";
    client.execute(gone, &[&person]).await.map_err(StoreError::from)?;
    Ok(())
}

/// Who asked to be forgotten and has events to come.
pub async fn leaving(service: &Service) -> Result<Vec<Uuid>, StoreError> {
    let client = service.pool().get().await?;
    let rows = client.query("select person from people where leaving", &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
