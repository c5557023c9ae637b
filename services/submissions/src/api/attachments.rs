//! The files that a team has, with a draft or with the pitch that it became.

use axum::Extension;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::http::{Caller, Command, MOST_FILE, MOST_PART, Nothing, Path, Query, Upload};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::timing::{in_time, known};
use crate::attachment::{Attachment, Attachments, Kind, LEAST_PART, Objects};
use crate::draft::Drafts;
use crate::pitch::{Pitch, exists_in};
use crate::programme::Programme;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(announce, list))
        .routes(routes!(show, remove))
        .routes(routes!(complete))
        .merge(OpenApiRouter::new().routes(routes!(append)).layer(DefaultBodyLimit::max(MOST_PART)))
        .merge(OpenApiRouter::new().routes(routes!(put)).layer(DefaultBodyLimit::max(MOST_FILE)))
}

/// A file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct AttachmentShown {
    id: Uuid,
    name: String,
    /// In bytes.
    size: u64,
    /// What has arrived: go on from there.
    received: u64,
    /// Only what is complete comes with the pitch.
    complete: bool,
    /// Once it is complete.
    #[serde(rename = "type")]
    kind: Option<Kind>,
    /// In hexadecimal.
    sha256: Option<String>,
}

impl From<Attachment> for AttachmentShown {
    fn from(attachment: Attachment) -> Self {
        let Attachment { id, size, received, complete, about, .. } = attachment;
        Self { id, name: about.name, size, received, complete, kind: about.kind, sha256: about.sha256 }
    }
}

/// What a team has, and may have.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct AttachmentsShown {
    items: Vec<AttachmentShown>,
    /// How many the rules take.
    most: u32,
    /// The most bytes of one.
    most_bytes: usize,
    /// The most bytes of a part.
    most_part: usize,
    /// The fewest bytes of a part that isn't the last.
    least_part: usize,
}

/// 404 unless the draft, or the pitch that it became, is this member's. With
/// `at`, also refuses what comes too late.
pub(super) async fn team(
    service: &Service,
    programme: ProgrammeId,
    id: PitchId,
    member: MemberId,
    at: Option<Timestamp>,
) -> Result<Programme, Problem> {
    let store = service.store();
    if let Some(draft) = Drafts::of(store, programme).get(member, id).await? {
        let Some(at) = at else { return known(service, programme, member).await };
        let state = in_time(service, programme, Some(id), member, at).await?;
        state.may_enter(draft.author)?;
        return Ok(state);
    }
    let pitch = store.reload::<Pitch>(&id.stream()).await?.state;
    if !pitch.is_of(member) || exists_in(store, programme, id).await.is_err() {
        return Err(Problem::not_found("draft"));
    }
    let state = known(service, programme, member).await?;
    if let Some(at) = at {
        pitch.takes(state.call()?, at)?;
    }
    Ok(state)
}

fn most(programme: &Programme) -> u32 {
    programme.rulebook.as_ref().map_or(0, |rulebook| rulebook.most_attachments)
}

/// A file that is to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnouncementBody {
    /// At most 200 characters; sealed with the pitch.
    name: String,
    /// In bytes: 1 to 20,971,520.
    size: u64,
    /// In hexadecimal: what arrives is compared with it.
    #[schema(pattern = "^[0-9A-Fa-f]{64}$")]
    sha256: Option<String>,
}

/// Announces a file, which then arrives in parts.
#[utoipa::path(post, path = "/programmes/{programme}/drafts/{draft}/attachments", tag = "attachments",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)), request_body = AnnouncementBody,
    responses((status = 201, body = AttachmentShown), (status = "4XX", body = Problem)))]
async fn announce(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    command: Command<AnnouncementBody>,
) -> Result<(StatusCode, axum::Json<AttachmentShown>), Problem> {
    let Command { ask, caller, body } = command;
    let state = team(&service, programme, draft, caller.member, Some(ask.received_at)).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let AnnouncementBody { name, size, sha256 } = body;
    let announced = attachments.announce(draft, &name, size, sha256, most(&state), &ask).await?;
    Ok((StatusCode::CREATED, axum::Json(announced.into())))
}

/// The files that the team has.
#[utoipa::path(get, path = "/programmes/{programme}/drafts/{draft}/attachments", tag = "attachments",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)),
    responses((status = 200, body = AttachmentsShown), (status = "4XX", body = Problem)))]
