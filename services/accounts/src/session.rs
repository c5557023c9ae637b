//! Sessions: who is signed in, where, until when.

use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Service;
use plaudit_chassis::store::StoreError;
use serde::Serialize;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::row;
use crate::secret::Kind;

/// How long a session lasts, unless it is ended.
const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long after proving who they are somebody holds the second key.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By a code or link that was sent to their address.
    EmailedCode,
    /// By a passkey of theirs.
    Passkey,
    /// By another provider's word.
    OpenIdConnect,
}

impl Way {
    const ALL: [Self; 3] = [Self::EmailedCode, Self::Passkey, Self::OpenIdConnect];

    /// When somebody who signs in this way at an instant has proven who they are.
    /// Another provider may have let them in for a proof of long ago.
    fn proven(self, at: Timestamp) -> Timestamp {
        match self {
            Self::EmailedCode | Self::Passkey => at,
            Self::OpenIdConnect => Timestamp::UNIX_EPOCH,
        }
    }

    /// Its name, in the table and in the services' tokens.
    pub fn name(self) -> &'static str {
        match self {
            Self::EmailedCode => "emailed-code",
            Self::Passkey => "passkey",
            Self::OpenIdConnect => "openid-connect",
        }
    }

    /// The way of this name; what is known no more counts as the weakest.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|way| way.name() == name).unwrap_or(Self::EmailedCode)
    }
}

/// Until when the second key is held, if it is now.
pub fn second_key_until(confirmed_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let until = confirmed_at + FRESH;
    (now < until).then_some(until)
}

/// A place where somebody is signed in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Session {
    /// To end it by.
    pub id: Uuid,
    /// What the client calls itself.
    pub client: String,
    /// `emailed-code`, `passkey` or `openid-connect`.
    pub signed_in_by: &'static str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub signed_in: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

const START: &str = "insert into sessions (session, person, token, client, signed_in_by, signed_in, confirmed_at, expires_at) \
     values ($1, $2, $3, $4, $5, $6, $7, $8)";
const LIST: &str = "select session, client, signed_in_by, signed_in, expires_at from sessions \
     where person = $1 and expires_at > $2 and ($3::uuid is null or session > $3) order by session limit $4";
const END: &str = "delete from sessions where session = $1 and person = $2 returning token";
const CONFIRM: &str = "update sessions set confirmed_at = $2 where session = $1";
const SWEEP: &str = "delete from sessions where person = $1 and expires_at <= $2";

/// Signs a person in; answers the session's secret, once.
pub async fn start(
    service: &Service,
    person: Uuid,
    way: Way,
    client_name: &str,
) -> Result<String, StoreError> {
    let now = service.clock().now();
    let fresh = Kind::Session.fresh();
    let client = service.pool().get().await?;
    client.execute(SWEEP, &[&person, &row::time(now)]).await?;
    let (id, token) = (Uuid::now_v7(), fresh.hash.as_slice());
    let (from, proven, until) = (row::time(now), row::time(way.proven(now)), row::time(now + LIFE));
    let values: [&(dyn ToSql + Sync); 8] =
        [&id, &person, &token, &client_name, &way.name(), &from, &proven, &until];
    client.execute(START, &values).await?;
    tracing::info!(session = %id, way = way.name(), "signed in");
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
        signed_in_by: Way::named(row.get("signed_in_by")).name(),
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

/// Notes that whoever is in a session has just proven who they are; answers
/// until when that counts, or `None` if the session has ended.
pub async fn confirm(service: &Service, session: Uuid) -> Result<Option<Timestamp>, StoreError> {
    let now = service.clock().now();
    let client = service.pool().get().await?;
    let found = client.execute(CONFIRM, &[&session, &row::time(now)]).await? > 0;
    tracing::info!(%session, found, "second key");
    Ok(found.then(|| second_key_until(now, now)).flatten())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_fresh_for_fifteen_minutes_and_not_a_moment_longer() {
        let proven = Timestamp::from_second(1_000).unwrap();
        let after = |seconds: i64| second_key_until(proven, Timestamp::from_second(1_000 + seconds).unwrap());
        assert_eq!(after(0), Timestamp::from_second(1_900).ok());
        assert!(after(899).is_some());
        assert!(after(900).is_none());
    }

    #[test]
    fn every_way_is_read_as_it_is_written() {
        for way in Way::ALL {
            assert_eq!(Way::named(way.name()), way);
        }
    }
}
