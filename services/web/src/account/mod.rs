//! Signing in, and what a person has here: programmes, sessions, tokens, what is held about them.

use axum::Router;

pub fn routes() -> Router {
    Router::new()
}
