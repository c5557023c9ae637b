//! Passkeys: ways in that a person's own device keeps. Here lies what checks
//! them, and nothing that could be used in their place.

use jiff::Timestamp;
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use uuid::Uuid;
use webauthn_rs::prelude::{AuthenticationResult, CredentialID};

use crate::row;

/// A passkey, as its owner sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Passkey {
    /// To delete it by.
    pub id: Uuid,
    /// In its owner's words.
    pub name: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was used last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub used_at: Option<Timestamp>,
}

/// A passkey, as it is checked.
pub struct Kept {
    pub id: Uuid,
    pub person: Uuid,
    pub key: webauthn_rs::prelude::Passkey,
}

/// How many one person may have.
const MOST: i64 = 20;

const ADD: &str = "insert into passkeys (passkey, person, name, credential, kept, created_at) \
     select $1, p.person, $3, $4, $5, $6 from people p where p.person = $2 and not p.leaving \
     and (select count(*) from passkeys k where k.person = $2) < $7 on conflict do nothing";
const LIST: &str = "select passkey, name, created_at, used_at from passkeys \
     where person = $1 and ($2::uuid is null or passkey > $2) order by passkey limit $3";
const DELETE: &str = "delete from passkeys where passkey = $1 and person = $2";
const CREDENTIALS: &str = "select credential from passkeys where person = $1";
const FIND: &str = "select passkey, person, kept from passkeys where credential = $1";
const USED: &str = "update passkeys set used_at = $2, kept = $3 where passkey = $1";

/// Adds a passkey; `None` if that device is known already, or there are too many.
pub async fn add(
    service: &Service,
    person: Uuid,
    name: &str,
    key: &webauthn_rs::prelude::Passkey,
) -> Result<Option<Passkey>, Problem> {
    let (id, now) = (Uuid::now_v7(), service.clock().now());
    let kept = serde_json::to_value(key).map_err(Problem::internal)?;
    let (credential, at): (&[u8], _) = (key.cred_id(), row::time(now));
    let client = service.pool().get().await.map_err(StoreError::from)?;
    let added = client.execute(ADD, &[&id, &person, &name, &credential, &kept, &at, &MOST]).await;
    let added = added.map_err(StoreError::from)? > 0;
    Ok(added.then(|| Passkey { id, name: name.to_owned(), created_at: now, used_at: None }))
}

/// A person's passkeys in the order of their making, after one of them.
pub async fn list(
    service: &Service,
    person: Uuid,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Passkey>, StoreError> {
    let client = service.pool().get().await?;
    let rows = client.query(LIST, &[&person, &after, &i64::from(limit)]).await?;
    let passkeys = rows.iter().map(|row| Passkey {
        id: row.get("passkey"),
        name: row.get("name"),
        created_at: row::time_of(row, "created_at"),
        used_at: row::maybe_time_of(row, "used_at"),
    });
    Ok(passkeys.collect())
}

/// Deletes one of a person's passkeys; answers whether it was there.
pub async fn delete(service: &Service, person: Uuid, passkey: Uuid) -> Result<bool, StoreError> {
    let client = service.pool().get().await?;
    Ok(client.execute(DELETE, &[&passkey, &person]).await? > 0)
}

/// What a person's devices call their passkeys.
pub async fn credentials(service: &Service, person: Uuid) -> Result<Vec<CredentialID>, StoreError> {
    let client = service.pool().get().await?;
    let rows = client.query(CREDENTIALS, &[&person]).await?;
    Ok(rows.iter().map(|row| CredentialID::from(row.get::<_, Vec<u8>>(0))).collect())
}

/// The passkey of this credential.
pub async fn find(service: &Service, credential: &[u8]) -> Result<Option<Kept>, Problem> {
    let client = service.pool().get().await.map_err(StoreError::from)?;
    let Some(row) = client.query_opt(FIND, &[&credential]).await.map_err(StoreError::from)? else {
        return Ok(None);
    };
    let key = serde_json::from_value(row.get("kept")).map_err(Problem::internal)?;
    Ok(Some(Kept { id: row.get("passkey"), person: row.get("person"), key }))
}

/// Notes that it was used, and how far its own counter is.
pub async fn used(service: &Service, mut kept: Kept, result: &AuthenticationResult) -> Result<(), Problem> {
    kept.key.update_credential(result);
    let key = serde_json::to_value(&kept.key).map_err(Problem::internal)?;
    let now = row::time(service.clock().now());
    let client = service.pool().get().await.map_err(StoreError::from)?;
    client.execute(USED, &[&kept.id, &now, &key]).await.map_err(StoreError::from)?;
    Ok(())
}
