//! Auditors, and forgetting.

use axum::extract::State;
use plaudit_chassis::http::{Accepted, Caller, Command, OpenedPage, Path, Query, auditors_may_open};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::programmes::instruct;
use crate::access::{self, Act};
use crate::programme::{AboutMember, AskForgetting, Entrusted, Kept, Programme, ProgrammeCommand};
use crate::reason::ForgettingReason;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(propose))
        .routes(routes!(confirm))
        .routes(routes!(dismiss))
        .routes(routes!(openings))
        .routes(routes!(forget))
}

/// What of submissions auditors may see opened: what the rules said, and why
/// pitches were refused.
const FOR_AUDITORS: [(&str, &str); 4] = [
    ("ProgrammeDrafted", "title"),
    ("RulebookPublished", "prose"),
    ("RulebookAmended", "prose"),
    ("PitchScreened", "words"),
];

/// Who is to be an auditor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditorBody {
    member: MemberId,
}

/// Proposes that a member who has no part in any pitch may see unpublished
/// marks and reasons.
#[utoipa::path(post, path = "/programmes/{programme}/auditors", tag = "auditors", params(("programme" = Uuid, Path)), request_body = AuditorBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn propose(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<AuditorBody>,
) -> Result<Accepted, Problem> {
    let (act, what) = (Act::ProposeAuditor, Entrusted::ProposedAudit);
    let propose = AboutMember { programme, act, member: command.body.member, what };
    Ok(service.run(&command.ask, &propose).await?.into())
}

/// Another organiser or an approver admits them.
#[utoipa::path(post, path = "/programmes/{programme}/auditors/confirmation", tag = "auditors", params(("programme" = Uuid, Path)), request_body = AuditorBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn confirm(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<AuditorBody>,
) -> Result<Accepted, Problem> {
    let (act, what) = (Act::ConfirmAuditor, Entrusted::Audit);
    let confirm = AboutMember { programme, act, member: command.body.member, what };
    Ok(service.run(&command.ask, &confirm).await?.into())
}

/// Ends it: from now on they see what everybody sees.
#[utoipa::path(post, path = "/programmes/{programme}/auditors/dismissal", tag = "auditors", params(("programme" = Uuid, Path)), request_body = AuditorBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn dismiss(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<AuditorBody>,
) -> Result<Accepted, Problem> {
    let dismiss = ProgrammeCommand::DismissAuditor { member: command.body.member };
    instruct(&service, programme, &command.ask, Act::DismissAuditor, dismiss, None).await
}

/// Where to go on.
#[derive(Debug, Deserialize)]
struct AfterQuery {
    after: Option<u64>,
}

/// For auditors, once winners are announced: what opens the seals that they may see, in the order of the
/// events that made them.
#[utoipa::path(get, path = "/programmes/{programme}/openings", tag = "auditors",
    params(("programme" = Uuid, Path), ("after" = Option<u64>, Query)),
    responses((status = 200, body = OpenedPage), (status = "4XX", body = Problem)))]
async fn openings(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(query): Query<AfterQuery>,
    caller: Caller,
) -> Result<axum::Json<OpenedPage>, Problem> {
    let state = service.store().reload::<Programme>(&programme.stream()).await?.state;
    access::to_openings(&state, caller.member)?;
    let rounds = state.rulebook.iter().flat_map(|rulebook| &rulebook.rounds);
    auditors_may_open(&service, programme, caller.member, rounds).await?;
    Ok(axum::Json(OpenedPage::read(&service, programme, query.after, &FOR_AUDITORS, |_| true).await?))
}

/// What is to be forgotten, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgettingBody {
    what: What,
    reason: ForgettingReason,
}

/// Somebody, a pitch, or the marks of a round.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum What {
    /// Who somebody is, and what they wrote.
    Member(MemberId),
    /// What a pitch says.
    Pitch(PitchId),
    /// The marks of a round, by its name in the rulebook.
    Round(String),
}

/// Has everything forgotten, in every service, that is kept of a member, a
/// pitch or a round of a programme that is over. It can't be undone.
#[utoipa::path(post, path = "/programmes/{programme}/forgetting", tag = "forgetting", params(("programme" = Uuid, Path)), request_body = ForgettingBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn forget(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<ForgettingBody>,
) -> Result<Accepted, Problem> {
    let what = match command.body.what {
        What::Member(member) => Kept::Member(member),
        What::Pitch(pitch) => Kept::Pitch(pitch),
        What::Round(round) => Kept::Round(round),
    };
    let decision = AskForgetting { programme, what, reason: command.body.reason };
    Ok(service.run(&command.ask, &decision).await?.into())
}
