//! Sessions: who is signed in, where, until when.

use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Service;
use plaudit_chassis::store::StoreError;
use serde::Serialize;
use uuid::Uuid;

use crate::row;
use crate::secret::Kind;

/// How long a session lasts, unless it is ended.
const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A place where somebody is signed in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Session {
    /// To end it by.
    pub id: Uuid,
    /// What the client calls itself.
    pub client: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub signed_in: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

const START: &str = "insert into sessions (session, person, token, client, signed_in, expires_at) \
     values ($1, $2, $3, $4, $5, $6)";
const LIST: &str = "select session, client, signed_in, expires_at from sessions \
     where person = $1 and expires_at > $2 and ($3::uuid is null or session > $3) order by session limit $4";
const END: &str = "delete from sessions where session = $1 and person = $2 returning token";
const SWEEP: &str = "delete from sessions where person = $1 and expires_at <= $2";

/// Signs a person in; answers the session's secret, once.
pub async fn start(service: &Service, person: Uuid, client_name: &str) -> Result<String, StoreError> {
    let now = service.clock().now();
    let fresh = Kind::Session.fresh();
    let client = service.pool().get().await?;
    client.execute(SWEEP, &[&person, &row::time(now)]).await?;
    let (id, token) = (Uuid::now_v7(), fresh.hash.as_slice());
    let (from, until) = (row::time(now), row::time(now + LIFE));
    client.execute(START, &[&id, &person, &token, &client_name, &from, &until]).await?;
    Ok(fresh.secret)
}

/// A person's sessions in the order of signing in, after one of them.
pub async fn list(
    service: &Service,
    person: Uuid,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Session>, StoreError> {
    let client = service.pool().get().await?;
    let now = row::time(service.clock().now());
    let rows = client.query(LIST, &[&person, &now, &after, &i64::from(limit)]).await?;
    let sessions = rows.iter().map(|row| Session {
        id: row.get("session"),
        client: row.get("client"),
        signed_in: row::time_of(row, "signed_in"),
        expires_at: row::time_of(row, "expires_at"),
    });
    Ok(sessions.collect())
}

/// Ends one of a person's sessions; answers the hash of its secret if there
/// was one.
pub async fn end(service: &Service, person: Uuid, session: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let client = service.pool().get().await?;
    Ok(client.query_opt(END, &[&session, &person]).await?.map(|row| row.get(0)))
}
