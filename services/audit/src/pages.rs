//! The verifier that runs in a browser: one file, served as it is, which works
//! from a disk too.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::get;

const VERIFIER: &str = include_str!("../browser/verify.html");

/// What the public address answers besides the API.
pub fn pages() -> Router {
    Router::new().route("/verify", get(verifier))
}

async fn verifier() -> impl IntoResponse {
    // The file carries its own Content-Security-Policy, for those who keep it;
    // who may frame it can only be said here.
    const HEADERS: [(HeaderName, HeaderValue); 4] = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("frame-ancestors 'none'")),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (HEADERS, VERIFIER)
}
