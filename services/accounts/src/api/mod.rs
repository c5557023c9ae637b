//! What members do here, under `/programmes/…`; what people do is the edge's.
//! What other services ask is under `/within/…`, which the edge does not pass on.

mod invitations;
mod members;
mod within;

use axum::routing::post;
use plaudit_chassis::Service;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of a programme's members.
pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(invitations::invite))
        .routes(routes!(members::me))
        .routes(routes!(members::members))
        .route(within::PATH, post(within::members))
}
