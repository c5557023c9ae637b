//! Drafts: private to their author.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::http::{Accepted, Caller, Command, Listed, Nothing, Path, Query, Shown, limit};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{FieldError, Problem, Service};
use plaudit_proto::v1::Rulebook;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::programmes::PageQuery;
use crate::access::Relation;
use crate::draft::{Draft, DraftContent, Drafts, Saved};
use crate::entry::Entry;
use crate::pitch::{PitchError, SubmitPitch};
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
    content: DraftContent,
    /// What must be put right before it can enter; empty: it is complete.
    missing: Vec<FieldError>,
}

impl From<Saved> for Shown<DraftSaved> {
    fn from(saved: Saved) -> Self {
        let body = DraftSaved { id: saved.id, version: saved.version };
        Self { body, version: Some(saved.version) }
    }
}

fn shown(draft: Draft, rulebook: &Rulebook) -> DraftShown {
    let entry = Entry::from(draft.content.clone());
    DraftShown {
        id: draft.id,
        version: draft.version,
        saved_at: draft.received_at,
        content: draft.content,
        missing: entry.faults(rulebook),
    }
}

/// The programme, if this member may write drafts for it at this time.
async fn writable(
    service: &Service,
    programme: ProgrammeId,
    member: MemberId,
    at: Timestamp,
) -> Result<(), Problem> {
    let state = known(service, programme, member).await?;
    state.may_enter(member)?;
    let call = state.call()?;
    match call.phase {
        Phase::Published | Phase::Open if at <= call.last_instant => Ok(()),
        Phase::Published | Phase::Open => Err(PitchError::TooLate(call.last_instant).into()),
        _ => Err(PitchError::CallClosed.into()),
    }
}

async fn known(service: &Service, programme: ProgrammeId, member: MemberId) -> Result<Programme, Problem> {
    let loaded = service.store().reload::<Programme>(&programme.stream()).await?;
    if !Relation::of(&loaded.state, member).knows {
        return Err(Problem::not_found("programme"));
    }
    Ok((*loaded.state).clone())
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
    writable(&service, programme, member, command.ask.received_at).await?;
    let saved = Drafts::of(service.store(), programme).begin(member, &command.ask).await?;
    Ok((StatusCode::CREATED, saved.into()))
}

/// The caller's drafts.
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
    Ok(Listed { items: found.into_iter().map(|draft| shown(draft, &rulebook)).collect(), next })
}

/// A draft of the caller's.
#[utoipa::path(get, path = "/programmes/{programme}/drafts/{draft}", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)),
    responses((status = 200, body = DraftShown), (status = "4XX", body = Problem)))]
async fn show(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    caller: Caller,
) -> Result<Shown<DraftShown>, Problem> {
    let found = Drafts::of(service.store(), programme).get(caller.member, draft).await?;
    let found = found.ok_or_else(|| Problem::not_found("draft"))?;
    let state = known(&service, programme, caller.member).await?;
    let version = Some(found.version);
    Ok(Shown { body: shown(found, &state.rulebook.unwrap_or_default()), version })
}

/// Saves over the version that `If-Match` names.
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
    if drafts.get(member, draft).await?.is_none() {
        return Err(Problem::not_found("draft"));
    }
    writable(&service, programme, member, ask.received_at).await?;
    Ok(drafts.save(member, draft, &command.body, ask).await?.into())
}

/// Deletes a draft.
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

/// Enters a draft: it becomes the pitch of the same id.
#[utoipa::path(post, path = "/programmes/{programme}/drafts/{draft}/submission", tag = "drafts",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path)), request_body = Nothing,
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem)))]
async fn submit(
    State(service): State<Service>,
    Path((programme, draft)): Path<(ProgrammeId, PitchId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    let found = Drafts::of(service.store(), programme).get(command.caller.member, draft).await?;
    let Some(found) = found else {
        // It may have entered by this very command, whose answer got lost.
        let done = service.store().known(&command.ask).await?;
        return done.map(Accepted::created).ok_or_else(|| Problem::not_found("draft"));
    };
    let entry = Entry::from(found.content);
    let sealed = entry.seal(draft);
    let decision = SubmitPitch { programme, pitch: draft, new: true, entry, sealed };
    Ok(Accepted::created(service.run(&command.ask, &decision).await?))
}
