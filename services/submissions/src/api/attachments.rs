//! The files that a team has, with a draft or with the pitch that it became.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::http::{Caller, Command, MOST_FILE, MOST_PART, Nothing, Path, Query, Upload};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{Ask, Problem, Service, vault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::timing::{TooLate, known, timing};
use crate::attachment::{Attachment, Attachments, Kind, LEAST_PART, Objects};
use crate::draft::{Draft, DraftContent, Drafts};
use crate::pitch::{Pitch, exists_in};
use crate::programme::{Phase, Programme};
use crate::read_model::{Pitches, Programmes};

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
    /// After the last instant: it is kept, and counts only if two people reopen
    /// the pitch and it is submitted then. The organisers see that it came.
    late: bool,
    /// Once it is complete.
    #[serde(rename = "type")]
    kind: Option<Kind>,
    /// In hexadecimal.
    sha256: Option<String>,
}

impl AttachmentShown {
    fn of(attachment: Attachment, team: &Team) -> Self {
        let late = team.is_late(&attachment);
        let Attachment { id, size, received, complete, about, .. } = attachment;
        Self { id, name: about.name, size, received, complete, late, kind: about.kind, sha256: about.sha256 }
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
    /// What is added now comes after the last instant: it is kept, and doesn't
    /// count by itself.
    late: bool,
}

/// Whose the files are, and whether more can come in time.
pub(super) struct Team {
    programme: ProgrammeId,
    id: PitchId,
    state: Programme,
    /// The draft, or what came too late for the pitch.
    draft: Option<Draft>,
    pitch: Arc<Pitch>,
    /// When the call closed, which two may have done early.
    closed_at: Option<Timestamp>,
    at: Timestamp,
}

impl Team {
    /// 404 unless the draft, or the pitch that it became, is this member's.
    pub(super) async fn of(
        service: &Service,
        programme: ProgrammeId,
        id: PitchId,
        member: MemberId,
        at: Timestamp,
    ) -> Result<Self, Problem> {
        let store = service.store();
        let draft = Drafts::of(store, programme).get(member, id).await?;
        let pitch = store.reload::<Pitch>(&id.stream()).await?.state;
        if draft.is_none() && (!pitch.is_of(member) || exists_in(store, programme, id).await.is_err()) {
            return Err(Problem::not_found("draft"));
        }
        let state = known(service, programme, member).await?;
        let mut closed_at = None;
        if state.phase >= Some(Phase::Closed) {
            let row = service.rows::<Programmes>().get(&programme.to_string()).await?;
            closed_at = row.and_then(|row| row.closed_at);
        }
        Ok(Self { programme, id, state, draft, pitch, closed_at, at })
    }

    /// The same for what is sent: whether it comes too late, and is kept. An
    /// error where it isn't even kept.
    async fn sends(
        service: &Service,
        programme: ProgrammeId,
        id: PitchId,
        member: MemberId,
        at: Timestamp,
    ) -> Result<(Self, Option<TooLate>), Problem> {
        let team = Self::of(service, programme, id, member, at).await?;
        let (state, late) = timing(service, programme, Some(id), member, at).await?;
        if let Some(draft) = &team.draft {
            state.may_enter(draft.author)?;
        }
        if team.pitch.standing.is_some() {
            team.pitch.standing()?;
        }
        Ok((team, late))
    }

    /// How many files the rules take.
    fn most(&self) -> u32 {
        self.state.rulebook.as_ref().map_or(0, |rulebook| rulebook.most_attachments)
    }

    /// The last instant, if it is over for this team.
    fn over(&self) -> Option<Timestamp> {
        let call = self.state.call().ok()?;
        let last = self.closed_at.unwrap_or(call.last_instant);
        let over = self.at > last && self.pitch.takes(call, self.at).is_err();
        over.then_some(last)
    }

    fn is_late(&self, file: &Attachment) -> bool {
        let in_time = |last| file.sealed || file.completed_at.is_some_and(|at| at <= last);
        self.over().is_some_and(|last| !in_time(last))
    }

    /// A file has come too late: the organisers see that something has.
    async fn keeps(&self, service: &Service, member: MemberId, ask: &Ask) -> Result<(), Problem> {
        let drafts = Drafts::of(service.store(), self.programme);
        match &self.draft {
            Some(draft) => drafts.mark_late(member, draft, ask).await?,
            None => {
                let words = self.words(service).await?;
                drafts.keep_replacement(self.id, &self.pitch.team, &words, ask).await?
            }
        };
        Ok(())
    }

