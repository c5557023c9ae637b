//! The one moment in which winners become public.

use axum::extract::State;
use plaudit_chassis::http::{Accepted, Command, Nothing, Path};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::pot::AnnounceWinners;

/// Announces every approved award. At or after the embargo.
#[utoipa::path(post, path = "/programmes/{programme}/announcement", tag = "awards",
    params(("programme" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn announce_winners(
    State(service): State<Service>,
    Path(_programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &AnnounceWinners).await?.into())
}

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(announce_winners))
}
