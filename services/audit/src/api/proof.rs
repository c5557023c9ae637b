//! Proofs that an event is in the log (C2SP tlog-proof).

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use plaudit_chassis::http::{Anyone, Path};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::proof::Proof;
use plaudit_verifier::log::tile::TileHashes;
use plaudit_verifier::log::tree::inclusion_proof;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::checkpoint::{Signed, sign, signed, witnessed};
use super::{NOT, Shared, TEXT, served};
use crate::ledger::Ledger;
use crate::log::read_tile;
use crate::{Trail, access};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(prove)).routes(routes!(prove_event))
}

/// A proof that the entry at an index, counted from 0, is in the log.
#[utoipa::path(get, path = "/programmes/{programme}/log/proofs/{index}", tag = "log",
    params(("programme" = Uuid, Path), ("index" = u64, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = "4XX", body = Problem)))]
async fn prove(
    State(service): State<Service>,
    trail: Shared,
    Path((programme, index)): Path<(ProgrammeId, u64)>,
    anyone: Anyone,
) -> Result<Response, Problem> {
    let last = signed(&service, &trail, programme, &anyone).await?;
    if index >= last.size {
        return Err(Problem::not_found("entry"));
    }
    let proof = prove_by_witnesses(&service, &trail, programme, &anyone, index).await?;
    Ok(served(proof.to_string().into_bytes(), TEXT, NOT))
}

/// A proof that a service's event is in the log. If no checkpoint covers it
/// yet, one is signed now.
#[utoipa::path(get, path = "/programmes/{programme}/log/events/{service}/{position}", tag = "log",
    params(("programme" = Uuid, Path), ("service" = String, Path), ("position" = u64, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = "4XX", body = Problem)))]
async fn prove_event(
    State(service): State<Service>,
    trail: Shared,
    Path((programme, source, position)): Path<(ProgrammeId, String, u64)>,
    anyone: Anyone,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("event in this log");
    access::log(&service, programme, anyone.member()).await?;
    let ledger = Ledger::new(service.pool().clone());
    let leaf = placed(&ledger, &source, position).await?.filter(|(of, _)| *of == programme);
    let (_, index) = leaf.ok_or_else(missing)?;
    if ledger.checkpoint(programme).await?.is_none_or(|(size, _)| size <= index) {
        sign(&trail, programme).await?;
    }
    let proof = prove_by_witnesses(&service, &trail, programme, &anyone, index).await?;
    Ok(served(proof.to_string().into_bytes(), TEXT, NOT))
}

/// Where an event lies. It gets its place within a second; who asks before
/// waits for it.
async fn placed(ledger: &Ledger, source: &str, position: u64) -> Result<Option<(ProgrammeId, u64)>, Problem> {
    if i64::try_from(position).is_err() {
        return Ok(None);
    }
    for _ in 0..20 {
        let leaf = ledger.leaf(source, position).await?;
        if leaf.is_some() {
            return Ok(leaf);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(None)
}

/// A proof in the newest tree that the quorum has cosigned; in the newest of
/// all, if none that has the entry is cosigned in time.
async fn prove_by_witnesses(
    service: &Service,
    trail: &Trail,
    programme: ProgrammeId,
    anyone: &Anyone,
    index: u64,
) -> Result<Proof, Problem> {
    match witnessed(service, trail, programme, anyone, index).await? {
        Some(tree) => of(trail, programme, index, &tree),
        None => of(trail, programme, index, &signed(service, trail, programme, anyone).await?),
    }
}

/// The proof that an entry is in a tree that was signed.
fn of(trail: &Trail, programme: ProgrammeId, index: u64, tree: &Signed) -> Result<Proof, Problem> {
    let tile = |tile| read_tile(trail, programme, tree.row.generation, tile).ok().flatten();
    let hashes = TileHashes::new(tree.size, tile);
    let path = inclusion_proof(&hashes, index, tree.size).map_err(Problem::internal)?;
    let note = Note::parse(tree.note.as_bytes()).map_err(Problem::internal)?;
    Proof::new(index, path, note).map_err(Problem::internal)
}
