//! From the result to the last hour of support: awards, announcement, payouts, certificates, files.

use axum::Router;

pub fn routes() -> Router {
    Router::new()
}
