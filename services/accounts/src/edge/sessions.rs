//! Where a person is signed in.

use axum::extract::State;
use axum::http::StatusCode;
use plaudit_chassis::Problem;
use plaudit_chassis::http::{Listed, Path, Query, limit};
use serde::Serialize;
use uuid::Uuid;

use super::Edge;
use super::authentication::Me;
use crate::page;
use crate::session::{self, Session};

/// A session, and whether it is the one that asks.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MySession {
    /// The session.
    #[serde(flatten)]
    pub session: Session,
    /// Whether this request came by it.
    pub current: bool,
}

/// Where you are signed in.
#[utoipa::path(
    get, path = "/me/sessions", tag = "account", params(page::Asked),
    responses((status = 200, body = Listed<MySession>), (status = "4XX", body = Problem)),
)]
pub async fn list(
    State(edge): State<Edge>,
    Me(identity): Me,
    Query(asked): Query<page::Asked>,
) -> Result<Listed<MySession>, Problem> {
    let limit = limit(asked.limit);
    let rows = session::list(&edge.0.service, identity.person, asked.after, limit + 1).await?;
    let sessions = rows.into_iter().map(|session| {
        let current = session.id == identity.session;
        MySession { session, current }
    });
    Ok(page::page(sessions.collect(), limit, |mine| mine.session.id))
}

/// Signs you out somewhere.
#[utoipa::path(
    delete, path = "/me/sessions/{id}", tag = "account", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)),
)]
pub async fn end(
    State(edge): State<Edge>,
    Me(identity): Me,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let ended = session::end(&edge.0.service, identity.person, id).await?;
    edge.ended(&ended.ok_or_else(|| Problem::not_found("session"))?);
    Ok(StatusCode::NO_CONTENT)
}
