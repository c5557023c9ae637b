//! What a log is: its origin, its key, how large it is.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use plaudit_chassis::http::{Anyone, Path};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use plaudit_verifier::log::note::{KeyKind, Note, Signer, VerifierKey};
use plaudit_verifier::log::policy::Policy;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::checkpoint::{Signed, signed};
use super::{NOT, Shared, TEXT, served};
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
    /// The policy's witnesses, and what they say of the last checkpoint.
    witnesses: Vec<WitnessView>,
    /// How many events the last checkpoint covers.
    size: u64,
    /// The last checkpoint of an earlier log of this programme, where one was
    /// lost.
    before: Option<String>,
}

/// Who cosigns what continues all that it cosigned before.
#[derive(Serialize, utoipa::ToSchema)]
struct WitnessView {
    /// What the policy calls it.
    name: String,
    /// Its public key, as C2SP signed-note writes keys.
    key: String,
    /// When it has cosigned the last checkpoint, by its own clock; nothing if
    /// it has not yet.
    cosigned: Option<String>,
}

/// The log's key, as its policy names it.
fn key(trail: &Trail, programme: ProgrammeId, row: &LogRow) -> Result<VerifierKey, Problem> {
    let origin = trail.origin(programme, row.generation);
    let signer = Signer::new(&origin, KeyKind::Ed25519, &trail.settings.key).map_err(Problem::internal)?;
    Ok(signer.verifier_key().clone())
}

/// Whom to believe about a log, as bundles and receipts say it.
pub fn policy(trail: &Trail, programme: ProgrammeId, row: &LogRow) -> Result<String, Problem> {
    Ok(trail.settings.witnesses.of_log(&key(trail, programme, row)?))
}

/// A programme's log: origin, key, witnesses and size.
#[utoipa::path(get, path = "/programmes/{programme}/log", tag = "log",
    params(("programme" = Uuid, Path)),
    responses((status = 200, body = LogView), (status = "4XX", body = Problem)))]
async fn describe(
    State(service): State<Service>,
    trail: Shared,
    Path(programme): Path<ProgrammeId>,
    anyone: Anyone,
) -> Result<Json<LogView>, Problem> {
    let Signed { row, size, note } = signed(&service, &trail, programme, &anyone).await?;
    let key = key(&trail, programme, &row)?.to_string();
    let policy = policy(&trail, programme, &row)?;
    let witnesses = witnesses(&policy, &note)?;
    let origin = trail.origin(programme, row.generation);
    Ok(Json(LogView { origin, key, policy, witnesses, size, before: row.before }))
}

/// What each witness says of a checkpoint; its last word, if it has several.
fn witnesses(policy: &str, note: &str) -> Result<Vec<WitnessView>, Problem> {
    let policy = Policy::parse(policy.as_bytes()).map_err(Problem::internal)?;
    let note = Note::parse(note.as_bytes()).map_err(Problem::internal)?;
    let verdict = policy.check(&note).map_err(Problem::internal)?;
    let witnesses = policy.witnesses().iter().map(|witness| {
        let by_it = verdict.cosigned.iter().filter(|cosigned| cosigned.witness == witness.name());
        let last = by_it.map(|cosigned| cosigned.time).max();
        let cosigned = last.and_then(|time| Timestamp::from_second(i64::try_from(time).ok()?).ok());
        WitnessView {
            name: witness.name().to_owned(),
            key: witness.key().to_string(),
            cosigned: cosigned.map(|time| time.to_string()),
        }
    });
    Ok(witnesses.collect())
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
    let last = signed(&service, &trail, programme, &anyone).await?;
    Ok(served(last.note.into_bytes(), TEXT, NOT))
}
