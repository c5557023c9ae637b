//! Errands: what a browser was sent away with, to an authenticator or another
//! provider, and must come back with an answer to, once and within ten minutes.

use plaudit_chassis::Service;
use plaudit_chassis::store::StoreError;
use serde_json::Value;
use uuid::Uuid;

use crate::{row, secret, sign_in};

/// What for. An answer to the one is nothing to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new passkey.
    NewPasskey,
    /// Signing in by a passkey.
    SignInByPasskey,
    /// The second key by a passkey.
    SecondKeyByPasskey,
    /// Signing in at another provider.
    SignInAtProvider,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::NewPasskey => "new-passkey",
            Self::SignInByPasskey => "sign-in-by-passkey",
            Self::SecondKeyByPasskey => "second-key-by-passkey",
            Self::SignInAtProvider => "sign-in-at-provider",
        }
    }
}

const SWEEP: &str = "delete from errands where expires_at <= $1";
const BEGIN: &str = "insert into errands (challenge, purpose, session, state, expires_at) \
     values ($1, $2, $3, $4, $5)";
/// Of two that come back with the same challenge, one finds the row.
const END: &str = "delete from errands where challenge = $1 and purpose = $2 \
     and session is not distinct from $3 and expires_at > $4 returning state";

/// Sends somebody away with this challenge.
pub async fn begin(
    service: &Service,
    challenge: &str,
    purpose: Purpose,
    session: Option<Uuid>,
    state: &Value,
) -> Result<(), StoreError> {
    let now = service.clock().now();
    let client = service.pool().get().await?;
    client.execute(SWEEP, &[&row::time(now)]).await?;
    let (hash, until) = (secret::hash(challenge), row::time(now + sign_in::LIFE));
    client.execute(BEGIN, &[&hash.as_slice(), &purpose.name(), &session, state, &until]).await?;
    Ok(())
}

/// They are back: what was noted when they went, unless they were back before
/// or took too long.
pub async fn end(
    service: &Service,
    challenge: &str,
    purpose: Purpose,
    session: Option<Uuid>,
) -> Result<Option<Value>, StoreError> {
    let now = row::time(service.clock().now());
    let hash = secret::hash(challenge);
    let client = service.pool().get().await?;
    let found = client.query_opt(END, &[&hash.as_slice(), &purpose.name(), &session, &now]).await?;
    Ok(found.map(|row| row.get("state")))
}
