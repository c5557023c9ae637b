use std::collections::{BTreeMap, HashSet};

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::facts::JudgeFacts;
use plaudit_chassis::http::{Accepted, Caller, Command, Nothing, Path, Shown};
use plaudit_chassis::id::{JudgeId, MemberId, ProgrammeId, RoundId, ScorecardId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::{Problem, Service};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::viewer::Viewer;
use crate::access::Stage;
use crate::read_model::{RoundRow, Rounds, ScorecardRow, Scorecards};
use crate::round::{ConfirmUnsealing, LockRound, OpenRound, Phase, ProposeUnsealing};
use crate::scorecard::Standing;

pub(super) fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(open))
        .routes(routes!(lock))
        .routes(routes!(propose_unsealing))
        .routes(routes!(confirm_unsealing))
}

/// A round: how far it is, and for organisers and approvers how many of the
/// expected scorecards are in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct RoundShown {
    /// Its id.
    id: RoundId,
    /// What the rulebook calls it.
    round: String,
    /// How far it is.
    phase: Phase,
    /// Of the rulebook that it pinned, in hexadecimal.
    rulebook_hash: Option<String>,
    /// Whether that publishes marks.
    marks_public: Option<bool>,
    /// When it opened.
    #[schema(value_type = Option<String>)]
    opened_at: Option<Timestamp>,
    /// When it was locked.
    #[schema(value_type = Option<String>)]
    locked_at: Option<Timestamp>,
    /// When the marks were opened.
    #[schema(value_type = Option<String>)]
    unsealed_at: Option<Timestamp>,
    /// When the result was declared.
    #[schema(value_type = Option<String>)]
    declared_at: Option<Timestamp>,
    /// Whether winners are announced.
    announced: bool,
    /// Absent for those who don't see it. Pitches that the reader has a
    /// conflict with are left out of every number.
    progress: Option<Progress>,
}

/// How many scorecards are in.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct Progress {
    /// Who proposed to open the marks.
    unsealing_proposed_by: Option<MemberId>,
    /// Facts of other services that came after the lock.
    late_facts: u32,
    /// Waited for or answered.
    expected: u32,
    /// Handed in with marks.
    sealed: u32,
    /// Answered without marks.
    abstained: u32,
    /// Not counted, whatever is in them.
    set_aside: u32,
    /// Not handed in.
    missing: u32,
    /// Each judge's.
    judges: Vec<JudgeProgress>,
}

/// How many of a judge's scorecards are in.
#[derive(Clone, Copy, Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct JudgeProgress {
    /// The judge's seat.
    judge: JudgeId,
    /// The judge.
    member: MemberId,
    /// Waited for or answered.
    expected: u32,
    /// Handed in with marks.
    sealed: u32,
    /// Answered without marks.
    abstained: u32,
}

/// A round, and how many scorecards are in.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}", tag = "rounds",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    responses((status = 200, body = RoundShown), (status = "4XX", body = Problem)),
)]
async fn show(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    caller: Caller,
) -> Result<Shown<RoundShown>, Problem> {
    let viewer = Viewer::of(&service, programme, &slug, Some(caller.member)).await?;
    let row = service.rows::<Rounds>().get(&viewer.round_id.to_string()).await?;
    let (progress, whole) = if viewer.part().sees_progress() {
        let (progress, whole) = progress(&service, programme, &viewer, row.as_ref()).await?;
        (Some(progress), whole)
    } else {
        (None, false)
    };
    let announced = viewer.stage == Stage::Announced;
    // A version is content too: it counts what came late, to whichever pitch.
    let version = row.as_ref().map(|row| row.version).filter(|_| whole);
    Ok(Shown { body: shown(viewer.round_id, slug, row, announced, progress), version })
}

fn shown(
    id: RoundId,
    round: String,
    row: Option<RoundRow>,
    announced: bool,
    progress: Option<Progress>,
) -> RoundShown {
    let at = |when: fn(&RoundRow) -> Option<Timestamp>| row.as_ref().and_then(when);
    RoundShown {
        id,
        round,
        phase: row.as_ref().map(|row| row.phase).unwrap_or_default(),
        opened_at: at(|row| row.opened_at),
        locked_at: at(|row| row.locked_at),
        unsealed_at: at(|row| row.unsealed_at),
        declared_at: at(|row| row.declared_at),
        marks_public: row.as_ref().and_then(|row| row.marks_public),
        rulebook_hash: row.and_then(|row| row.rulebook_hash),
        announced,
        progress,
    }
}

