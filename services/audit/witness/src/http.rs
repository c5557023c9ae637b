//! The witness's two addresses: `POST /add-checkpoint`, and `GET /` for people.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::timeout::TimeoutLayer;

use crate::Witness;
use crate::add_checkpoint::Refusal;

/// The most bytes that a request may have: 63 hashes and a note with 64
/// signatures have less.
pub const MAX_BODY: usize = 64 * 1024;

/// How long a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a 409 answers with, by the specification.
const TREE_SIZE: &str = "text/x.tlog.size";

/// Everything a witness answers.
pub fn router(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/", get(describe))
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
        .with_state(witness)
}

async fn describe(State(witness): State<Arc<Witness>>) -> String {
    let key = witness.key();
    let (logs, installations) = witness.logs().count();
    format!(
        "{} is a witness (https://c2sp.org/tlog-witness).\n\nKey: {key}\nLogs: {logs}\nInstallations: {installations}\n",
        key.name()
    )
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    let Ok(now) = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) else {
        return failed("the clock stands before 1970");
    };
    // Comes to its end also if whoever asked goes away.
    let done = tokio::task::spawn_blocking(move || witness.add_checkpoint(&body, now.as_secs()));
    match done.await {
        Ok(Ok(cosignature)) => {
            let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            (kind, format!("{cosignature}\n")).into_response()
        }
        Ok(Err(refusal)) => refusal.into_response(),
        Err(error) => failed(error),
    }
}

fn failed(why: impl std::fmt::Display) -> Response {
    tracing::error!(%why, "a request can't be answered");
    (StatusCode::INTERNAL_SERVER_ERROR, "The witness can't cosign just now.\n").into_response()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Request(_) => StatusCode::BAD_REQUEST,
            Self::Signature(_) => StatusCode::FORBIDDEN,
            Self::UnknownLog { .. } => StatusCode::NOT_FOUND,
            Self::Proof(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::OldSize { cosigned: size, .. } | Self::Fork { size } => {
                let kind = [(header::CONTENT_TYPE, TREE_SIZE)];
                return (StatusCode::CONFLICT, kind, format!("{size}\n")).into_response();
            }
            Self::Memory(_) | Self::Time(_) => return failed(self),
        };
        (status, format!("{self}\n")).into_response()
    }
}
