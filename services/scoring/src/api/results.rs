use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use plaudit_chassis::http::{Anyone, Path, Query, limit};
use plaudit_chassis::id::{PitchId, ProgrammeId, StreamId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::vault::{Commitment, Shown};
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Paging;
use super::viewer::Viewer;
use crate::access::Part;
use crate::read_model::{ResultRow, Results, hex};
use crate::result::{RoundResult, ranking_of};

pub(super) fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(derivation))
}

/// How long a reader waits for a declared result to be in the list.
const CATCH_UP: Duration = Duration::from_secs(5);

/// A page of a round's result.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ResultShown {
    /// What the rulebook calls the round.
    round: String,
    /// Of the rulebook by which it was tallied, in hexadecimal.
    rulebook_hash: String,
    /// SHA-256 of the whole derivation, where marks are public.
    derivation: Option<String>,
    /// Elsewhere its seal, in hexadecimal: the digest's 32 bytes are sealed.
    sealed_derivation: Option<String>,
    /// The salt that opens the seal, in Base64, for those who may see the
    /// derivation.
    salt: Option<String>,
    /// In order of rank, shared ranks and the unranked in running order.
    /// Pitches that the reader has a conflict with are left out.
    items: Vec<PlaceShown>,
    /// Send this as `after` for what comes next; absent: that was all.
    next: Option<String>,
}

/// A pitch's place.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PlaceShown {
    /// Which.
    pitch: PitchId,
    /// From 1; absent: too few marks to be ranked.
    rank: Option<u32>,
    /// How many share the rank.
    shared_by: u32,
    /// An exact decimal, or a fraction where the rulebook doesn't round.
    total: Option<String>,
    /// How many count.
    scorecards: u32,
    /// Its place in the running order, from 1.
    order: u64,
    /// SHA-256 of its part of the derivation, where marks are public.
    derivation: Option<String>,
}

impl From<ResultRow> for PlaceShown {
    fn from(row: ResultRow) -> Self {
        Self {
            pitch: row.pitch,
            rank: row.rank,
            shared_by: row.shared_by,
            total: row.total,
            scorecards: row.scorecards,
            order: row.order,
            derivation: row.derivation,
        }
    }
}

/// A round's result: for organisers, approvers and the panel once it is
/// declared, for everybody once winners are announced.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/result", tag = "results",
    params(("programme" = Uuid, Path), ("round" = String, Path), Paging),
    responses((status = 200, body = ResultShown), (status = "4XX", body = Problem)),
)]
async fn show(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    Query(paging): Query<Paging>,
    anyone: Anyone,
) -> Result<axum::Json<ResultShown>, Problem> {
    let viewer = known(&service, programme, &slug, &anyone).await?;
    let stream = viewer.round_id.result();
    let result = service.store().reload::<RoundResult>(&stream).await?;
    let declared = result.state.declared.clone().ok_or_else(|| Problem::not_found("result"))?;
    listed(&service, &stream, result.version).await?;
    let filter =
        Filter { programme: Some(programme.0), owner: None, part: Some(("round", viewer.round_id.0)) };
    let page = service.rows::<Results>().page(filter, paging.after.as_deref(), limit(paging.limit)).await?;
    let seen = page.items.into_iter().filter(|row| viewer.part_in(row.pitch).sees_place(viewer.stage));
    let items = seen.map(PlaceShown::from).collect();
    let salt = salt(&service, programme, &viewer, &declared.sealed_derivation).await?;
    let shown = |bytes: &[u8]| (!bytes.is_empty()).then(|| hex(bytes));
    Ok(axum::Json(ResultShown {
        round: slug,
        rulebook_hash: hex(&declared.rulebook_hash),
        derivation: shown(&declared.derivation),
        sealed_derivation: shown(&declared.sealed_derivation),
        salt,
        items,
        next: page.next,
    }))
}

/// The derivation of the whole result, from the marks to the ranks, as
/// `plaudit/tally/v1` specifies its bytes: computed again from the openings,
/// with its SHA-256 in `Repr-Digest`.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/result/derivation", tag = "results",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    responses((status = 200, body = Object, content_type = "application/json"), (status = "4XX", body = Problem)),
)]
async fn derivation(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    anyone: Anyone,
) -> Result<Response, Problem> {
    let viewer = known(&service, programme, &slug, &anyone).await?;
    if !whole(&service, programme, &viewer).await?.sees_derivation(viewer.stage, viewer.marks_public()) {
        return Err(Problem::forbidden(
            "The derivation shows every mark: the rulebook doesn't show them to you, or you have a conflict with a pitch in it.",
        ));
    }
    let ranking = ranking_of(service.store(), programme, viewer.round_id, viewer.round.pinned()?).await?;
    let digest = format!("sha-256=:{}:", BASE64_STANDARD.encode(ranking.digest().as_bytes()));
    let headers = [(header::CONTENT_TYPE.as_str(), "application/json"), ("repr-digest", &digest)];
    Ok((headers, ranking.derivation_bytes()).into_response())
}

/// 404 for those who may not know that there is a result.
pub(super) async fn known(
    service: &Service,
    programme: ProgrammeId,
    slug: &str,
    anyone: &Anyone,
) -> Result<Viewer, Problem> {
    let viewer = Viewer::of(service, programme, slug, anyone.member()).await?;
    if !viewer.part().knows_of_result(viewer.stage) {
        return Err(Problem::not_found("result"));
    }
    Ok(viewer)
}

/// The salt of the derivation's seal, for those who may see what it seals.
async fn salt(
    service: &Service,
    programme: ProgrammeId,
    viewer: &Viewer,
    sealed: &Commitment,
) -> Result<Option<String>, Problem> {
    let part = whole(service, programme, viewer).await?;
    if sealed.is_empty() || !part.sees_derivation(viewer.stage, viewer.marks_public()) {
        return Ok(None);
    }
    let opened = service.vault().show(std::slice::from_ref(sealed)).await?;
    Ok(opened.get(sealed).map(Shown::salt_base64))
}

/// What they are to the result as a whole: for those whom a wall can keep from
/// it, a wall before one of its pitches is a wall before all of it.
pub(super) async fn whole(
    service: &Service,
    programme: ProgrammeId,
    viewer: &Viewer,
) -> Result<Part, Problem> {
    if !viewer.part().sees_progress() || !viewer.is_walled() {
        return Ok(viewer.part());
    }
    let filter =
        Filter { programme: Some(programme.0), owner: None, part: Some(("round", viewer.round_id.0)) };
    let rows = service.rows::<Results>().all(filter).await?;
    let walled = rows.iter().any(|row| viewer.walled(row.pitch));
    Ok(Part { walled, ..viewer.part() })
}

/// Waits until the declared result is in the list, all of it.
async fn listed(service: &Service, stream: &StreamId, version: u64) -> Result<(), Problem> {
    let last = service.store().read_stream(stream, version.saturating_sub(1)).await?;
    let position = last.last().map(|event| event.position).unwrap_or_default();
    if service.reaches(service.name(), position, CATCH_UP).await {
        return Ok(());
    }
    Err(Problem::unavailable(
        "behind",
        "The result is declared and being written down. Try again in a moment.",
    ))
}