async fn list(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    caller: Caller,
) -> Result<axum::Json<AttachmentsShown>, Problem> {
    let state = team(&service, programme, draft, caller.member, None).await?;
    let items = Attachments::of(service.store(), &objects, programme).list(draft).await?;
    Ok(axum::Json(AttachmentsShown {
        items: items.into_iter().map(AttachmentShown::from).collect(),
        most: most(&state),
        most_bytes: MOST_FILE,
        most_part: MOST_PART,
        least_part: LEAST_PART,
    }))
}

/// How much of a file has arrived.
#[utoipa::path(get, path = "/programmes/{programme}/drafts/{draft}/attachments/{attachment}", tag = "attachments",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path), ("attachment" = Uuid, Path)),
    responses((status = 200, body = AttachmentShown), (status = "4XX", body = Problem)))]
async fn show(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, draft, attachment)): Path<(ProgrammeId, PitchId, Uuid)>,
    caller: Caller,
) -> Result<axum::Json<AttachmentShown>, Problem> {
    team(&service, programme, draft, caller.member, None).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    Ok(axum::Json(attachments.need(draft, attachment).await?.into()))
}

/// Where a part begins.
#[derive(Debug, Deserialize)]
struct OffsetQuery {
    offset: u64,
}

/// Takes the next part of a file: at most 4 MiB, at least 64 KiB unless it is
/// the last. If another was expected, 409 says how much has arrived.
#[utoipa::path(patch, path = "/programmes/{programme}/drafts/{draft}/attachments/{attachment}", tag = "attachments",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path), ("attachment" = Uuid, Path), ("offset" = u64, Query)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = AttachmentShown), (status = "4XX", body = Problem)))]
async fn append(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, draft, attachment)): Path<(ProgrammeId, PitchId, Uuid)>,
    Query(OffsetQuery { offset }): Query<OffsetQuery>,
    upload: Upload,
) -> Result<axum::Json<AttachmentShown>, Problem> {
    let Upload { ask, caller, bytes } = upload;
    team(&service, programme, draft, caller.member, Some(ask.received_at)).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let of = attachments.need(draft, attachment).await?;
    Ok(axum::Json(attachments.append(&of, offset, &bytes).await?.into()))
}

/// All has arrived: the file is checked by its bytes, and refused if it isn't
/// of a type that is taken, or not what was announced.
#[utoipa::path(post, path = "/programmes/{programme}/drafts/{draft}/attachments/{attachment}/completion", tag = "attachments",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path), ("attachment" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = AttachmentShown), (status = "4XX", body = Problem)))]
async fn complete(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, draft, attachment)): Path<(ProgrammeId, PitchId, Uuid)>,
    command: Command<Nothing>,
) -> Result<axum::Json<AttachmentShown>, Problem> {
    let (member, at) = (command.caller.member, command.ask.received_at);
    team(&service, programme, draft, member, Some(at)).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let of = attachments.need(draft, attachment).await?;
    Ok(axum::Json(attachments.complete(&of).await?.into()))
}

/// What a file is called.
#[derive(Debug, Deserialize)]
struct NameQuery {
    name: String,
}

/// Takes a whole file in one request: at most 20 MiB.
#[utoipa::path(put, path = "/programmes/{programme}/drafts/{draft}/attachments", tag = "attachments",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path), ("name" = String, Query)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AttachmentShown), (status = "4XX", body = Problem)))]
async fn put(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    Query(NameQuery { name }): Query<NameQuery>,
    upload: Upload,
) -> Result<(StatusCode, axum::Json<AttachmentShown>), Problem> {
    let Upload { ask, caller, bytes } = upload;
    let state = team(&service, programme, draft, caller.member, Some(ask.received_at)).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let size = bytes.len() as u64;
    let announced = attachments.announce(draft, &name, size, None, most(&state), &ask).await?;
    let arrived = attachments.append_all(announced, &bytes).await?;
    let complete = attachments.complete(&arrived).await?;
    Ok((StatusCode::CREATED, axum::Json(complete.into())))
}

/// Takes a file off. Where an earlier submission named it, it stays with that.
#[utoipa::path(delete, path = "/programmes/{programme}/drafts/{draft}/attachments/{attachment}", tag = "attachments",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path), ("attachment" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn remove(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, draft, attachment)): Path<(ProgrammeId, PitchId, Uuid)>,
    command: Command<Nothing>,
) -> Result<StatusCode, Problem> {
    let (member, at) = (command.caller.member, command.ask.received_at);
    team(&service, programme, draft, member, Some(at)).await?;
    Attachments::of(service.store(), &objects, programme).remove(draft, attachment).await?;
    Ok(StatusCode::NO_CONTENT)
}
