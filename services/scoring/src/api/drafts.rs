//! Drafts of scorecards: private to their judge.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use plaudit_chassis::facts::{JudgeFacts, ProgrammeFacts};
use plaudit_chassis::http::{Caller, Command, Listed, Nothing, Path, Query, Shown, limit};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Paging;
use super::viewer::Viewer;
use crate::draft::{Draft, DraftContent, Drafts, Moved, Writing};
use crate::round::{Phase, Pinned, Round};
use crate::scorecard::{Place, Scorecard, ScorecardError};

pub(super) fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(show, save, delete)).routes(routes!(list))
}

type OfPitch = (ProgrammeId, String, PitchId);

/// A draft.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct ScorecardDraft {
    /// Of which pitch.
    pitch: PitchId,
    /// Send it as `If-Match` with what you save next.
    version: u64,
    /// When its last byte had arrived.
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
    /// As it was saved.
    content: DraftContent,
}

/// What was saved.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct ScorecardDraftSaved {
    /// Of which pitch.
    pitch: PitchId,
    /// Send it as `If-Match` with what you save next.
    version: u64,
}

/// That a draft is begun.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct DraftBegun {
    /// Of which pitch.
    pitch: PitchId,
    /// Its version.
    version: u64,
    /// When its last byte had arrived.
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
    /// How many criteria have something in them.
    marked: u32,
    /// Whether there are words for the panel or the entrant.
    comments: bool,
}

impl From<Draft> for DraftBegun {
    fn from(draft: Draft) -> Self {
        let Draft { pitch, version, saved_at, content } = draft;
        Self { pitch, version, saved_at, marked: content.marked(), comments: content.comments() }
    }
}

/// A refusal; where the draft has moved, with the version that it has now as
/// `ETag`.
struct Refused(Moved);

impl<E: Into<Moved>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let version = match self.0 {
            Moved::Problem(problem) => return problem.into_response(),
            Moved::To(version) => version,
        };
        let detail = match version {
            0 => "There is no draft any more: it was handed in or deleted elsewhere. What you have here is not saved; send it with If-Match \"0\" to begin again.".to_owned(),
            version => format!("This has changed since you saw it: now it is version {version}. Read it again."),
        };
        let mut answer =
            Problem::new(StatusCode::PRECONDITION_FAILED, "changed-since", detail).into_response();
        if let Ok(etag) = HeaderValue::from_str(&format!("\"{version}\"")) {
            answer.headers_mut().insert(header::ETAG, etag);
        }
        answer
    }
}

/// The judge's own scorecard of a pitch, if they may hand it in now, and the
/// rules of its round.
async fn writing(
    service: &Service,
    programme: ProgrammeId,
    slug: &str,
    pitch: PitchId,
    member: MemberId,
) -> Result<(Writing, Pinned), Problem> {
    let store = service.store();
    let place = Place::own(RoundId::of(programme, slug), member, pitch);
    let judge = store.reload::<JudgeFacts>(&place.judge.stream()).await?.state;
    let facts = store.reload::<ProgrammeFacts>(&programme.stream()).await?.state;
    if judge.walled(pitch) || facts.conflicted(member, pitch) {
        return Err(ScorecardError::StandsAside.into());
    }
    let scorecard = place.scorecard();
    let card = store.reload::<Scorecard>(&scorecard.stream()).await?;
    card.state.in_the_judges_hands()?;
    let round = store.reload::<Round>(&place.round.stream()).await?.state;
    let pinned = round.open_for_marks()?.clone();
    Ok((Writing { scorecard, round: place.round, pitch, member, answers: card.version }, pinned))
}

/// A judge's draft of a scorecard, while they may hand it in.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/scorecards/{pitch}/draft", tag = "drafts",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("pitch" = Uuid, Path)),
    responses((status = 200, body = ScorecardDraft), (status = "4XX", body = Problem)),
)]
async fn show(
    State(service): State<Service>,
    Path((programme, slug, pitch)): Path<OfPitch>,
    caller: Caller,
) -> Result<Shown<ScorecardDraft>, Problem> {
    let (writing, _) = writing(&service, programme, &slug, pitch, caller.member).await?;
    let found = Drafts::of(service.store(), programme).get(caller.member, writing.scorecard).await?;
    let Draft { pitch, version, saved_at, content } = found.ok_or_else(|| Problem::not_found("draft"))?;
    Ok(Shown { body: ScorecardDraft { pitch, version, saved_at, content }, version: Some(version) })
}

/// Saves over the version that `If-Match` names; `"0"`: there is none yet. It
/// may be incomplete, and wrong. If the draft has another version, the answer
/// is 412, with that version as `ETag`.
#[utoipa::path(
    put, path = "/programmes/{programme}/rounds/{round}/scorecards/{pitch}/draft", tag = "drafts",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("pitch" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = DraftContent,
    responses((status = 200, body = ScorecardDraftSaved), (status = "4XX", body = Problem)),
)]
async fn save(
    State(service): State<Service>,
    Path((programme, slug, pitch)): Path<OfPitch>,
    command: Command<DraftContent>,
) -> Result<Shown<ScorecardDraftSaved>, Refused> {
    let (writing, pinned) = writing(&service, programme, &slug, pitch, command.caller.member).await?;
    command.body.check(&pinned.rules)?;
    let drafts = Drafts::of(service.store(), programme);
    let version = drafts.save(writing, &command.body, &command.ask).await?;
    Ok(Shown { body: ScorecardDraftSaved { pitch, version }, version: Some(version) })
}

/// Deletes a draft.
#[utoipa::path(
    delete, path = "/programmes/{programme}/rounds/{round}/scorecards/{pitch}/draft", tag = "drafts",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("pitch" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 204), (status = "4XX", body = Problem)),
)]
async fn delete(
    State(service): State<Service>,
    Path((programme, slug, pitch)): Path<OfPitch>,
    command: Command<Nothing>,
) -> Result<StatusCode, Refused> {
    let member = command.caller.member;
    let (writing, _) = writing(&service, programme, &slug, pitch, member).await?;
    Drafts::of(service.store(), programme).delete(member, writing.scorecard, &command.ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which of a judge's scorecards are begun. Without what is in them.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/drafts", tag = "drafts",
    params(("programme" = Uuid, Path), ("round" = String, Path), Paging),
    responses((status = 200, body = Listed<DraftBegun>), (status = "4XX", body = Problem)),
)]
async fn list(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    Query(paging): Query<Paging>,
    caller: Caller,
) -> Result<Listed<DraftBegun>, Problem> {
    let viewer = Viewer::of(&service, programme, &slug, Some(caller.member)).await?;
    if !viewer.part().judge {
        return Err(Problem::forbidden(
            "Only the judges of this round who have declared their interests have drafts in it.",
        ));
    }
    if viewer.round.phase != Phase::Open {
        return Ok(Listed { items: Vec::new(), next: None });
    }
    let after = paging.after.as_deref().map(str::parse::<PitchId>).transpose().map_err(|_| {
        Problem::bad_request("after-malformed", "`after` must be the `next` of the page before.")
    })?;
    let limit = limit(paging.limit);
    let drafts = Drafts::of(service.store(), programme);
    let mut found = drafts.list(caller.member, viewer.round_id, after.unwrap_or_default(), limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|draft| draft.pitch.to_string());
    let seen = found.into_iter().filter(|draft| !viewer.walled(draft.pitch));
    Ok(Listed { items: seen.map(DraftBegun::from).collect(), next })
}
