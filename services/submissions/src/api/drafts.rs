//! Drafts: private to their author and whom the author writes them with.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::http::{Accepted, Caller, Command, Listed, Nothing, Path, Query, Shown, limit};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{Ask, FieldError, Problem, Service};
use plaudit_proto::v1::Rulebook;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::programmes::PageQuery;
use super::timing::{files_by, in_time, known, timing};
use crate::attachment::Sealing;
use crate::draft::{Draft, DraftContent, DraftError, Drafts, Saved};
use crate::pitch::{Entering, Pitch, PitchError, SubmitPitch};
use crate::programme::{Phase, Programme};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(begin, list))
        .routes(routes!(show, save, delete))
        .routes(routes!(submit))
}

/// What was saved.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct DraftSaved {
    /// Also the id of the pitch that it will be.
    id: PitchId,
    /// Send it as `If-Match` with what you save next.
    version: u64,
}

/// A draft.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct DraftShown {
    /// Also the id of the pitch that it will be.
    id: PitchId,
    version: u64,
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
    saved_by: MemberId,
    author: MemberId,
    /// Who writes it with its author.
    collaborators: Vec<MemberId>,
    content: DraftContent,
    /// What came after the last instant: kept, and counted only if two people
    /// reopen the pitch.
    late: Option<LateVersion>,
    /// Two people let it be sent in until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    reopened_until: Option<Timestamp>,
    /// What must be put right before it can enter; empty: it is complete.
    missing: Vec<FieldError>,
}

impl From<Saved> for Shown<DraftSaved> {
    fn from(saved: Saved) -> Self {
        let body = DraftSaved { id: saved.id, version: saved.version };
        Self { body, version: Some(saved.version) }
    }
}

/// A version that came too late.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct LateVersion {
    by: MemberId,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    content: DraftContent,
}

fn shown(draft: Draft, pitch: &Pitch, rulebook: &Rulebook) -> DraftShown {
    let missing = draft.entry().faults(rulebook);
    DraftShown {
        id: draft.id,
        version: draft.version,
        saved_at: draft.received_at,
        saved_by: draft.saved_by,
        author: draft.author,
        collaborators: draft.collaborators,
        content: draft.content,
        late: draft.late.map(|late| LateVersion {
            by: late.by,
            received_at: late.received_at,
            content: late.content,
        }),
        reopened_until: pitch.reopened_until,
        missing,
    }
}

/// Begins an empty draft.
#[utoipa::path(post, path = "/programmes/{programme}/drafts", tag = "drafts", params(("programme" = Uuid, Path)), request_body = Nothing,
    responses((status = 201, body = DraftSaved), (status = "4XX", body = Problem)))]
async fn begin(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<(StatusCode, Shown<DraftSaved>), Problem> {
    let member = command.caller.member;
    known(&service, programme, member).await?.may_enter(member)?;
    in_time(&service, programme, None, member, command.ask.received_at).await?;
    let saved = Drafts::of(service.store(), programme).begin(member, &command.ask).await?;
    Ok((StatusCode::CREATED, saved.into()))
}

/// The drafts that the caller writes, alone or with others.
#[utoipa::path(get, path = "/programmes/{programme}/drafts", tag = "drafts",
    params(("programme" = Uuid, Path), ("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Listed<DraftShown>), (status = "4XX", body = Problem)))]
async fn list(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(page): Query<PageQuery>,
    caller: Caller,
) -> Result<Listed<DraftShown>, Problem> {
    let state = known(&service, programme, caller.member).await?;
    let after = page.after.as_deref().map(str::parse).transpose();
    let after: Option<Uuid> = after.map_err(|_| {
        Problem::bad_request("after-malformed", "`after` must be the `next` of the page before.")
    })?;
    let limit = limit(page.limit);
    let drafts = Drafts::of(service.store(), programme);
    let mut found = drafts.list(caller.member, after.unwrap_or_default(), limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|draft| draft.id.to_string());
    // There are drafts only where there is a rulebook.
    let rulebook = state.rulebook.unwrap_or_default();
    let streams: Vec<_> = found.iter().map(|draft| draft.id.stream()).collect();
    let pitches = service.store().load_many::<Pitch>(&streams).await?;
    let items = found.into_iter().map(|draft| {
        let pitch = pitches.get(&draft.id.stream()).map(|loaded| loaded.state.clone());
        shown(draft, &pitch.unwrap_or_default(), &rulebook)
    });
    Ok(Listed { items: items.collect(), next })
}

/// A draft that the caller writes.
#[utoipa::path(get, path = "/programmes/{programme}/drafts/{draft}", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)),
    responses((status = 200, body = DraftShown), (status = "4XX", body = Problem)))]
async fn show(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    caller: Caller,
) -> Result<Shown<DraftShown>, Problem> {
    let found = Drafts::of(service.store(), programme).need(caller.member, draft).await?;
    let state = known(&service, programme, caller.member).await?;
    let version = Some(found.version);
    let pitch = service.store().reload::<Pitch>(&draft.stream()).await?.state;
    Ok(Shown { body: shown(found, &pitch, &state.rulebook.unwrap_or_default()), version })
}

/// Saves over the version that `If-Match` names. If it has moved since, nothing
/// is saved: 412, with its version now. What comes after the last instant is
/// kept beside it: 409 `late-kept`, with its version.
#[utoipa::path(put, path = "/programmes/{programme}/drafts/{draft}", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path), ("If-Match" = String, Header)), request_body = DraftContent,
    responses((status = 200, body = DraftSaved), (status = "4XX", body = Problem)))]
