//! What is served of a log: C2SP tlog-tiles under `/log/<programme>/`, proofs,
//! and the bundle.

mod bundle;
mod description;
mod proof;
mod tiles;

use std::sync::Arc;

use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use plaudit_chassis::http::Anyone;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use tokio::sync::oneshot;
use utoipa_axum::router::OpenApiRouter;

use crate::ledger::{Ledger, LogRow};
use crate::log::LogError;
use crate::sequencer::Sign;
use crate::{Trail, access};

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

/// A log that the asker may know of, and its last checkpoint; its first is
/// signed now if need be.
async fn signed(
    service: &Service,
    trail: &Trail,
    programme: ProgrammeId,
    anyone: &Anyone,
) -> Result<(LogRow, u64, String), Problem> {
    access::log(service, programme, anyone.member()).await?;
    let ledger = Ledger::new(service.pool().clone());
    let row = ledger.log(programme).await?.ok_or_else(|| Problem::not_found("log"))?;
    let mut last = ledger.checkpoint(programme).await?;
    if last.is_none() {
        sign(trail, programme).await?;
        last = ledger.checkpoint(programme).await?;
    }
    let (size, note) = last.ok_or_else(|| Problem::not_found("checkpoint"))?;
    Ok((row, size, note))
}

/// Has all signed that has a place now.
async fn sign(trail: &Trail, programme: ProgrammeId) -> Result<(), Problem> {
    let (done, told) = oneshot::channel();
    let busy =
        || Problem::unavailable("log-busy", "The log can't be signed just now. Try again in a moment.");
    trail.asks.send(Sign { programme, done }).await.map_err(|_| busy())?;
    match told.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => Err(Problem::unavailable("log-refuses", why)),
        Err(_) => Err(busy()),
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
