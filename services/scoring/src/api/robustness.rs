//! What a result hangs on.

use std::collections::HashMap;

use axum::extract::State;
use plaudit_chassis::facts::JudgeFacts;
use plaudit_chassis::http::{Anyone, Path, Query, limit};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, StreamId};
use plaudit_chassis::{Problem, Service};
use plaudit_tally::{NotNormalised, Placing, Robustness};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::results::{known, whole};
use crate::result::robustness_of;

pub(super) fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(show))
}

/// How much of it.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Best {
    /// Ranks and totals of how many pitches, the best by the declared ranking:
    /// 1 to 1000, 100 unless said. What is said of winners is of all.
    limit: Option<u32>,
}

/// What a result hangs on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RobustnessShown {
    /// What the rulebook calls the round.
    round: String,
    /// The best by the declared ranking, in its order. All `ranks` and
    /// `totals` below run parallel to this.
    pitches: Vec<PitchPlaced>,
    /// How many more there are.
    more: u32,
    /// All that have rank 1.
    winners: Vec<PitchId>,
    /// Whether others would have won without some one judge.
    winner_depends: bool,
    /// Each judge whose marks count, by the bytes of their seats' ids.
    judges: Vec<JudgeLeftOut>,
    /// With every judge's marks put on one scale.
    normalised: Normalised,
}

/// Where a pitch stands by the declared result.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PitchPlaced {
    /// Which.
    pitch: PitchId,
    /// Absent: too few marks.
    rank: Option<u32>,
    /// As the derivation prints it.
    total: Option<String>,
}

/// A judge, and the ranking without them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct JudgeLeftOut {
    /// From 1, in this order.
    number: u32,
    /// Their seat, as the derivation names it.
    judge: JudgeId,
    /// Who they are; only for organisers and approvers.
    member: Option<MemberId>,
    /// How many of their scorecards count.
    scorecards: u32,
    /// What would follow without them.
    without: OtherRanking,
}

/// A ranking that is not the declared one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OtherRanking {
    /// All that have rank 1 in it.
    winners: Vec<PitchId>,
    /// Whether those are not the winners that were declared.
    winner_changes: bool,
    /// How many pitches, of all, have another rank in it, or none.
    moved: u32,
    /// Absent: too few marks.
    ranks: Vec<Option<u32>>,
    /// What they are ranked by.
    totals: Vec<Option<String>>,
}

/// The ranking with every judge's marks put on one scale, or why there is none.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Normalised {
    /// By each judge's own totals as distances from their mean, in their
    /// standard deviations.
    Ranking(OtherRanking),
    /// It would say nothing.
    Impossible(Impossible),
}

/// Why putting the judges on one scale would say nothing.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Impossible {
    /// A judge marked fewer than three pitches.
    TooFewMarks,
    /// Some judges have no pitch in common with the others.
    NotConnected,
}

/// Whether the result would be another without any one judge, or with every
/// judge's marks put on one scale. For those who may see the derivation.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/result/robustness", tag = "results",
    params(("programme" = Uuid, Path), ("round" = String, Path), Best),
    responses((status = 200, body = RobustnessShown), (status = "4XX", body = Problem)),
)]
async fn show(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    Query(best): Query<Best>,
    anyone: Anyone,
) -> Result<axum::Json<RobustnessShown>, Problem> {
    let viewer = known(&service, programme, &slug, &anyone).await?;
    if !whole(&service, programme, &viewer).await?.sees_derivation(viewer.stage, viewer.marks_public()) {
        return Err(Problem::forbidden(
            "This follows from every mark: the rulebook doesn't show them to you, or you have a conflict with a pitch in it.",
        ));
    }
    let pinned = viewer.round.pinned()?;
    let (pitches, robust) = robustness_of(service.store(), programme, viewer.round_id, pinned).await?;
    let members = match viewer.part().sees_progress() {
        true => members(&service, &robust).await?,
        false => HashMap::new(),
    };
    let shown = Showing::new(&pitches, &robust.declared, limit(best.limit) as usize);
    Ok(axum::Json(shown.all(slug, &robust, &members)?))
}

/// Who sits where.
async fn members(service: &Service, robust: &Robustness) -> Result<HashMap<StreamId, MemberId>, Problem> {
    let seats: Result<Vec<JudgeId>, _> = robust.judges.iter().map(|of| of.judge.parse()).collect();
    let streams: Vec<StreamId> =
        seats.map_err(Problem::internal)?.into_iter().map(|seat| seat.stream()).collect();
    let judges = service.store().load_many::<JudgeFacts>(&streams).await?;
    Ok(judges.into_iter().map(|(stream, judge)| (stream, judge.state.member())).collect())
}

/// The pitches of a round, and those of them whose ranks are shown.
struct Showing<'a> {
    pitches: &'a [PitchId],
    declared: &'a Placing,
    /// Places in the running order, best first.
    best: Vec<usize>,
}

impl<'a> Showing<'a> {
    fn new(pitches: &'a [PitchId], declared: &'a Placing, limit: usize) -> Self {
        let mut best: Vec<usize> = (0..pitches.len()).collect();
        best.sort_by_key(|index| declared.0[*index].as_ref().map_or(u32::MAX, |placed| placed.rank));
        best.truncate(limit);
        Self { pitches, declared, best }
    }

    fn all(
        &self,
        round: String,
        robust: &Robustness,
        members: &HashMap<StreamId, MemberId>,
    ) -> Result<RobustnessShown, Problem> {
        let judges = (1..).zip(&robust.judges).map(|(number, of)| {
            let judge: JudgeId = of.judge.parse().map_err(Problem::internal)?;
            let member = members.get(&judge.stream()).copied();
            let without = self.other(&of.placing);
            Ok(JudgeLeftOut { number, judge, member, scorecards: of.scorecards as u32, without })
        });
        let judges: Vec<JudgeLeftOut> = judges.collect::<Result<_, Problem>>()?;
        Ok(RobustnessShown {
            round,
            pitches: self.best.iter().map(|&index| self.placed(index)).collect(),
            more: (self.pitches.len() - self.best.len()) as u32,
            winners: self.winners(self.declared),
            winner_depends: judges.iter().any(|judge| judge.without.winner_changes),
            judges,
            normalised: match &robust.normalised {
                Ok(placing) => Normalised::Ranking(self.other(placing)),
                Err(NotNormalised::NotConnected) => Normalised::Impossible(Impossible::NotConnected),
                Err(_) => Normalised::Impossible(Impossible::TooFewMarks),
            },
        })
    }

    fn placed(&self, index: usize) -> PitchPlaced {
        let (rank, total) = shown(self.declared, index);
        PitchPlaced { pitch: self.pitches[index], rank, total }
    }

    fn other(&self, placing: &Placing) -> OtherRanking {
        let (ranks, totals) = self.best.iter().map(|&index| shown(placing, index)).unzip();
        let winners = self.winners(placing);
        let winner_changes = winners != self.winners(self.declared);
        OtherRanking { winners, winner_changes, moved: placing.moved(self.declared) as u32, ranks, totals }
    }

    fn winners(&self, placing: &Placing) -> Vec<PitchId> {
        placing.winners().into_iter().map(|index| self.pitches[index]).collect()
    }
}

fn shown(placing: &Placing, index: usize) -> (Option<u32>, Option<String>) {
    let placed = placing.0[index].as_ref();
    (placed.map(|placed| placed.rank), placed.map(|placed| placed.total.to_string()))
}
