//! What auditors see opened.

use std::collections::HashSet;

use axum::extract::State;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::http::{Caller, ONLY_AUDITORS, OpenedPage, Path, Query, auditors_may_open};
use plaudit_chassis::id::{MemberId, ProgrammeId, RoundId};
use plaudit_chassis::{Problem, Service};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::result::RoundResult;

pub(super) fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(openings))
}

/// Marks, what the result says of them, and why a judge gave none. Comments
/// are for whom they were written.
const FOR_AUDITORS: [(&str, &str); 4] = [
    ("ScorecardSealed", "marks"),
    ("ScorecardAbstained", "words"),
    ("PitchRanked", "sealedDerivation"),
    ("ResultDeclared", "sealedDerivation"),
];

/// Where to go on.
#[derive(Debug, Deserialize)]
struct AfterQuery {
    after: Option<u64>,
}

/// For auditors, once winners are announced: what opens the marks of every
/// round that has a result, in the order of the events that sealed them.
#[utoipa::path(get, path = "/programmes/{programme}/openings", tag = "auditors",
    params(("programme" = Uuid, Path), ("after" = Option<u64>, Query)),
    responses((status = 200, body = OpenedPage), (status = "4XX", body = Problem)))]
async fn openings(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(query): Query<AfterQuery>,
    caller: Caller,
) -> Result<axum::Json<OpenedPage>, Problem> {
    may_open(&service, programme, caller.member).await?;
    let declared = declared(&service, programme).await?;
    let may_open = |event: &Recorded| match event.envelope.kind() {
        "ScorecardSealed" => round_of(event).is_some_and(|round| declared.contains(&round)),
        _ => true,
    };
    Ok(axum::Json(OpenedPage::read(&service, programme, query.after, &FOR_AUDITORS, may_open).await?))
}

/// Refuses all but auditors without a wall before any pitch: who was dismissed
/// or has declared a conflict a moment ago, too.
async fn may_open(service: &Service, programme: ProgrammeId, member: MemberId) -> Result<(), Problem> {
    let refused = || Problem::forbidden(ONLY_AUDITORS);
    let facts = async || service.store().reload::<ProgrammeFacts>(&programme.stream()).await;
    if !facts().await?.state.audits(member) {
        return Err(refused());
    }
    service.current_with("submissions").await?;
    let facts = facts().await?.state;
    if !facts.audits(member) {
        return Err(refused());
    }
    let rounds = facts.rulebook().into_iter().flat_map(|rulebook| &rulebook.rounds);
    auditors_may_open(service, programme, member, rounds).await
}

/// The rounds that have a result.
async fn declared(service: &Service, programme: ProgrammeId) -> Result<HashSet<RoundId>, Problem> {
    let store = service.store();
    let rounds = store.streams_of(programme, RoundId::NOUN).await?;
    let results: Vec<_> = rounds.iter().map(|round| RoundId(round.id()).result()).collect();
    let results = store.load_many::<RoundResult>(&results).await?;
    let declared = results.iter().filter(|(_, result)| result.state.declared.is_some());
    Ok(declared.map(|(stream, _)| RoundId(stream.id())).collect())
}

fn round_of(event: &Recorded) -> Option<RoundId> {
    #[derive(Deserialize)]
    struct Of {
        round: RoundId,
    }
    serde_json::from_str::<Of>(event.envelope.data.get()).ok().map(|of| of.round)
}
