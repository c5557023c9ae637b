//! The call: opened and closed, invitations, the deadline.

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Accepted, Command, Nothing, Path};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::{Ask, Problem, Service};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::programmes::instruct;
use crate::access::Act;
use crate::programme::{ProgrammeCommand, WithEntrants};
use crate::reason::DeadlineReason;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(propose_opening))
        .routes(routes!(confirm_opening))
        .routes(routes!(invite))
        .routes(routes!(decline))
        .routes(routes!(move_deadline))
        .routes(routes!(propose_closing))
        .routes(routes!(confirm_closing))
}

/// Proposes that the call open under the rulebook as it stands.
#[utoipa::path(post, path = "/programmes/{programme}/call/opening", tag = "call", params(("programme" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn propose_opening(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    instruct(&service, programme, &command.ask, Act::ProposeOpening, ProgrammeCommand::ProposeOpening, None)
        .await
}

/// Another organiser or an approver opens the call.
#[utoipa::path(post, path = "/programmes/{programme}/call/opening/confirmation", tag = "call", params(("programme" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn confirm_opening(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    instruct(&service, programme, &command.ask, Act::ConfirmOpening, ProgrammeCommand::ConfirmOpening, None)
        .await
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteeBody {
    member: MemberId,
}

/// Invites a member to enter an invited call.
#[utoipa::path(post, path = "/programmes/{programme}/call/invitees", tag = "call", params(("programme" = Uuid, Path)), request_body = InviteeBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn invite(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<InviteeBody>,
) -> Result<Accepted, Problem> {
    let invite = ProgrammeCommand::Invite { member: command.body.member };
    instruct(&service, programme, &command.ask, Act::InviteEntrant, invite, None).await
}

async fn with_entrants(
    service: &Service,
    programme: ProgrammeId,
    ask: &Ask,
    act: Act,
    command: fn(std::collections::BTreeSet<MemberId>) -> ProgrammeCommand,
) -> Result<Accepted, Problem> {
    let decision = WithEntrants { programme, act, command };
    Ok(service.run(ask, &decision).await?.into())
}

/// Somebody who was invited will not enter.
#[utoipa::path(post, path = "/programmes/{programme}/call/refusal", tag = "call", params(("programme" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn decline(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    with_entrants(&service, programme, &command.ask, Act::DeclineInvitation, |entered| {
        ProgrammeCommand::Decline { entered }
    })
    .await
}

/// A later deadline, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadlineBody {
    #[schema(value_type = String, format = DateTime)]
    deadline: Timestamp,
    reason: DeadlineReason,
}

/// Moves the deadline later.
#[utoipa::path(post, path = "/programmes/{programme}/call/deadline", tag = "call", params(("programme" = Uuid, Path)), request_body = DeadlineBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn move_deadline(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<DeadlineBody>,
) -> Result<Accepted, Problem> {
    let DeadlineBody { deadline, reason } = command.body;
    let later = ProgrammeCommand::MoveDeadline { deadline, reason };
    instruct(&service, programme, &command.ask, Act::MoveDeadline, later, None).await
}

/// Proposes that an invited call close before its deadline.
#[utoipa::path(post, path = "/programmes/{programme}/call/closing", tag = "call", params(("programme" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn propose_closing(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    with_entrants(&service, programme, &command.ask, Act::ProposeClosing, |entered| {
        ProgrammeCommand::ProposeClosing { entered }
    })
    .await
}

/// Another organiser or an approver closes it.
#[utoipa::path(post, path = "/programmes/{programme}/call/closing/confirmation", tag = "call", params(("programme" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn confirm_closing(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    with_entrants(&service, programme, &command.ask, Act::ConfirmClosing, |entered| {
        ProgrammeCommand::ConfirmClosing { entered }
    })
    .await
}
