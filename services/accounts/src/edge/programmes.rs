//! The programmes that a person is in or invited to.

use axum::extract::State;
use plaudit_chassis::Problem;
use plaudit_chassis::http::{Listed, Query, limit};

use super::Edge;
use super::authentication::Me;
use crate::membership::{self, Place};
use crate::page;

/// The programmes where you have a place, or where one waits for your address.
/// You take it by coming.
#[utoipa::path(
    get, path = "/me/programmes", tag = "account", params(page::Asked),
    responses((status = 200, body = Listed<Place>), (status = "4XX", body = Problem)),
)]
pub async fn list(
    State(edge): State<Edge>,
    Me(identity): Me,
    Query(asked): Query<page::Asked>,
) -> Result<Listed<Place>, Problem> {
    let limit = limit(asked.limit);
    Ok(membership::places(&edge.0.service, identity.person, asked.after, limit).await?)
}
