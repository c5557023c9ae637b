//! The rulebook in the making: private to the programme's organisers.

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Caller, Command, Path, Shown};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{self, Act, Relation};
use crate::programme::{Phase, Programme, ProgrammeError};
use crate::rulebook::{RulebookDraft, RulebookDrafts};

/// In bytes.
const MOST: usize = 200_000;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(show, save))
}

/// What is written so far.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RulebookDraftBody {
    /// Whatever the writer's program understands; at most 200,000 bytes.
    content: String,
}

/// A rulebook in the making.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RulebookDraftShown {
    version: u64,
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
    content: String,
}

/// What was saved.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct RulebookDraftSaved {
    /// Send it as `If-Match` with what you save next.
    version: u64,
}

async fn organised(service: &Service, id: ProgrammeId, member: MemberId) -> Result<Option<Phase>, Problem> {
    let programme = service.store().reload::<Programme>(&id.stream()).await?.state;
    access::to_programme(Act::PublishRulebook, Relation::of(&programme, member))?;
    Ok(programme.phase)
}

/// The rulebook in the making, for organisers.
#[utoipa::path(get, path = "/programmes/{programme}/rulebook/draft", tag = "rulebook", params(("programme" = Uuid, Path)),
    responses((status = 200, body = RulebookDraftShown), (status = "4XX", body = Problem)))]
async fn show(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    caller: Caller,
) -> Result<Shown<RulebookDraftShown>, Problem> {
    organised(&service, programme, caller.member).await?;
    let draft = RulebookDrafts::of(service.store(), programme).get().await?;
    let RulebookDraft { version, saved_at, content } = draft.ok_or_else(|| Problem::not_found("draft"))?;
    Ok(Shown { body: RulebookDraftShown { version, saved_at, content }, version: Some(version) })
}

/// Saves over the version that `If-Match` names; 0: there is none yet.
#[utoipa::path(put, path = "/programmes/{programme}/rulebook/draft", tag = "rulebook",
    params(("programme" = Uuid, Path), ("If-Match" = Option<String>, Header)), request_body = RulebookDraftBody,
    responses((status = 200, body = RulebookDraftSaved), (status = "4XX", body = Problem)))]
async fn save(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<RulebookDraftBody>,
) -> Result<Shown<RulebookDraftSaved>, Problem> {
    match organised(&service, programme, command.caller.member).await? {
        Some(Phase::Concluded | Phase::Cancelled) => return Err(ProgrammeError::Over.into()),
        Some(Phase::Drafted | Phase::Published) | None => {}
        Some(_) => return Err(ProgrammeError::RulesFixed.into()),
    }
    let content = &command.body.content;
    if content.len() > MOST {
        return Err(Problem::field("content", format!("{MOST} bytes is the most.")));
    }
    let version = RulebookDrafts::of(service.store(), programme).save(content, &command.ask).await?;
    Ok(Shown { body: RulebookDraftSaved { version }, version: Some(version) })
}
