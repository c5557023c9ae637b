//! Awards: proposed, decided, answered, taken back.

use axum::extract::State;
use plaudit_chassis::http::{Accepted, Anyone, Command, Listed, Nothing, Path, Query, Shown, limit};
use plaudit_chassis::id::{AwardId, PitchId, ProgrammeId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::{Problem, Service};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Paging;
use super::viewer::Viewer;
use super::views::{AwardView, shown};
use crate::access::Act;
use crate::award::{
    AcceptAward, ApproveAward, ConfirmWithdrawal, DeclineAward, ProposeAward, ProposeWithdrawal, RefuseAward,
};
use crate::read_model::Awards;
use crate::reason::{self, FOR_DEPARTING, FOR_TAKING_BACK};

/// A proposal. The amount follows from the ranking and the rulebook.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Proposal {
    /// The round's name in the rulebook.
    round: String,
    /// The prize's name in the rulebook.
    prize: String,
    /// To whom.
    pitch: PitchId,
    /// Why, if the ranking doesn't give it to them: `panel_departure`,
    /// `ineligible_winner`, `condition_not_met`, `withdrawn_by_entrant`,
    /// `pitch_left` or `rules_broken`.
    departure: Option<String>,
    /// The declined, lapsed or withdrawn award that this one replaces.
    in_place_of: Option<AwardId>,
}

/// Why something is taken back.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Because {
    /// `panel_departure`, `ineligible_winner`, `condition_not_met`,
    /// `withdrawn_by_entrant`, `not_answered`, `pitch_left`, `rules_broken`,
    /// `made_in_error` or `conflict_of_interest`.
    reason: String,
}

/// Proposes an award. For organisers.
#[utoipa::path(post, path = "/programmes/{programme}/awards", tag = "awards",
    params(("programme" = Uuid, Path)),
    request_body = Proposal,
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem)))]
async fn propose_award(
    State(service): State<Service>,
    Path(_programme): Path<ProgrammeId>,
    command: Command<Proposal>,
) -> Result<Accepted, Problem> {
    let Proposal { round, prize, pitch, departure, in_place_of } = command.body;
    let departure = departure.map(|reason| reason::parse("departure", &reason, FOR_DEPARTING));
    let proposal = ProposeAward { round, prize, pitch, departure: departure.transpose()?, in_place_of };
    Ok(Accepted::created(service.run(&command.ask, &proposal).await?))
}

/// The awards that the caller may see: before the announcement only organisers
/// and approvers see any; afterwards everybody sees who won what.
#[utoipa::path(get, path = "/programmes/{programme}/awards", tag = "awards",
    params(("programme" = Uuid, Path), Paging),
    responses((status = 200, body = Listed<AwardView>), (status = "4XX", body = Problem)))]
async fn list_awards(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(paging): Query<Paging>,
    anyone: Anyone,
) -> Result<Listed<AwardView>, Problem> {
    let filter = Filter { programme: Some(programme.0), ..Filter::default() };
    let rows = service.rows::<Awards>();
    let page = rows.page(filter, paging.after.as_deref(), limit(paging.limit)).await?;
    let pitches = page.items.iter().map(|row| row.pitch);
    let viewer = Viewer::of(&service, programme, anyone.member(), pitches).await?;
    viewer.allow(Act::SeeWinners, None, viewer.announced, "announcement")?;
    Ok(Listed { items: shown(&service, &viewer, page.items).await?, next: page.next })
}

/// One award, as far as the caller may see it.
#[utoipa::path(get, path = "/programmes/{programme}/awards/{award}", tag = "awards",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    responses((status = 200, body = AwardView), (status = "4XX", body = Problem)))]
async fn read_award(
    State(service): State<Service>,
    Path((programme, award)): Path<(ProgrammeId, AwardId)>,
    anyone: Anyone,
) -> Result<Shown<AwardView>, Problem> {
    let (viewer, row) = Viewer::of_award(&service, programme, anyone.member(), award).await?;
    let row = row.ok_or_else(|| Problem::not_found("award"))?;
    // A version is content too: it counts what is only for those concerned.
    let version = Some(row.version).filter(|_| viewer.may(Act::SeeAward, row.pitch, row.announced));
    let body = shown(&service, &viewer, vec![row]).await?.pop();
    Ok(Shown { body: body.ok_or_else(|| Problem::not_found("award"))?, version })
}

/// Approves a proposed award: a second person without a conflict.
/// Needs the second key.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/approval", tag = "awards",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn approve_award(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    command.caller.second_key()?;
    Ok(service.run(&command.ask, &ApproveAward(award)).await?.into())
}

/// Refuses a proposed award.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/refusal", tag = "awards",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Because,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn refuse_award(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Because>,
) -> Result<Accepted, Problem> {
    let reason = reason::parse("reason", &command.body.reason, FOR_TAKING_BACK)?;
    Ok(service.run(&command.ask, &RefuseAward { award, reason }).await?.into())
}

/// The winner accepts, until the last instant to answer.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/acceptance", tag = "awards",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn accept_award(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &AcceptAward(award)).await?.into())
}

/// The winner declines: the prize falls to the reserve.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/decline", tag = "awards",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn decline_award(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &DeclineAward(award)).await?.into())
}

/// Proposes to take an award back. For organisers.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/withdrawal", tag = "awards",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Because,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn propose_withdrawal(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Because>,
) -> Result<Accepted, Problem> {
    let reason = reason::parse("reason", &command.body.reason, FOR_TAKING_BACK)?;
    Ok(service.run(&command.ask, &ProposeWithdrawal { award, reason }).await?.into())
}

/// A second person confirms that.
/// Needs the second key.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/withdrawal/confirmation", tag = "awards",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn confirm_withdrawal(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    command.caller.second_key()?;
    Ok(service.run(&command.ask, &ConfirmWithdrawal(award)).await?.into())
}

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(propose_award, list_awards))
        .routes(routes!(read_award))
        .routes(routes!(approve_award))
        .routes(routes!(refuse_award))
        .routes(routes!(accept_award))
        .routes(routes!(decline_award))
        .routes(routes!(propose_withdrawal))
        .routes(routes!(confirm_withdrawal))
}
