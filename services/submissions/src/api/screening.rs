//! What organisers and approvers do with pitches.

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Accepted, Command, Nothing, Path};
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Ask, Problem, Service};
use plaudit_proto::v1::Reason;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::text;
use crate::access::Act;
use crate::pitch::{Instruct, Look, Outcome, PitchCommand, WithCall};
use crate::programme::CompleteScreening;
use crate::reason::{DisqualificationReason, ReopeningReason, ScreeningReason};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(screen))
        .routes(routes!(query))
        .routes(routes!(propose_disqualification))
        .routes(routes!(confirm_disqualification))
        .routes(routes!(propose_reopening))
        .routes(routes!(confirm_reopening))
        .routes(routes!(complete))
}

async fn instruct(
    service: &Service,
    programme: ProgrammeId,
    ask: &Ask,
    pitch: PitchId,
    act: Act,
    command: WithCall,
    opening: Option<Opening>,
) -> Result<Accepted, Problem> {
    let decision = Instruct { programme, pitch, act, command, opening };
    Ok(service.run(ask, &decision).await?.into())
}

/// What screening says of a pitch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreeningBody {
    outcome: Outcome,
    /// Needed where the pitch is refused.
    reason: Option<ScreeningReason>,
    /// At most 5,000 characters; sealed, for the team.
    words: Option<String>,
}

/// Lets a pitch through or refuses it; a refusal may be looked at again once,
/// by another organiser.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/screening", tag = "screening",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = ScreeningBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn screen(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<ScreeningBody>,
) -> Result<Accepted, Problem> {
    let ScreeningBody { outcome, reason, words } = command.body;
    let opening = text::seal_words(&pitch.stream(), "PitchScreened.words", pitch, words.as_ref())?;
    let words = opening.as_ref().map(Opening::commitment).unwrap_or_default();
    let reason = reason.map_or(Reason::Unspecified, Reason::from);
    let look: WithCall = Box::new(move |call, _| {
        PitchCommand::Screen(Look { phase: call.phase, outcome, reason, words: words.clone() })
    });
    instruct(&service, programme, &command.ask, pitch, Act::ScreenPitch, look, opening).await
}

/// A question to the team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryBody {
    /// At most 5,000 characters; sealed.
    question: String,
}

/// Asks the team something before the pitch is decided on.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/query", tag = "screening",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = QueryBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn query(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<QueryBody>,
) -> Result<Accepted, Problem> {
    let question = text::words("question", &command.body.question)?;
    let opening = Opening::seal(&pitch.stream(), "PitchQueried.question", pitch, question);
    let question = opening.commitment();
    let ask: WithCall =
        Box::new(move |call, _| PitchCommand::Query { phase: call.phase, question: question.clone() });
    instruct(&service, programme, &command.ask, pitch, Act::QueryPitch, ask, Some(opening)).await
}

/// Why a pitch is put out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisqualificationBody {
    reason: DisqualificationReason,
}

/// Proposes that a pitch be disqualified.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/disqualification", tag = "screening",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = DisqualificationBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn propose_disqualification(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<DisqualificationBody>,
) -> Result<Accepted, Problem> {
    let reason = command.body.reason.into();
    let propose: WithCall =
        Box::new(move |call, _| PitchCommand::ProposeDisqualification { phase: call.phase, reason });
    instruct(&service, programme, &command.ask, pitch, Act::ProposeDisqualification, propose, None).await
}

/// Another organiser or an approver disqualifies it.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/disqualification/confirmation", tag = "screening",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn confirm_disqualification(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    let confirm: WithCall =
        Box::new(|call, proposers| PitchCommand::ConfirmDisqualification { phase: call.phase, proposers });
    instruct(&service, programme, &command.ask, pitch, Act::ConfirmDisqualification, confirm, None).await
}

/// Until when a pitch may be replaced after the deadline, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopeningBody {
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    reason: ReopeningReason,
}

/// Proposes that one pitch may be replaced after the deadline.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/reopening", tag = "screening",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = ReopeningBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn propose_reopening(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<ReopeningBody>,
) -> Result<Accepted, Problem> {
    let (until, reason) = (command.body.until, command.body.reason.into());
    let propose: WithCall = Box::new(move |call, _| PitchCommand::ProposeReopening { call, until, reason });
    instruct(&service, programme, &command.ask, pitch, Act::ProposeReopening, propose, None).await
}

/// Another organiser or an approver reopens it.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/reopening/confirmation", tag = "screening",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn confirm_reopening(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    let confirm: WithCall = Box::new(|call, proposers| PitchCommand::ConfirmReopening { call, proposers });
    instruct(&service, programme, &command.ask, pitch, Act::ConfirmReopening, confirm, None).await
}

/// Fixes which pitches go forward, once every one has been decided on.
#[utoipa::path(post, path = "/programmes/{programme}/screening/completion", tag = "screening", params(("programme" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn complete(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &CompleteScreening { programme }).await?.into())
}