    /// What the pitch says as it is in.
    async fn words(&self, service: &Service) -> Result<DraftContent, Problem> {
        let row = service.rows::<Pitches>().get(&self.id.to_string()).await?;
        let row = row.ok_or_else(just_entered)?.submitted;
        let sealed = [&row.title, &row.team_name, &row.answers];
        let openings = service.vault().show(&sealed.map(Clone::clone)).await?;
        let [title, team_name, answers] = sealed.map(|commitment| openings.get(commitment));
        let gate = self.state.rulebook.iter().flat_map(|rulebook| &rulebook.gate);
        Ok(DraftContent {
            title: title.map(vault::Shown::text).unwrap_or_default(),
            team_name: team_name.map(vault::Shown::text).unwrap_or_default(),
            // Whoever is in had said yes to each.
            gate: gate.map(|question| (question.id.clone(), true)).collect(),
            answers: answers
                .and_then(|answers| serde_json::from_slice(&answers.content).ok())
                .unwrap_or_default(),
            accept_rules: true,
            ..DraftContent::default()
        })
    }
}

/// The list of pitches doesn't know of it yet.
fn just_entered() -> Problem {
    Problem::unavailable(
        "just-entered",
        "This pitch has entered just now. Send the same request again with the same Idempotency-Key.",
    )
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

/// Announces a file, which then arrives in parts. What is complete after the
/// last instant is kept, and doesn't count by itself: `late`.
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
    let (team, _) = Team::sends(&service, programme, draft, caller.member, ask.received_at).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let AnnouncementBody { name, size, sha256 } = body;
    let announced = attachments.announce(draft, &name, size, sha256, team.most(), &ask).await?;
    Ok((StatusCode::CREATED, axum::Json(AttachmentShown::of(announced, &team))))
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
    let team = Team::of(&service, programme, draft, caller.member, caller.claims.received_at).await?;
    let items = Attachments::of(service.store(), &objects, programme).list(draft).await?;
    Ok(axum::Json(AttachmentsShown {
        items: items.into_iter().map(|file| AttachmentShown::of(file, &team)).collect(),
        late: team.over().is_some(),
        most: team.most(),
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
    let team = Team::of(&service, programme, draft, caller.member, caller.claims.received_at).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    Ok(axum::Json(AttachmentShown::of(attachments.need(draft, attachment).await?, &team)))
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
    let (team, _) = Team::sends(&service, programme, draft, caller.member, ask.received_at).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let of = attachments.need(draft, attachment).await?;
    let arrived = attachments.append(&of, offset, &bytes).await?;
    Ok(axum::Json(AttachmentShown::of(arrived, &team)))
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
    let (member, ask) = (command.caller.member, &command.ask);
    let (team, _) = Team::sends(&service, programme, draft, member, ask.received_at).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let of = attachments.need(draft, attachment).await?;
    let complete = attachments.complete(&of, ask.received_at).await?;
    if team.is_late(&complete) {
        team.keeps(&service, member, ask).await?;
    }
    Ok(axum::Json(AttachmentShown::of(complete, &team)))
}

/// What a file is called.
#[derive(Debug, Deserialize)]
struct NameQuery {
    name: String,
}

/// Takes a whole file in one request: at most 20 MiB. After the last instant it
/// is kept, and doesn't count by itself: `late`.
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
    let (team, _) = Team::sends(&service, programme, draft, caller.member, ask.received_at).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let size = bytes.len() as u64;
    let announced = attachments.announce(draft, &name, size, None, team.most(), &ask).await?;
    let arrived = attachments.append_all(announced, &bytes).await?;
    let complete = attachments.complete(&arrived, ask.received_at).await?;
    if team.is_late(&complete) {
        team.keeps(&service, caller.member, &ask).await?;
    }
    Ok((StatusCode::CREATED, axum::Json(AttachmentShown::of(complete, &team))))
}

/// Takes a file off, until the last instant. Where an earlier submission named it, it stays with that.
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
    if let (_, Some(late)) = Team::sends(&service, programme, draft, member, at).await? {
        return Err(late.refused());
    }
    Attachments::of(service.store(), &objects, programme).remove(draft, attachment).await?;
    Ok(StatusCode::NO_CONTENT)
}
