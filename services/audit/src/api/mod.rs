//! What is served of a log: C2SP tlog-tiles under `/log/<programme>/`, proofs,
//! and the bundle.

mod bundle;
mod description;
mod proof;
mod tiles;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use plaudit_chassis::http::Anyone;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::policy::Policy;
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

/// How long whoever asks waits for the witnesses of a new checkpoint.
const WITNESSES_TAKE: Duration = Duration::from_secs(3);

/// So many checkpoints are looked through for one that the quorum has cosigned.
const LOOKED_THROUGH: i64 = 16;

/// As [`signed`], but the newest checkpoint of more than `above` leaves that
/// the quorum has cosigned; the newest of all, if none is in time.
async fn witnessed(
    service: &Service,
    trail: &Trail,
    programme: ProgrammeId,
    anyone: &Anyone,
    above: u64,
) -> Result<(LogRow, u64, String), Problem> {
    let (row, mut size, mut note) = signed(service, trail, programme, anyone).await?;
    if !access::is_public(service, programme).await? {
        // No witness has heard of it.
        return Ok((row, size, note));
    }
    let policy = description::policy(trail, programme, &row)?;
    let policy = Policy::parse(policy.as_bytes()).map_err(Problem::internal)?;
    let ledger = Ledger::new(service.pool().clone());
    let began = Instant::now();
    loop {
        for (size, note) in ledger.newest(programme, above, LOOKED_THROUGH).await? {
            if policy.check(&read(&note)?).is_ok_and(|verdict| verdict.quorum_reached) {
                return Ok((row, size, note));
            }
        }
        if began.elapsed() > WITNESSES_TAKE || !is_awaited(trail, &read(&note)?) {
            return Ok((row, size, note));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        if let Some(last) = ledger.checkpoint(programme).await? {
            (size, note) = last;
        }
    }
}

/// Whether a witness that answers has yet to cosign.
fn is_awaited(trail: &Trail, note: &Note) -> bool {
    let witnesses = trail.settings.witnesses.asked().iter().zip(&trail.news);
    let mut answering = witnesses.filter(|(_, news)| !news.away()).map(|(witness, _)| &witness.key);
    answering.any(|key| !note.signatures().iter().any(|line| key.is_named_by(line)))
}

fn read(note: &str) -> Result<Note, Problem> {
    Note::parse(note.as_bytes()).map_err(Problem::internal)
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
