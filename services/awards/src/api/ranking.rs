//! The ranking that awards are decided on, and what it gives to whom.

use std::time::Duration;

use axum::extract::State;
use plaudit_chassis::http::{Caller, Listed, Path, Query, limit};
use plaudit_chassis::id::{PitchId, ProgrammeId, RoundId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Paging;
use super::viewer::Viewer;
use crate::access::Act;
use crate::money::Money;
use crate::ranking::{self, Ranking, Share};
use crate::read_model::{PlaceRow, Rankings};

/// Where a pitch stands, and what it wins.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct PlaceView {
    /// Who.
    pitch: PitchId,
    /// Their rank; absent: too few marks.
    rank: Option<u32>,
    /// How many share it.
    shared_by: u32,
    /// What they win by the rulebook.
    wins: Vec<WinView>,
}

/// A prize, or what a pitch gets of a pool.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct WinView {
    /// Propose it under this name.
    prize: String,
    /// How much.
    amount: Money,
    /// Whether business support comes with it.
    support: bool,
}

/// The ranking of a round. For organisers and approvers.
#[utoipa::path(get, path = "/programmes/{programme}/rounds/{round}/ranking", tag = "ranking",
    params(("programme" = Uuid, Path), ("round" = String, Path), Paging),
    responses((status = 200, body = Listed<PlaceView>), (status = "4XX", body = Problem)))]
async fn read_ranking(
    State(service): State<Service>,
    Path((programme, round)): Path<(ProgrammeId, String)>,
    Query(paging): Query<Paging>,
    caller: Caller,
) -> Result<Listed<PlaceView>, Problem> {
    let round = RoundId::of(programme, &round);
    let ranking = service.store().reload::<Ranking>(&ranking::stream(round)).await?.state;
    let whole = ranking.places().is_some();
    rows_are_there(&service).await?;
    let filter = Filter { programme: Some(programme.0), owner: Some(round.0), part: None };
    let rows = service.rows::<Rankings>();
    let page = rows.page(filter, paging.after.as_deref(), limit(paging.limit)).await?;
    let pitches = page.items.iter().map(|row| row.pitch);
    let viewer = Viewer::of(&service, programme, Some(caller.member), pitches).await?;
    viewer.allow(Act::SeeRanking, None, viewer.announced, "ranking")?;
    if !whole {
        return Err(Problem::not_found("ranking"));
    }
    let prizes = viewer.facts.rulebook().map(|rulebook| rulebook.prizes.as_slice());
    let shares = ranking.shares(prizes.unwrap_or_default())?;
    let seen = page.items.into_iter().filter(|row| viewer.may(Act::SeeRanking, row.pitch, viewer.announced));
    Ok(Listed { items: seen.map(|row| view(row, &shares)).collect(), next: page.next })
}

/// A ranking is taken in place by place. Whoever reads it when it is whole
/// would otherwise miss the places whose rows are still on their way.
async fn rows_are_there(service: &Service) -> Result<(), Problem> {
    let head = *service.store().head().borrow();
    if service.reaches(service.name(), head, Duration::from_secs(5)).await {
        return Ok(());
    }
    Err(Problem::unavailable("behind", "The lists have not caught up yet. Try again in a moment."))
}

fn view(row: PlaceRow, shares: &[Share]) -> PlaceView {
    let wins = shares.iter().filter(|share| share.pitch == row.pitch).map(|share| WinView {
        prize: share.prize.clone(),
        amount: share.amount.clone(),
        support: share.support,
    });
    PlaceView { pitch: row.pitch, rank: row.rank, shared_by: row.shared_by, wins: wins.collect() }
}

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(read_ranking))
}