/// How many are in, and whether that is all of them: a wall hides none.
async fn progress(
    service: &Service,
    programme: ProgrammeId,
    viewer: &Viewer,
    row: Option<&RoundRow>,
) -> Result<(Progress, bool), Problem> {
    let part = Some(("round", viewer.round_id.0));
    let filter = Filter { programme: Some(programme.0), owner: None, part };
    let mut rows = service.rows::<Scorecards>().all(filter).await?;
    let all = rows.len();
    rows.retain(|row| viewer.part_in(row.pitch).sees_progress());
    let mut progress = count(&rows);
    progress.unsealing_proposed_by = row.and_then(|row| row.unsealing_proposed_by);
    progress.late_facts = late_facts(row, &rows);
    let seats: Vec<_> = progress.judges.iter().map(|of| of.judge.stream()).collect();
    let judges = service.store().load_many::<JudgeFacts>(&seats).await?;
    for (of, seat) in progress.judges.iter_mut().zip(&seats) {
        of.member = judges.get(seat).map(|judge| judge.state.member()).unwrap_or_default();
    }
    Ok((progress, rows.len() == all))
}

/// Those about the scorecards that the reader may know of.
fn late_facts(row: Option<&RoundRow>, seen: &[ScorecardRow]) -> u32 {
    let seen: HashSet<ScorecardId> = seen.iter().map(|row| row.scorecard).collect();
    let late = row.map(|row| row.late_facts.as_slice()).unwrap_or_default();
    late.iter().filter(|scorecard| seen.contains(scorecard)).count() as u32
}

fn count(rows: &[ScorecardRow]) -> Progress {
    let mut all = Progress::default();
    let mut judges: BTreeMap<JudgeId, JudgeProgress> = BTreeMap::new();
    for row in rows {
        let of = judges.entry(row.judge).or_default();
        of.judge = row.judge;
        match row.status {
            Standing::Expected => all.missing += 1,
            Standing::Sealed => (all.sealed, of.sealed) = (all.sealed + 1, of.sealed + 1),
            Standing::Abstained => (all.abstained, of.abstained) = (all.abstained + 1, of.abstained + 1),
            Standing::SetAside => all.set_aside += 1,
            Standing::Released | Standing::Unknown => {}
        }
        let expected = matches!(row.status, Standing::Expected | Standing::Sealed | Standing::Abstained);
        of.expected += u32::from(expected);
        all.expected += u32::from(expected);
    }
    Progress { judges: judges.into_values().collect(), ..all }
}

/// Lets judges hand in, by the rulebook as it is now. It waits until all that
/// panels and submissions have said so far has come in.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/opening", tag = "rounds",
    params(("programme" = Uuid, Path), ("round" = String, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)),
)]
async fn open(
    State(service): State<Service>,
    Path((_programme, slug)): Path<(ProgrammeId, String)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    service.current_with("submissions").await?;
    service.current_with("panels").await?;
    Ok(service.run(&command.ask, &OpenRound { slug }).await?.into())
}

/// Ends the handing in.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/lock", tag = "rounds",
    params(("programme" = Uuid, Path), ("round" = String, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)),
)]
async fn lock(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    let round = RoundId::of(programme, &slug);
    Ok(service.run(&command.ask, &LockRound { round }).await?.into())
}

/// The first of two opens the marks.
/// Needs the second key.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/unsealing", tag = "rounds",
    params(("programme" = Uuid, Path), ("round" = String, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)),
)]
async fn propose_unsealing(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    command.caller.second_key()?;
    let round = RoundId::of(programme, &slug);
    Ok(service.run(&command.ask, &ProposeUnsealing { round }).await?.into())
}

/// The second opens the marks. The result follows by itself.
/// Needs the second key.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/unsealing/confirmation", tag = "rounds",
    params(("programme" = Uuid, Path), ("round" = String, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)),
)]
async fn confirm_unsealing(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    command.caller.second_key()?;
    let round = RoundId::of(programme, &slug);
    Ok(service.run(&command.ask, &ConfirmUnsealing { round }).await?.into())
}
