//! What came out, in tables and in pictures.

use axum::Router;

pub fn routes() -> Router {
    Router::new()
}
