use plaudit_chassis::Service;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use serde::Serialize;
use uuid::Uuid;

use super::{Person, find};
use crate::passkey::{self, Passkey};
use crate::session::{self, Session};
use crate::token::{self, Token};

/// All that accounts holds about somebody.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Everything {
    /// Who.
    pub person: Person,
    /// Where they are signed in.
    pub sessions: Vec<Session>,
    /// Their passkeys.
    pub passkeys: Vec<Passkey>,
    /// Their API tokens.
    pub tokens: Vec<Token>,
    /// Their places in programmes. What services hold, they hold under these
    /// ids.
    pub memberships: Vec<Membership>,
    /// Sign-ins under way to their address.
    pub pending_sign_ins: i64,
    /// How many addresses they have invited of late, as far as it is kept: it
    /// counts against a limit, for a day.
    pub invitations_given: i64,
}

/// A place in a programme.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Membership {
    /// Of which programme.
    pub programme: ProgrammeId,
    /// Under which id.
    pub member: MemberId,
    /// `invited`, or `joined` once they came.
    pub state: &'static str,
    /// The name that an invitation gives, until they came.
    pub invited_as: Option<String>,
}

/// A page without an end.
const ALL: u32 = u32::MAX;

const MEMBERSHIPS: &str = "select m.programme, m.member, m.person is not null as came, m.name \
     from members m join people p on m.person = p.person or m.email = p.email \
     where p.person = $1 order by m.programme, m.member";
const PENDING: &str =
    "select count(*) from sign_ins s join people p on p.email = s.email where p.person = $1";

const GIVEN: &str = "select count(*) from invitations_given where person = $1";

/// Everything about somebody, for them to download.
pub async fn everything(service: &Service, person: Uuid) -> Result<Option<Everything>, StoreError> {
    let Some(found) = find(service, person).await? else { return Ok(None) };
    let (memberships, pending_sign_ins, invitations_given) = of_tables(service, person).await?;
    Ok(Some(Everything {
        person: found,
        memberships,
        pending_sign_ins,
        invitations_given,
        sessions: session::list(service, person, None, ALL).await?,
        passkeys: passkey::list(service, person, None, ALL).await?,
        tokens: token::list(service, person, None, ALL).await?,
    }))
}

/// A request holds one connection at a time: many that each held one and waited
/// for another would wait for each other.
async fn of_tables(service: &Service, person: Uuid) -> Result<(Vec<Membership>, i64, i64), StoreError> {
    let client = service.pool().get().await?;
    let memberships = client.query(MEMBERSHIPS, &[&person]).await?;
    let memberships = memberships.iter().map(|row| Membership {
        programme: ProgrammeId(row.get("programme")),
        member: MemberId(row.get("member")),
        state: if row.get("came") { "joined" } else { "invited" },
        invited_as: row.get("name"),
    });
    let memberships = memberships.collect();
    let pending = client.query_one(PENDING, &[&person]).await?.get(0);
    Ok((memberships, pending, client.query_one(GIVEN, &[&person]).await?.get(0)))
}