async fn save(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    command: Command<DraftContent>,
) -> Result<Shown<DraftSaved>, Problem> {
    let (member, ask) = (command.caller.member, &command.ask);
    let drafts = Drafts::of(service.store(), programme);
    let author = drafts.need(member, draft).await?.author;
    let (state, late) = timing(&service, programme, Some(draft), member, ask.received_at).await?;
    state.may_enter(author)?;
    let Some(late) = late else {
        return Ok(drafts.save(member, draft, &command.body, ask).await?.into());
    };
    match drafts.keep_late(member, draft, &command.body, ask).await? {
        kept if kept.late => Err(late.kept(kept)),
        // It had been saved in time, by this very command.
        saved => Ok(saved.into()),
    }
}

/// Deletes a draft, which only its author may.
#[utoipa::path(delete, path = "/programmes/{programme}/drafts/{draft}", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    command: Command<Nothing>,
) -> Result<StatusCode, Problem> {
    let drafts = Drafts::of(service.store(), programme);
    drafts.delete(command.caller.member, draft, &command.ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enters a draft: it becomes the pitch of the same id, with everybody who
/// writes it as its team. In the version that `If-Match` names, if it is sent.
/// After the last instant it is kept instead: 409 `late-kept`.
#[utoipa::path(post, path = "/programmes/{programme}/drafts/{draft}/submission", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)), request_body = Nothing,
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem)))]
async fn submit(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    let (member, ask) = (command.caller.member, &command.ask);
    let drafts = Drafts::of(service.store(), programme);
    let found = drafts.get(member, draft).await?;
    if let Some(done) = service.store().known(ask).await? {
        // It entered by this very command, whose answer got lost.
        return Ok(Accepted::created(done));
    }
    let found = found.ok_or_else(|| Problem::not_found("draft"))?;
    let (state, late) = timing(&service, programme, Some(draft), member, ask.received_at).await?;
    if let Some(late) = late {
        let same_words = found.late.as_ref().is_none_or(|late| late.content == found.content);
        if same_words && enters_by_itself(&state, &found) {
            return Err(DraftError::EntersByItself.into());
        }
        return Err(late.kept(drafts.mark_late(member, &found, ask).await?));
    }
    if state.phase == Some(Phase::Published) {
        return Err(PitchError::CallNotOpen.into());
    }
    if service.store().reload::<Pitch>(&draft.stream()).await?.state.standing.is_some() {
        // What came too late to it is shown as its draft.
        return Err(PitchError::AlreadySubmitted.into());
    }
    let found = drafts.enters(member, draft, ask).await?.ok_or_else(|| Problem::not_found("draft"))?;
    let entry = found.entry();
    let by = files_by(&state, ask.received_at);
    let sealed = entry.seal(draft, Sealing::of(service.store(), programme, draft, by).await?);
    let entering = Entering::First(found.author);
    let decision = SubmitPitch { programme, pitch: draft, entering, entry, sealed };
    // The version that was seen is the draft's, not the pitch's.
    let done = service.run(&Ask { if_match: None, ..ask.clone() }, &decision).await;
    if done.is_err() {
        drafts.stays(draft).await?;
    }
    Ok(Accepted::created(done?))
}

/// Whether a draft that was complete in time is about to enter.
fn enters_by_itself(programme: &Programme, draft: &Draft) -> bool {
    let (Ok(call), Ok(rulebook)) = (programme.call(), programme.rulebook()) else { return false };
    let entry = draft.entry_by(call.last_instant);
    call.phase == Phase::Open && entry.is_some_and(|(entry, _)| entry.faults(rulebook).is_empty())
}
