//! The HTTP API, a file a noun. A handler reads, seals, asks a decision, and
//! answers; the rules are elsewhere.

mod announcement;
mod awards;
mod checked;
mod payout;
mod payout_next;
mod ranking;
mod support;
mod viewer;
mod views;

use plaudit_chassis::Service;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1000; 100 unless said.
    limit: Option<u32>,
}

/// Everything that this service answers.
pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .merge(ranking::routes())
        .merge(awards::routes())
        .merge(announcement::routes())
        .merge(payout::routes())
        .merge(support::routes())
        .merge(plaudit_chassis::http::own_openings())
}
