//! What members do here, under `/programmes/…`; what people do is the edge's.

mod invitations;
mod members;

use plaudit_chassis::Service;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of a programme's members.
pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(invitations::invite))
        .routes(routes!(members::me))
        .routes(routes!(members::members))
}
