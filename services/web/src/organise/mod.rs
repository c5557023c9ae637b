//! An organiser's journey: from the template to a panel that is ready.

use axum::Router;

pub fn routes() -> Router {
    Router::new()
}
