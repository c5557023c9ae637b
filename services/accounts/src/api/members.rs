use axum::Json;
use axum::extract::State;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::http::{Caller, Listed, Path, Query, limit};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use serde::Serialize;

use crate::membership::{self, Listing};
use crate::{access, page};

/// Who the caller is in this programme.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// The id that others know them by.
    pub member: MemberId,
}

/// The caller's own member id.
#[utoipa::path(
    get, path = "/programmes/{programme}/me", tag = "members",
    params(("programme" = Uuid, Path)),
    responses((status = 200, body = Me), (status = "4XX", body = Problem)),
)]
pub async fn me(caller: Caller) -> Json<Me> {
    Json(Me { member: caller.member })
}

/// The programme's members and invitations, for organisers and, without addresses, for
/// approvers.
#[utoipa::path(
    get, path = "/programmes/{programme}/members", tag = "members",
    params(("programme" = Uuid, Path), page::Asked),
    responses((status = 200, body = Listed<Listing>), (status = "4XX", body = Problem)),
)]
pub async fn members(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(asked): Query<page::Asked>,
    caller: Caller,
) -> Result<Listed<Listing>, Problem> {
    let facts = service.store().reload::<ProgrammeFacts>(&programme.stream()).await?;
    access::list_members(caller.member, &facts.state)?;
    let mut listed = membership::list(&service, programme, asked.after, limit(asked.limit)).await?;
    if !facts.state.is_organiser(caller.member) {
        // Names are enough to know whom one signs for.
        listed.items.iter_mut().for_each(|listing| listing.email = None);
    }
    Ok(listed)
}
