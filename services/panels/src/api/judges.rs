//! Seats: invited, answered, left; connections allowed; standing aside.

use std::collections::BTreeSet;

use axum::extract::State;
use plaudit_chassis::http::{Accepted, Caller, Command, Listed, Nothing, Path, Query, limit};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Problem, Service};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::seeing::{SeatShown, Seer, Words, seat};
use super::text::{NATURE, words};
use super::{OfRound, Paging};
use crate::access::View;
use crate::commands::{AcceptSeat, AllowConnection, DeclineSeat, InviteJudge, Recuse, StandDown};
use crate::read_model::{AssignmentRow, Assignments, JudgeRow, Judges};
use crate::words::{LeavingReason, Office, RecusalReason};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(invite, list_judges))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(stand_down))
        .routes(routes!(allow))
        .routes(routes!(recuse))
}

/// Somebody to ask onto the panel.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Invitation {
    member: MemberId,
    /// `judge` unless said.
    #[serde(default = "judge")]
    office: Office,
    /// Of the promoter and the sponsors.
    #[serde(default)]
    independent: bool,
    /// The most pitches they will take; absent or 0: no limit.
    #[serde(default)]
    cap: Option<u32>,
}

fn judge() -> Office {
    Office::Judge
}

/// Ask somebody onto the panel, at any time.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/judges", tag = "judges",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    request_body = Invitation,
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem))
)]
async fn invite(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    command: Command<Invitation>,
) -> Result<Accepted, Problem> {
    let Invitation { member, office, independent, cap } = command.body;
    let cap = cap.unwrap_or_default();
    let decision = InviteJudge { round, member, office: office.into(), independent, cap };
    Ok(Accepted::created(service.run(&command.ask, &decision).await?))
}

/// The judges: organisers and approvers see all, a judge their own seat.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/panel/judges", tag = "judges",
    params(("programme" = Uuid, Path), ("round" = String, Path), Paging),
    responses((status = 200, body = Listed<SeatShown>), (status = "4XX", body = Problem))
)]
async fn list_judges(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    Query(paging): Query<Paging>,
    caller: Caller,
) -> Result<Listed<SeatShown>, Problem> {
    let seer = Seer::of(&service, &caller, &round).await?;
    let owner = (seer.view == View::Own).then_some(seer.member.0);
    let filter = Filter { programme: None, owner, part: Some(("panel", seer.round.0)) };
    let page = service.rows::<Judges>().page(filter, paging.after.as_deref(), limit(paging.limit)).await?;
    let walls = seer.walls(&service).await?;
    let rows = without_walled(&service, page.items, &walls).await?;
    let words = match seer.view {
        View::Whole => Words::default(),
        View::Words | View::Own => Words::of(&service, &rows).await?,
    };
    let items = rows.iter().map(|row| seat(row, &walls, &words)).collect();
    Ok(Listed { items, next: page.next })
}

/// Takes what lies behind walls out of the loads: the difference would tell.
async fn without_walled(
    service: &Service,
    mut rows: Vec<JudgeRow>,
    walls: &BTreeSet<PitchId>,
) -> Result<Vec<JudgeRow>, Problem> {
    let keys = rows.iter().flat_map(|row| walls.iter().map(|&pitch| AssignmentRow::key(row.judge, pitch)));
    let hidden = service.rows::<Assignments>().get_many(&keys.collect::<Vec<_>>()).await?;
    for row in &mut rows {
        let behind = hidden.iter().filter(|assignment| assignment.judge == row.judge).count();
        row.assigned = row.assigned.saturating_sub(u32::try_from(behind).unwrap_or(u32::MAX));
    }
    Ok(rows)
}

/// The judge's promise.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    /// Must be true.
    confidentiality: bool,
}

/// Accept the invitation, with the promise of confidentiality.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/acceptance", tag = "judges",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    request_body = Acceptance,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn accept(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    command: Command<Acceptance>,
) -> Result<Accepted, Problem> {
    let decision = AcceptSeat { round, confidentiality: command.body.confidentiality };
    Ok(service.run(&command.ask, &decision).await?.into())
}

/// Decline the invitation.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/refusal", tag = "judges",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn decline(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &DeclineSeat { round }).await?.into())
}

/// Why a seat ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Leaving {
    reason: LeavingReason,
}

/// Leave the panel, or, as an organiser, end a seat. Others take over what was
/// assigned.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/judges/{member}/standing-down", tag = "judges",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("member" = Uuid, Path)),
    request_body = Leaving,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn stand_down(
    State(service): State<Service>,
    Path((_programme, round, member)): Path<(ProgrammeId, String, MemberId)>,
    command: Command<Leaving>,
) -> Result<Accepted, Problem> {
    let decision = StandDown { round, member, reason: command.body.reason.into() };
    Ok(service.run(&command.ask, &decision).await?.into())
}

/// A known connection to allow.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Allowance {
    pitch: PitchId,
}

/// Let a judge mark a pitch whose team they know.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/judges/{member}/allowances", tag = "judges",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("member" = Uuid, Path)),
    request_body = Allowance,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn allow(
    State(service): State<Service>,
    Path((_programme, round, member)): Path<(ProgrammeId, String, MemberId)>,
    command: Command<Allowance>,
) -> Result<Accepted, Problem> {
    let decision = AllowConnection { round, member, pitch: command.body.pitch };
    Ok(service.run(&command.ask, &decision).await?.into())
}

/// A pitch to stand aside from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Recusal {
    pitch: PitchId,
    reason: RecusalReason,
    /// In words, which are sealed.
    #[serde(default)]
    nature: Option<String>,
    /// Whose, where an organiser says it; absent: the caller's own.
    #[serde(default)]
    member: Option<MemberId>,
}

/// Stand aside from a pitch, for good; or, as an organiser, say so of a judge.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/recusals", tag = "judges",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    request_body = Recusal,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn recuse(
    State(service): State<Service>,
    Path((programme, round)): Path<OfRound>,
    command: Command<Recusal>,
) -> Result<Accepted, Problem> {
    let Recusal { pitch, reason, nature, member } = command.body;
    let member = member.unwrap_or(command.caller.member);
    let seat = JudgeId::of(RoundId::of(programme, &round), member).stream();
    let nature = words("nature", nature.as_deref(), NATURE)?
        .map(|words| Opening::seal(&seat, "JudgeRecused.nature", member, words));
    let decision = Recuse { round, member, pitch, reason: reason.into(), nature };
    Ok(service.run(&command.ask, &decision).await?.into())
}
