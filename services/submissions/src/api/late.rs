//! What came after the last instant, as organisers see it: that it came, and
//! not what it says.

use std::sync::Arc;

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Caller, Listed, Path};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::pitch_shown::{ProposalShown, proposal};
use crate::access::{self, Relation};
use crate::draft::{Draft, Drafts};
use crate::pitch::Pitch;
use crate::read_model::Programmes;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Something that came too late.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct LateShown {
    /// The pitch, which may never have entered: reopen it by this.
    id: PitchId,
    /// Whose it is.
    author: MemberId,
    /// Who sent it.
    by: MemberId,
    /// When its last byte had arrived.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// After the last instant, in milliseconds.
    late_by_ms: i64,
    /// An earlier version is in.
    entered: bool,
    /// What waits for a second person.
    reopening: Option<ProposalShown>,
    #[schema(value_type = Option<String>, format = DateTime)]
    reopened_until: Option<Timestamp>,
}

/// For organisers and approvers: what came too late, the earliest first. What
/// they have a part in or a conflict with is left out.
#[utoipa::path(get, path = "/programmes/{programme}/late", tag = "screening", params(("programme" = Uuid, Path)),
    responses((status = 200, body = Listed<LateShown>), (status = "4XX", body = Problem)))]
async fn list(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    caller: Caller,
) -> Result<Listed<LateShown>, Problem> {
    let row = service.rows::<Programmes>().get(&programme.to_string()).await?;
    let row = row.ok_or_else(|| Problem::not_found("programme"))?;
    let state = &row.programme;
    access::to_late(Relation::of(state, caller.member))?;
    let last = row.closed_at.or_else(|| state.ending().map(|ending| ending.last_instant()));
    let drafts = Drafts::of(service.store(), programme).all_late().await?;
    let apart = |draft: &Draft| !draft.is_of(caller.member) && !state.is_conflicted(caller.member, draft.id);
    let drafts: Vec<Draft> = drafts.into_iter().filter(apart).collect();
    let streams: Vec<_> = drafts.iter().map(|draft| draft.id.stream()).collect();
    let pitches = service.store().load_many::<Pitch>(&streams).await?;
    let items = drafts.into_iter().filter_map(|draft| {
        let pitch = pitches.get(&draft.id.stream()).map(|loaded| loaded.state.clone());
        shown(&draft, pitch.unwrap_or_default(), last.unwrap_or_default())
    });
    Ok(Listed { items: items.collect(), next: None })
}

fn shown(draft: &Draft, pitch: Arc<Pitch>, last: Timestamp) -> Option<LateShown> {
    let late = draft.late.as_ref()?;
    Some(LateShown {
        id: draft.id,
        author: draft.author,
        by: late.by,
        received_at: late.received_at,
        late_by_ms: late.received_at.as_millisecond() - last.as_millisecond(),
        entered: pitch.standing.is_some(),
        reopening: pitch.reopening.as_ref().map(proposal),
        reopened_until: pitch.reopened_until,
    })
}
