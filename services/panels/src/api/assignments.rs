//! Who marks what.

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Accepted, Caller, Command, Listed, Nothing, Path, Query, limit};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::seeing::{Seer, screening_taken_in};
use super::{OfRound, Paging};
use crate::access::View;
use crate::commands::{AssignAll, MoveAssignment};
use crate::read_model::Assignments;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(assign, list_assignments)).routes(routes!(move_one))
}

/// Let every pitch be given its judges.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/assignments", tag = "assignments",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn assign(
    State(service): State<Service>,
    Path((programme, round)): Path<OfRound>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    screening_taken_in(&service, programme).await?;
    Ok(service.run(&command.ask, &AssignAll { round }).await?.into())
}

/// One judge marks one pitch.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct AssignmentShown {
    pitch: PitchId,
    judge: JudgeId,
    member: MemberId,
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
}

/// The assignments that stand: organisers and approvers see all, a judge their
/// own.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/panel/assignments", tag = "assignments",
    params(("programme" = Uuid, Path), ("round" = String, Path), Paging),
    responses((status = 200, body = Listed<AssignmentShown>), (status = "4XX", body = Problem))
)]
async fn list_assignments(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    Query(paging): Query<Paging>,
    caller: Caller,
) -> Result<Listed<AssignmentShown>, Problem> {
    let seer = Seer::of(&service, &caller, &round).await?;
    let owner = (seer.view == View::Own).then_some(seer.member.0);
    let filter = Filter { programme: None, owner, part: Some(("panel", seer.round.0)) };
    let page = service.rows::<Assignments>();
    let page = page.page(filter, paging.after.as_deref(), limit(paging.limit)).await?;
    let walls = seer.walls(&service).await?;
    let visible = page.items.into_iter().filter(|row| !walls.contains(&row.pitch));
    let items = visible.map(|row| AssignmentShown {
        pitch: row.pitch,
        judge: row.judge,
        member: row.member,
        made_at: row.made_at,
    });
    Ok(Listed { items: items.collect(), next: page.next })
}

/// One assignment, and whose it becomes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Moved {
    pitch: PitchId,
    /// The member who was to mark it.
    from: MemberId,
    /// The member who is to mark it now.
    to: MemberId,
}

/// Move one assignment to another judge.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/assignments/moves", tag = "assignments",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    request_body = Moved,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn move_one(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    command: Command<Moved>,
) -> Result<Accepted, Problem> {
    let Moved { pitch, from, to } = command.body;
    let decision = MoveAssignment { round, pitch, from, to };
    Ok(service.run(&command.ask, &decision).await?.into())
}
