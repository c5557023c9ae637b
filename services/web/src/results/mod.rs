//! What came out, in tables and in pictures.

mod charts;

use axum::Router;

pub fn routes() -> Router {
    Router::new()
}
