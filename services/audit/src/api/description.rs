//! What a log is: its origin, its key, how large it is.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use plaudit_chassis::http::{Anyone, Path};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use plaudit_verifier::log::note::{KeyKind, Signer};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{NOT, Shared, TEXT, served, signed};
use crate::Trail;
use crate::ledger::LogRow;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(describe)).routes(routes!(checkpoint))
}

/// A programme's log.
#[derive(Serialize, utoipa::ToSchema)]
struct LogView {
    /// What its checkpoints begin with.
    origin: String,
    /// The log's public key, as C2SP signed-note writes keys.
    key: String,
    /// Whom to believe, as C2SP tlog-policy writes it: the log's key, its
    /// witnesses, and how many of them it takes.
    policy: String,
    /// How many events the last checkpoint covers.
    size: u64,
    /// The last checkpoint of an earlier log of this programme, where one was
    /// lost.
    before: Option<String>,
}

/// The log's key, as its policy names it.
pub fn key(trail: &Trail, programme: ProgrammeId, row: &LogRow) -> Result<String, Problem> {
    let origin = trail.origin(programme, row.generation);
    let signer = Signer::new(&origin, KeyKind::Ed25519, &trail.settings.key).map_err(Problem::internal)?;
    Ok(signer.verifier_key().to_string())
}

/// Whom to believe about a log, as bundles and receipts say it.
pub fn policy(trail: &Trail, programme: ProgrammeId, row: &LogRow) -> Result<String, Problem> {
    Ok(format!("log {}\nquorum none\n", key(trail, programme, row)?))
}

/// A programme's log: origin, key and size.
#[utoipa::path(get, path = "/programmes/{programme}/log", tag = "log",
    params(("programme" = Uuid, Path)),
    responses((status = 200, body = LogView), (status = "4XX", body = Problem)))]
async fn describe(
    State(service): State<Service>,
    trail: Shared,
    Path(programme): Path<ProgrammeId>,
    anyone: Anyone,
) -> Result<Json<LogView>, Problem> {
    let (row, size, _) = signed(&service, &trail, programme, &anyone).await?;
    let (key, policy) = (key(&trail, programme, &row)?, policy(&trail, programme, &row)?);
    let origin = trail.origin(programme, row.generation);
    Ok(Json(LogView { origin, key, policy, size, before: row.before }))
}

/// The last checkpoint (C2SP tlog-checkpoint), with its cosignatures.
#[utoipa::path(get, path = "/programmes/{programme}/log/checkpoint", tag = "log",
    params(("programme" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = "4XX", body = Problem)))]
async fn checkpoint(
    State(service): State<Service>,
    trail: Shared,
    Path(programme): Path<ProgrammeId>,
    anyone: Anyone,
) -> Result<Response, Problem> {
    let (_, _, note) = signed(&service, &trail, programme, &anyone).await?;
    Ok(served(note.into_bytes(), TEXT, NOT))
}
