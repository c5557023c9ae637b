//! Signing in by a code that is sent to an address. The client that asks gets
//! a challenge, which nobody can guess; the code works only together with it,
//! once, for ten minutes, and for five tries.

mod rate;

use jiff::SignedDuration;
use plaudit_chassis::Service;
use plaudit_chassis::store::StoreError;
use uuid::Uuid;

pub use rate::Rate;

use crate::row;
use crate::secret;

/// How long a code is good for.
pub const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How often a code may be tried.
const TRIES: i32 = 5;

/// What only the client, and only the owner of the address, get to know.
pub struct Asked {
    /// For the client that asked.
    pub challenge: String,
    /// For the address.
    pub code: String,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It was the code: this is the address that it was sent to.
    Right(String),
    /// It was not, and this many tries are left.
    Wrong(u32),
    /// Used, expired, tried too often, or never there.
    Over,
}

const SWEEP: &str = "delete from sign_ins where expires_at <= $1";
const ASK: &str =
    "insert into sign_ins (challenge, email, code, expires_at, session) values ($1, $2, $3, $4, $5)";
/// Counts the try before the code is looked at, so that tries at the same
/// moment are counted too.
const TRY: &str = "update sign_ins set tries = tries + 1 \
     where challenge = $1 and session is not distinct from $4 and expires_at > $2 and tries < $3 \
     returning code, tries";
/// Of two that come with the right code, one finds the row.
const USE: &str = "delete from sign_ins where challenge = $1 returning email";
/// The first to prove an address becomes its person.
const ENTER: &str = "insert into people (person, email, created_at) values ($1, $2, $3) \
     on conflict (email) do update set email = excluded.email returning person";

/// Makes a code for an address: to sign in, or, within a session, to prove
/// there again who it is. What is made for the one is nothing to the other.
pub async fn ask(service: &Service, email: &str, session: Option<Uuid>) -> Result<Asked, StoreError> {
    let now = service.clock().now();
    let challenge = secret::challenge();
    let code = secret::code();
    let code_hash = secret::code_hash(&challenge.secret, &code);
    let client = service.pool().get().await?;
    client.execute(SWEEP, &[&row::time(now)]).await?;
    let (hash, code_hash, until) = (challenge.hash.as_slice(), code_hash.as_slice(), row::time(now + LIFE));
    client.execute(ASK, &[&hash, &email, &code_hash, &until, &session]).await?;
    Ok(Asked { challenge: challenge.secret, code })
}

/// Tries a code where it was asked for.
pub async fn try_code(
    service: &Service,
    challenge: &str,
    code: &str,
    session: Option<Uuid>,
) -> Result<Tried, StoreError> {
    let now = row::time(service.clock().now());
    let hash = secret::hash(challenge);
    let client = service.pool().get().await?;
    let Some(row) = client.query_opt(TRY, &[&hash.as_slice(), &now, &TRIES, &session]).await? else {
        return Ok(Tried::Over);
    };
    let right = secret::same(row.get("code"), &secret::code_hash(challenge, code));
    if !right {
        let left = TRIES - row.get::<_, i32>("tries");
        return Ok(if left > 0 { Tried::Wrong(left.unsigned_abs()) } else { Tried::Over });
    }
    let used = client.query_opt(USE, &[&hash.as_slice()]).await?;
    Ok(used.map_or(Tried::Over, |row| Tried::Right(row.get("email"))))
}

/// Who it is that has proven an address.
pub async fn enter(service: &Service, email: &str) -> Result<Uuid, StoreError> {
    let now = row::time(service.clock().now());
    let client = service.pool().get().await?;
    let person = client.query_one(ENTER, &[&Uuid::now_v7(), &email, &now]).await?;
    Ok(person.get("person"))
}
