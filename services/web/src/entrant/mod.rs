//! An entrant's journey: from the first question to the receipt, and what comes after.

use axum::Router;

pub fn routes() -> Router {
    Router::new()
}
