//! What is served of a log: C2SP tlog-tiles under `/log/<programme>/`, proofs,
//! and the bundle.

mod bundle;
mod checkpoint;
mod description;
mod proof;
mod tiles;

use std::sync::Arc;

use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use plaudit_chassis::{Problem, Service};
use utoipa_axum::router::OpenApiRouter;

use crate::Trail;
use crate::log::LogError;

type Shared = Extension<Arc<Trail>>;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .merge(description::api())
        .merge(tiles::api())
        .merge(proof::api())
        .merge(bundle::api())
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(error) => error.into(),
            error => Problem::internal(error),
        }
    }
}

/// Something of the log, with how long it may be kept.
fn served(bytes: Vec<u8>, kind: &'static str, keep: &'static str) -> Response {
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answer
}

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// What never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What changes.
const NOT: &str = "no-store";
