//! The panel itself: convened, looked at, ready.

use std::collections::BTreeSet;

use axum::extract::State;
use plaudit_chassis::http::{Accepted, Caller, Command, Nothing, Path, Shown};
use plaudit_chassis::id::{JudgeId, PitchId, RoundId};
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::OfRound;
use super::seeing::{SeatShown, Seer, Words, seat};
use crate::access::View;
use crate::bench::Bench;
use crate::commands::{ConvenePanel, GetReady};
use crate::judge::Status;
use crate::panel::Panel;
use crate::read_model::{Judges, PanelRow, Panels};
use crate::words::PanelState;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(convene, show_panel)).routes(routes!(get_ready))
}

/// Convene the panel of a round that the rulebook has.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel", tag = "panel",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem))
)]
async fn convene(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    let done = service.run(&command.ask, &ConvenePanel { round }).await?;
    Ok(Accepted::created(done))
}

/// Say that the round can open.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/readiness", tag = "panel",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn get_ready(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &GetReady { round }).await?.into())
}

/// A panel as whoever asks may see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PanelShown {
    /// The round's id.
    id: RoundId,
    /// As the rulebook calls the round.
    round: String,
    /// Whether judges don't see whose a pitch is.
    anonymous: bool,
    state: PanelState,
    /// Once assignments were made; 0: every judge marks every pitch.
    judges_per_pitch: Option<u32>,
    /// To organisers and approvers.
    counts: Option<Counts>,
    /// The caller's own seat, if they have one.
    seat: Option<SeatShown>,
}

/// Where the panel stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Counts {
    /// Asked, and have not answered yet.
    invited: u32,
    accepted: u32,
    /// Of those who accepted: have declared their interests.
    declared: u32,
    declined: u32,
    stood_down: u32,
    pitches: u32,
    /// Those that stand.
    assignments: u32,
    /// Pitches with fewer judges than they should have, once assignments
    /// were made.
    short: Vec<ShortShown>,
}

/// A pitch with fewer judges than it should have.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ShortShown {
    pitch: PitchId,
    judges: u32,
    needed: u32,
}

/// Look at the panel.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/panel", tag = "panel",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    responses((status = 200, body = PanelShown), (status = "4XX", body = Problem))
)]
async fn show_panel(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    caller: Caller,
) -> Result<Shown<PanelShown>, Problem> {
    let seer = Seer::of(&service, &caller, &round).await?;
    let row = service.rows::<Panels>().get(&seer.round.0.to_string()).await?;
    let row = row.ok_or_else(|| Problem::not_found("panel"))?;
    let own = JudgeId::of(seer.round, seer.member);
    let own: Vec<_> = service.rows::<Judges>().get(&own.to_string()).await?.into_iter().collect();
    let words = Words::of(&service, &own).await?;
    let seat = own.first().map(|row| seat(row, &BTreeSet::new(), &words));
    let counts = match seer.view {
        View::Own => None,
        View::Words | View::Whole => Some(counts(&service, &seer).await?),
    };
    let PanelRow { round, anonymous, state, judges_per_pitch, version, .. } = row;
    let body = PanelShown { id: seer.round, round, anonymous, state, judges_per_pitch, counts, seat };
    Ok(Shown { body, version: Some(version) })
}

/// As it is now, not as the lists have it: what is short is a warning.
async fn counts(service: &Service, seer: &Seer) -> Result<Counts, Problem> {
    let store = service.store();
    let panel = store.reload::<Panel>(&seer.round.panel()).await?.state;
    let mut bench = Bench::read(store, seer.programme, &panel).await?;
    bench.hide(&seer.walls(service).await?);
    let many = |status| count(bench.judges.values().filter(|judge| judge.status == status).count());
    let short = panel.drawn.as_ref().map(|drawn| bench.short(drawn)).unwrap_or_default();
    let short = short.into_iter().map(|short| ShortShown {
        pitch: short.pitch,
        judges: short.judges,
        needed: short.needed,
    });
    Ok(Counts {
        invited: many(Status::Invited),
        accepted: many(Status::Accepted),
        declared: count(bench.judges.values().filter(|judge| judge.sits()).count()),
        declined: many(Status::Declined),
        stood_down: many(Status::StoodDown),
        pitches: count(bench.pitches.len()),
        assignments: count(bench.assignments().len()),
        short: short.collect(),
    })
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
