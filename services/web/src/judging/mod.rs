//! A judge's journey: from the invitation to the last score sheet.

use axum::Router;

pub fn routes() -> Router {
    Router::new()
}
