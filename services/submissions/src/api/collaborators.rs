//! Writing a draft together.

use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use plaudit_chassis::http::{Caller, Command, Nothing, Path};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reading::seats;
use super::timing::in_time;
use crate::draft::{DraftError, Drafts, Invitation};
use crate::programme::Programme;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(remove))
        .routes(routes!(invite, invited, uninvite))
        .routes(routes!(join))
}

/// Who is to write it, too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CollaboratorBody {
    member: MemberId,
}

/// 403 where a member looks on, and so can't be in a team.
async fn may_be_in_team(
    service: &Service,
    id: ProgrammeId,
    programme: &Programme,
    member: MemberId,
) -> Result<(), Problem> {
    let seats = seats(service, id, programme, member).await?;
    let judges = seats.iter().any(|(facts, _)| facts.sits());
    let looks_on = programme.may_confirm(member) || programme.auditors.contains(&member);
    if judges || looks_on { Err(DraftError::CantBeInTeam.into()) } else { Ok(()) }
}

/// Lets a member write the draft; its author says so. They are in the pitch's
/// team when it enters.
#[utoipa::path(post, path = "/programmes/{programme}/drafts/{draft}/collaborators", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)), request_body = CollaboratorBody,
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn add(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    command: Command<CollaboratorBody>,
) -> Result<StatusCode, Problem> {
    let (caller, member) = (command.caller.member, command.body.member);
    let drafts = Drafts::of(service.store(), programme);
    drafts.of_author(caller, draft).await?;
    let state = in_time(&service, programme, Some(draft), caller, command.ask.received_at).await?;
    may_be_in_team(&service, programme, &state, member).await?;
    drafts.add(draft, member, &command.ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a collaborator off: the author does, or they do so themselves.
#[utoipa::path(delete, path = "/programmes/{programme}/drafts/{draft}/collaborators/{member}", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path), ("member" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn remove(
    State(service): State<Service>,
    Path((programme, draft, member)): Path<(ProgrammeId, PitchId, MemberId)>,
    command: Command<Nothing>,
) -> Result<StatusCode, Problem> {
    let caller = command.caller.member;
    let drafts = Drafts::of(service.store(), programme);
    let author = drafts.need(caller, draft).await?.author;
    if author != caller && member != caller {
        return Err(DraftError::OnlyItsAuthor.into());
    }
    drafts.remove(draft, member).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code that lets its holder write the draft.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Code {
    /// Shown only to whoever made it, and only when they do.
    code: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Makes a code for the author to send to whom they like: whoever signs in and
/// sends it to `drafts/join` within ten days writes the draft, too. One made
/// before can't be used any more.
#[utoipa::path(post, path = "/programmes/{programme}/drafts/{draft}/invitation", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)), request_body = Nothing,
    responses((status = 201, body = Code), (status = "4XX", body = Problem)))]
async fn invite(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    command: Command<Nothing>,
) -> Result<(StatusCode, axum::Json<Code>), Problem> {
    let (caller, ask) = (command.caller.member, &command.ask);
    let drafts = Drafts::of(service.store(), programme);
    drafts.of_author(caller, draft).await?;
    in_time(&service, programme, Some(draft), caller, ask.received_at).await?;
    // The same whenever the same command is repeated, and kept nowhere.
    let secret = service.secret_of(&[b"draft invitation", draft.0.as_bytes(), ask.command.as_bytes()]);
    let code = BASE64_URL_SAFE_NO_PAD.encode(secret);
    let expires_at = drafts.invite(draft, &Invitation::by(&code, ask), ask).await?;
    Ok((StatusCode::CREATED, axum::Json(Code { code, expires_at })))
}

/// Whether a code can be used.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct InvitationShown {
    /// Absent: there is none.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// For the author: whether a code can be used, and until when. Never the code.
#[utoipa::path(get, path = "/programmes/{programme}/drafts/{draft}/invitation", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)),
    responses((status = 200, body = InvitationShown), (status = "4XX", body = Problem)))]
async fn invited(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    caller: Caller,
) -> Result<axum::Json<InvitationShown>, Problem> {
    let drafts = Drafts::of(service.store(), programme);
    drafts.of_author(caller.member, draft).await?;
    let expires_at = drafts.invited(draft).await?;
    Ok(axum::Json(InvitationShown { expires_at }))
}

/// Takes the code back.
#[utoipa::path(delete, path = "/programmes/{programme}/drafts/{draft}/invitation", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn uninvite(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    command: Command<Nothing>,
) -> Result<StatusCode, Problem> {
    let drafts = Drafts::of(service.store(), programme);
    drafts.of_author(command.caller.member, draft).await?;
    drafts.uninvite(draft).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code that somebody was sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinBody {
    code: String,
}

/// What was joined.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Joined {
    /// The draft.
    id: PitchId,
}

/// Lets whoever has its code write a draft.
#[utoipa::path(post, path = "/programmes/{programme}/drafts/join", tag = "drafts",
    params(("programme" = Uuid, Path)), request_body = JoinBody,
    responses((status = 200, body = Joined), (status = "4XX", body = Problem)))]
async fn join(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<JoinBody>,
) -> Result<axum::Json<Joined>, Problem> {
    let Command { ask, caller, body } = command;
    let state = in_time(&service, programme, None, caller.member, ask.received_at).await?;
    may_be_in_team(&service, programme, &state, caller.member).await?;
    let id = Drafts::of(service.store(), programme).join(&body.code, caller.member, &ask).await?;
    Ok(axum::Json(Joined { id }))
}
