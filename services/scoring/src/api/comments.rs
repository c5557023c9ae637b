//! What judges wrote beside their marks, of a whole round.

use std::collections::BTreeSet;

use axum::extract::State;
use plaudit_chassis::facts::PitchFacts;
use plaudit_chassis::http::{Caller, Listed, Path, Query, limit};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::{Problem, Service};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Paging;
use super::scorecards::sight;
use super::shown::{ScorecardShown, Sight, show};
use super::viewer::Viewer;
use crate::access::{Part, Stage};
use crate::read_model::{ScorecardRow, Scorecards};
use crate::result::ResultError;

pub(super) fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(comments))
}

/// The scorecards of a round on which something is written, pitch by pitch,
/// once the marks are open. Organisers see what is for the panel and what is
/// for entrants, approvers what is for the panel; marks only on a scorecard of
/// their own. A page may have fewer than were asked for, or none, and still
/// have a `next`.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/comments", tag = "scorecards",
    params(("programme" = Uuid, Path), ("round" = String, Path), Paging),
    responses((status = 200, body = Listed<ScorecardShown>), (status = "4XX", body = Problem)),
)]
async fn comments(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    Query(paging): Query<Paging>,
    caller: Caller,
) -> Result<Listed<ScorecardShown>, Problem> {
    let viewer = Viewer::of(&service, programme, &slug, Some(caller.member)).await?;
    if !viewer.part().sees_progress() {
        return Err(Problem::forbidden("Only organisers and approvers see all comments of a round."));
    }
    if viewer.stage == Stage::Sealed {
        return Err(ResultError::NotUnsealed.into());
    }
    let part = Some(("round", viewer.round_id.0));
    let filter = Filter { programme: Some(programme.0), owner: None, part };
    let rows = service.rows::<Scorecards>();
    let page = rows.page(filter, paging.after.as_deref(), limit(paging.limit)).await?;
    let teams = own_pitches(&service, caller.member, &page.items).await?;
    let seen = page.items.iter().filter_map(|row| {
        let part = Part { team: teams.contains(&row.pitch), ..viewer.part_in(row.pitch) };
        let sight = sight(&viewer, part, row)?;
        Some((row.scorecard, Sight { marks: false, ..sight }))
    });
    let mut items = show(&service, seen.collect()).await?;
    items.retain(ScorecardShown::says_something);
    Ok(Listed { items, next: page.next })
}

/// Of which of these pitches a member is one of the team.
async fn own_pitches(
    service: &Service,
    member: MemberId,
    rows: &[ScorecardRow],
) -> Result<BTreeSet<PitchId>, Problem> {
    let pitches: BTreeSet<PitchId> = rows.iter().map(|row| row.pitch).collect();
    let streams: Vec<_> = pitches.iter().map(|pitch| pitch.stream()).collect();
    let facts = service.store().load_many::<PitchFacts>(&streams).await?;
    let own = |pitch: &PitchId| facts.get(&pitch.stream()).is_some_and(|facts| facts.state.is_by(member));
    Ok(pitches.into_iter().filter(own).collect())
}
