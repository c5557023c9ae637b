//! Judges against pitches: who marks what, who may not, and how much each has.

use std::collections::BTreeMap;

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Caller, Path, Query, limit};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId};
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::seeing::Seer;
use super::{OfRound, Paging};
use crate::access::Act;
use crate::bench::Bench;
use crate::judge::{Connected, Judge};
use crate::panel::Panel;
use crate::read_model::{JudgeRow, Judges};
use crate::words::{Office, SeatState};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(show_matrix))
}

/// Judges against pitches.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct MatrixShown {
    /// Once assignments were made; 0: every judge marks every pitch.
    judges_per_pitch: Option<u32>,
    /// Everybody who was ever asked, in the order of their first invitations.
    judges: Vec<JudgeLoad>,
    /// What is to be judged, by id.
    pitches: Vec<PitchJudged>,
    /// Send this as `after` for the pitches that come next; absent: that was
    /// all.
    next: Option<String>,
}

/// A judge, and how much they have.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct JudgeLoad {
    judge: JudgeId,
    member: MemberId,
    office: Office,
    /// Independent of the promoter and the sponsors.
    independent: bool,
    /// The most pitches they will take; 0: no limit.
    cap: u32,
    status: SeatState,
    /// When they were asked last.
    #[schema(value_type = Option<String>, format = DateTime)]
    invited_at: Option<Timestamp>,
    /// When they accepted or declined.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// Whether they have declared their interests.
    declared: bool,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    declared_at: Option<Timestamp>,
    /// How many pitches they are to mark.
    assigned: u32,
    /// Pitches that they know and wait for an organiser's leave to mark.
    known: u32,
    /// Pitches that they know and may mark.
    allowed: u32,
    /// Pitches that they stand aside from.
    aside: u32,
}

/// A pitch, who marks it, and who may not.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PitchJudged {
    pitch: PitchId,
    /// Who marks it.
    judges: Vec<JudgeId>,
    /// How many should, once assignments were made.
    needed: Option<u32>,
    /// What stands between it and judges who have a connection.
    connections: Vec<Between>,
}

/// What stands between a judge and a pitch.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct Between {
    judge: JudgeId,
    because: Because,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Because {
    /// Known; waits for an organiser's leave.
    Known,
    /// Known; may mark.
    Allowed,
    /// A wall, declared or found.
    StandAside,
    /// Of the pitch's team, or declared a conflict as an organiser.
    TeamOrConflict,
}

/// Judges against pitches, for organisers and approvers: loads, who marks what,
/// and who may not. What lies behind the reader's own walls is left out of all
/// of it. The number of queries doesn't depend on how many there are.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/panel/matrix", tag = "assignments",
    params(("programme" = Uuid, Path), ("round" = String, Path), Paging),
    responses((status = 200, body = MatrixShown), (status = "4XX", body = Problem))
)]
async fn show_matrix(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    Query(paging): Query<Paging>,
    caller: Caller,
) -> Result<axum::Json<MatrixShown>, Problem> {
    let after = paging.after.as_deref().map(str::parse::<PitchId>).transpose().map_err(|_| {
        Problem::bad_request("after-malformed", "`after` must be the `next` of the page before.")
    })?;
    let seer = Seer::of(&service, &caller, &round).await?;
    seer.may(Act::SeeMatrix)?;
    let store = service.store();
    let panel = store.reload::<Panel>(&seer.round.panel()).await?.state;
    let mut bench = Bench::read(store, seer.programme, &panel).await?;
    let walls = seer.walls(&service).await?;
    bench.hide(&walls);
    let keys: Vec<String> = bench.judges.keys().map(JudgeId::to_string).collect();
    let rows = service.rows::<Judges>().get_many(&keys).await?;
    let limit = limit(paging.limit) as usize;
    let later = |pitch: &PitchId| after.is_none_or(|after| *pitch > after);
    let mut shown: Vec<PitchId> = bench.pitches.keys().copied().filter(later).take(limit + 1).collect();
    let more = shown.len() > limit;
    shown.truncate(limit);
    let judges_per_pitch = panel.drawn.as_ref().map(|drawn| drawn.judges_per_pitch);
    let needed = judges_per_pitch.map(|many| many.max(1));
    let marking = marking(&bench);
    Ok(axum::Json(MatrixShown {
        judges_per_pitch,
        judges: loads(rows, &bench),
        next: shown.last().filter(|_| more).map(PitchId::to_string),
        pitches: shown.into_iter().map(|pitch| judged(&bench, &marking, pitch, needed)).collect(),
    }))
}

fn marking(bench: &Bench) -> BTreeMap<PitchId, Vec<JudgeId>> {
    let mut marking: BTreeMap<PitchId, Vec<JudgeId>> = BTreeMap::new();
    for (pitch, judge) in bench.assignments() {
        marking.entry(pitch).or_default().push(judge);
    }
    marking
}

fn judged(
    bench: &Bench,
    marking: &BTreeMap<PitchId, Vec<JudgeId>>,
    pitch: PitchId,
    needed: Option<u32>,
) -> PitchJudged {
    let between = bench
        .judges
        .iter()
        .filter_map(|(&judge, state)| Some(Between { judge, because: because(bench, pitch, state)? }));
    let judges = marking.get(&pitch).cloned().unwrap_or_default();
    PitchJudged { pitch, judges, needed, connections: between.collect() }
}

fn because(bench: &Bench, pitch: PitchId, judge: &Judge) -> Option<Because> {
    let barred = bench.pitches.get(&pitch).is_some_and(|barred| barred.contains(&judge.member));
    match judge.connections.get(&pitch) {
        Some(Connected::Aside) => Some(Because::StandAside),
        _ if barred => Some(Because::TeamOrConflict),
        Some(Connected::Known) => Some(Because::Known),
        Some(Connected::Allowed) => Some(Because::Allowed),
        None => None,
    }
}

/// What a list may be behind with is counted as it is now.
fn loads(mut rows: Vec<JudgeRow>, bench: &Bench) -> Vec<JudgeLoad> {
    rows.sort_by_key(|row| row.since);
    let load = |row: JudgeRow| {
        let state = bench.judges.get(&row.judge)?;
        let connected = |connected: Connected| {
            let to = state.connections.iter().filter(|(pitch, _)| bench.pitches.contains_key(pitch));
            count(to.filter(|(_, to)| **to == connected).count())
        };
        Some(JudgeLoad {
            judge: row.judge,
            member: row.member,
            office: row.office,
            independent: row.independent,
            cap: row.cap,
            status: row.status,
            invited_at: row.invited_at,
            answered_at: row.answered_at,
            declared: row.declared,
            declared_at: row.declared_at,
            assigned: count(state.assigned.len()),
            known: connected(Connected::Known),
            allowed: connected(Connected::Allowed),
            aside: connected(Connected::Aside),
        })
    };
    rows.into_iter().filter_map(load).collect()
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
