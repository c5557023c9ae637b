//! Comments for entrants that are returned to their judges, and come back in
//! other words.

use axum::extract::State;
use plaudit_chassis::http::{Accepted, Command, Path};
use plaudit_chassis::id::{JudgeId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::{Problem, Service};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::scorecards::words;
use crate::scorecard::{Place, ReturnComment, ReturnReason, RewordComment};

pub(super) fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(return_comment)).routes(routes!(reword))
}

/// A comment that an organiser would not pass on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Returned {
    /// The seat of the judge who wrote it.
    judge: JudgeId,
    /// From the list.
    reason: ReturnReason,
}

/// Asks a judge for other words to the entrant, who sees none until they have
/// come. For organisers, once the marks are open and until winners are
/// announced.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/scorecards/{pitch}/return", tag = "scorecards",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("pitch" = Uuid, Path)), request_body = Returned,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)),
)]
async fn return_comment(
    State(service): State<Service>,
    Path((programme, slug, pitch)): Path<(ProgrammeId, String, PitchId)>,
    command: Command<Returned>,
) -> Result<Accepted, Problem> {
    let Returned { judge, reason } = command.body;
    let place = Place { round: RoundId::of(programme, &slug), pitch, judge };
    Ok(service.run(&command.ask, &ReturnComment { place, reason }).await?.into())
}

/// Other words to the entrant.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Reworded {
    /// To 10,000 characters; absent or blank: none.
    #[serde(default)]
    comment_to_entrant: Option<String>,
}

/// Hands in other words to the entrant in place of those that were returned.
/// The marks stay as they are.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/scorecards/{pitch}/comment", tag = "scorecards",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("pitch" = Uuid, Path)), request_body = Reworded,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)),
)]
async fn reword(
    State(service): State<Service>,
    Path((programme, slug, pitch)): Path<(ProgrammeId, String, PitchId)>,
    command: Command<Reworded>,
) -> Result<Accepted, Problem> {
    let comment = words("comment_to_entrant", command.body.comment_to_entrant)?;
    let member = command.caller.member;
    let place = Place::own(RoundId::of(programme, &slug), member, pitch);
    Ok(service.run(&command.ask, &RewordComment::new(place, member, comment)).await?.into())
}
