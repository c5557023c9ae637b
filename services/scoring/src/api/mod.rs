//! The HTTP API, a file a noun. Each handler parses, asks, and answers.

mod comments;
mod drafts;
mod openings;
mod results;
mod rewording;
mod robustness;
mod rounds;
mod scorecards;
mod shown;
mod viewer;

use plaudit_chassis::Service;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;

/// All routes of this service.
pub fn api() -> OpenApiRouter<Service> {
    rounds::api()
        .merge(scorecards::api())
        .merge(drafts::api())
        .merge(comments::api())
        .merge(rewording::api())
        .merge(results::api())
        .merge(robustness::api())
        .merge(openings::api())
        .merge(plaudit_chassis::http::own_openings())
}

/// Which page of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// How many: 1 to 1000, 100 unless said.
    limit: Option<u32>,
}
