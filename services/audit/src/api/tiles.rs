//! Tiles and entry bundles (C2SP tlog-tiles).

use axum::extract::State;
use axum::response::Response;
use plaudit_chassis::http::{Anyone, Path};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use plaudit_verifier::log::tile::{Entries, FULL, Tile};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::checkpoint::{Signed, signed};
use super::{BYTES, FOR_EVER, Shared, served};
use crate::access;
use crate::entries::as_signed;
use crate::ledger::Ledger;
use crate::log::read_tile;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(entries)).routes(routes!(tile))
}

/// A tile of hashes: `<level>/<index>[.p/<width>]` as C2SP tlog-tiles writes it.
#[utoipa::path(get, path = "/programmes/{programme}/log/tile/{*path}", tag = "log",
    params(("programme" = Uuid, Path), ("path" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "4XX", body = Problem)))]
async fn tile(
    State(service): State<Service>,
    trail: Shared,
    Path((programme, path)): Path<(ProgrammeId, String)>,
    anyone: Anyone,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("tile");
    let tile = Tile::parse(&format!("tile/{path}")).map_err(|_| missing())?;
    let Signed { row, size, .. } = signed(&service, &trail, programme, &anyone).await?;
    // What lies on the shelf beyond the checkpoint may still become another.
    if !is_within(tile, size) {
        return Err(missing());
    }
    let bytes = read_tile(&trail, programme, row.generation, tile)?.ok_or_else(missing)?;
    Ok(served(bytes, BYTES, FOR_EVER))
}

/// Whether a tree of this size has all hashes of a tile.
fn is_within(tile: Tile, size: u64) -> bool {
    let hashes = size.checked_shr(8 * u32::from(tile.level())).unwrap_or(0);
    let end = tile.index().saturating_mul(u64::from(FULL)).saturating_add(u64::from(tile.width()));
    end <= hashes
}

/// A bundle of entries: `<index>[.p/<width>]` as C2SP tlog-tiles writes it.
#[utoipa::path(get, path = "/programmes/{programme}/log/tile/entries/{*path}", tag = "log",
    params(("programme" = Uuid, Path), ("path" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = "4XX", body = Problem)))]
async fn entries(
    State(service): State<Service>,
    trail: Shared,
    Path((programme, path)): Path<(ProgrammeId, String)>,
    anyone: Anyone,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("bundle of entries");
    let bundle = Entries::parse(&format!("tile/entries/{path}")).map_err(|_| missing())?;
    let Signed { row, size, .. } = signed(&service, &trail, programme, &anyone).await?;
    access::entries(&service, programme, anyone.member()).await?;
    if bundle.range().end > size {
        return Err(missing());
    }
    let leaves = Ledger::new(service.pool().clone()).places(programme, bundle.range()).await?;
    let bytes = as_signed(&trail, service.context(), (programme, &row), bundle, &leaves).await?;
    Ok(served(bytes, BYTES, FOR_EVER))
}
