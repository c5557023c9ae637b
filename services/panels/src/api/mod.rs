//! The HTTP API: parse, decide, answer.

mod assignments;
mod declaration;
mod judges;
mod matrix;
mod panel;
mod seeing;
mod text;

use plaudit_chassis::Service;
use plaudit_chassis::id::ProgrammeId;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;

/// Everything that this service answers.
pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .merge(panel::api())
        .merge(judges::api())
        .merge(declaration::api())
        .merge(assignments::api())
        .merge(matrix::api())
        .merge(plaudit_chassis::http::own_openings())
}

/// The panel of a path: programme, and the round as the rulebook calls it.
type OfRound = (ProgrammeId, String);

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 1000; 100 unless said.
    limit: Option<u32>,
}
