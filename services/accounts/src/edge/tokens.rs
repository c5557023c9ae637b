//! A person's API tokens.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use plaudit_chassis::Problem;
use plaudit_chassis::http::{Listed, Path, Query, limit};
use serde::Deserialize;
use uuid::Uuid;

use super::authentication::Me;
use super::body::Sent;
use super::{Edge, needed_name};
use crate::page;
use crate::scope::Scope;
use crate::token::{self, NewToken, Token};

/// What a token is for.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// In your own words.
    pub name: String,
    /// At least one, and none that the bearer of this request lacks;
    /// `second-key` only in a session with a fresh second key.
    pub scopes: Vec<Scope>,
}

/// Makes a token. It is shown this once.
#[utoipa::path(
    post, path = "/me/tokens", tag = "account", request_body = Wanted,
    responses((status = 201, body = NewToken), (status = "4XX", body = Problem)),
)]
pub async fn make(
    State(edge): State<Edge>,
    Me(identity): Me,
    Sent(wanted): Sent<Wanted>,
) -> Result<(StatusCode, Json<NewToken>), Problem> {
    let name = needed_name(&wanted.name)?;
    let mut scopes = wanted.scopes;
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(Problem::field("scopes", "name at least one of read, write, account, second-key"));
    }
    for scope in &scopes {
        match scope {
            // What stands for a proof needs one, and passes to no other token.
            Scope::SecondKey if identity.second_key_until(edge.now()).is_none() => {
                return Err(Problem::second_key_needed());
            }
            scope => identity.reaches(*scope)?,
        }
    }
    let made = token::make(&edge.0.service, identity.person, &name, &scopes).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Your tokens, without their secrets.
#[utoipa::path(
    get, path = "/me/tokens", tag = "account", params(page::Asked),
    responses((status = 200, body = Listed<Token>), (status = "4XX", body = Problem)),
)]
pub async fn list(
    State(edge): State<Edge>,
    Me(identity): Me,
    Query(asked): Query<page::Asked>,
) -> Result<Listed<Token>, Problem> {
    let limit = limit(asked.limit);
    let rows = token::list(&edge.0.service, identity.person, asked.after, limit + 1).await?;
    Ok(page::page(rows, limit, |token| token.id))
}

/// Revokes a token.
#[utoipa::path(
    delete, path = "/me/tokens/{id}", tag = "account", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)),
)]
pub async fn revoke(
    State(edge): State<Edge>,
    Me(identity): Me,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let revoked = token::revoke(&edge.0.service, identity.person, id).await?;
    edge.ended(&revoked.ok_or_else(|| Problem::not_found("token"))?);
    Ok(StatusCode::NO_CONTENT)
}
