//! Signing in by a code that is sent to an address. The client that asks gets
//! a challenge, which nobody can guess; the code works only together with it,
//! once, for ten minutes, and for five tries.

mod rate;

use jiff::SignedDuration;
use plaudit_chassis::Service;
use plaudit_chassis::store::StoreError;
use tokio_postgres::Client;
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It was the code: this is who.
    Right(Uuid),
    /// It was not, and this many tries are left.
    Wrong(u32),
    /// Used, expired, tried too often, or never there.
    Over,
}

const SWEEP: &str = "delete from sign_ins where expires_at <= $1";
const ASK: &str = "insert into sign_ins (challenge, email, code, expires_at) values ($1, $2, $3, $4)";
/// Counts the try before the code is looked at, so that tries at the same
/// moment are counted too.
const TRY: &str = "update sign_ins set tries = tries + 1 \
     where challenge = $1 and expires_at > $2 and tries < $3 returning code, tries";
/// Of two that come with the right code, one finds the row.
const USE: &str = "delete from sign_ins where challenge = $1 returning email";
/// The first to prove an address becomes its person.
const ENTER: &str = "insert into people (person, email, created_at) values ($1, $2, $3) \
     on conflict (email) do update set email = excluded.email returning person";

/// Begins a sign-in to an address.
pub async fn ask(service: &Service, email: &str) -> Result<Asked, StoreError> {
    let now = service.clock().now();
    let challenge = secret::challenge();
    let code = secret::code();
    let code_hash = secret::code_hash(&challenge.secret, &code);
    let client = service.pool().get().await?;
    client.execute(SWEEP, &[&row::time(now)]).await?;
    let (hash, code_hash, until) = (challenge.hash.as_slice(), code_hash.as_slice(), row::time(now + LIFE));
    client.execute(ASK, &[&hash, &email, &code_hash, &until]).await?;
    Ok(Asked { challenge: challenge.secret, code })
}

/// Tries a code.
pub async fn try_code(service: &Service, challenge: &str, code: &str) -> Result<Tried, StoreError> {
    let now = row::time(service.clock().now());
    let hash = secret::hash(challenge);
    let client = service.pool().get().await?;
    let Some(row) = client.query_opt(TRY, &[&hash.as_slice(), &now, &TRIES]).await? else {
        return Ok(Tried::Over);
    };
    let right = secret::same(row.get("code"), &secret::code_hash(challenge, code));
    if !right {
        let left = TRIES - row.get::<_, i32>("tries");
        return Ok(if left > 0 { Tried::Wrong(left.unsigned_abs()) } else { Tried::Over });
    }
    enter(&client, &hash, now).await
}

async fn enter(
    client: &Client,
    hash: &secret::Hash,
    now: std::time::SystemTime,
) -> Result<Tried, StoreError> {
    let Some(row) = client.query_opt(USE, &[&hash.as_slice()]).await? else {
        return Ok(Tried::Over);
    };
    let email: &str = row.get("email");
    let person = client.query_one(ENTER, &[&Uuid::now_v7(), &email, &now]).await?;
    Ok(Tried::Right(person.get("person")))
}
