//! API tokens: a program acts for somebody, as far as its scopes reach.

use jiff::Timestamp;
use plaudit_chassis::Service;
use plaudit_chassis::store::StoreError;
use serde::Serialize;
use uuid::Uuid;

use crate::row;
use crate::scope::Scope;
use crate::secret::Kind;

/// A token, without its secret.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Token {
    /// To revoke it by.
    pub id: Uuid,
    /// What it is for, in its owner's words.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A token with its secret, which is shown this once.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NewToken {
    /// To revoke it by.
    pub id: Uuid,
    /// The bearer.
    pub token: String,
}

const MAKE: &str = "insert into tokens (id, person, name, scopes, token, created_at) \
     values ($1, $2, $3, $4, $5, $6)";
const LIST: &str = "select id, name, scopes, created_at from tokens \
     where person = $1 and ($2::uuid is null or id > $2) order by id limit $3";
const REVOKE: &str = "delete from tokens where id = $1 and person = $2 returning token";

/// Makes a token.
pub async fn make(
    service: &Service,
    person: Uuid,
    name: &str,
    scopes: &[Scope],
) -> Result<NewToken, StoreError> {
    let fresh = Kind::Token.fresh();
    let (id, hash) = (Uuid::now_v7(), fresh.hash.as_slice());
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    let now = row::time(service.clock().now());
    let client = service.pool().get().await?;
    client.execute(MAKE, &[&id, &person, &name, &scopes, &hash, &now]).await?;
    Ok(NewToken { id, token: fresh.secret })
}

/// A person's tokens in the order of their making, after one of them.
pub async fn list(
    service: &Service,
    person: Uuid,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Token>, StoreError> {
    let client = service.pool().get().await?;
    let rows = client.query(LIST, &[&person, &after, &i64::from(limit)]).await?;
    let tokens = rows.iter().map(|row| Token {
        id: row.get("id"),
        name: row.get("name"),
        scopes: scopes(&row.get::<_, Vec<String>>("scopes")),
        created_at: row::time_of(row, "created_at"),
    });
    Ok(tokens.collect())
}

/// Revokes one of a person's tokens; answers the hash of its secret if there
/// was one.
pub async fn revoke(service: &Service, person: Uuid, token: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
    let client = service.pool().get().await?;
    Ok(client.query_opt(REVOKE, &[&token, &person]).await?.map(|row| row.get(0)))
}

/// Scopes as the table has them. One that is known no more gives nothing.
pub fn scopes(names: &[String]) -> Vec<Scope> {
    names.iter().filter_map(|name| Scope::named(name)).collect()
}
