//! What everybody may see: a programme, its rules, and how to check it.

use axum::Router;

pub fn routes() -> Router {
    Router::new()
}
