use std::collections::BTreeMap;

use axum::extract::State;
use plaudit_chassis::facts::PitchFacts;
use plaudit_chassis::http::{Accepted, Anyone, Caller, Command, Listed, Path, Query, limit};
use plaudit_chassis::id::{PitchId, ProgrammeId, RoundId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::{FieldError, Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Paging;
use super::shown::{ScorecardShown, Sight, show};
use super::viewer::Viewer;
use crate::access::{Part, Stage};
use crate::draft::Drafts;
use crate::read_model::{ScorecardRow, Scorecards};
use crate::scorecard::{Abstain, AbstentionReason, MOST_IN_A_COMMENT, Place, SealScorecard, Sheet};

pub(super) fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(of_pitch))
        .routes(routes!(seal))
        .routes(routes!(abstain))
}

/// A judge's own scorecards, with what is in them; for organisers and
/// approvers all, without.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/scorecards", tag = "scorecards",
    params(("programme" = Uuid, Path), ("round" = String, Path), Paging),
    responses((status = 200, body = Listed<ScorecardShown>), (status = "4XX", body = Problem)),
)]
async fn list(
    State(service): State<Service>,
    Path((programme, slug)): Path<(ProgrammeId, String)>,
    Query(paging): Query<Paging>,
    caller: Caller,
) -> Result<Listed<ScorecardShown>, Problem> {
    let viewer = Viewer::of(&service, programme, &slug, Some(caller.member)).await?;
    let programme = Some(programme.0);
    let filter = if viewer.part().sees_progress() {
        Filter { programme, owner: None, part: Some(("round", viewer.round_id.0)) }
    } else if viewer.part().judge {
        Filter { programme, owner: Some(viewer.seat().0), part: None }
    } else {
        return Err(Problem::forbidden(
            "Only organisers, approvers, and the judges of this round who have declared their interests see its scorecards.",
        ));
    };
    let rows = service.rows::<Scorecards>();
    let page = rows.page(filter, paging.after.as_deref(), limit(paging.limit)).await?;
    let seen = page.items.iter().filter_map(|row| {
        let part = viewer.part_in(row.pitch);
        let own = viewer.owns(row.judge) && part.sees_own_scorecard();
        (own || part.sees_progress()).then_some((row.scorecard, Sight { own, ..Sight::default() }))
    });
    Ok(Listed { items: show(&service, seen.collect()).await?, next: page.next })
}

/// The scorecards of one pitch.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ScorecardsOfPitch {
    /// Which.
    pitch: PitchId,
    /// Those that the reader may see, with what they may see of them.
    scorecards: Vec<ScorecardShown>,
}

/// A judge's own scorecard of a pitch; for others what the rulebook shows, once
/// the marks are open.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/scorecards/{pitch}", tag = "scorecards",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("pitch" = Uuid, Path)),
    responses((status = 200, body = ScorecardsOfPitch), (status = "4XX", body = Problem)),
)]
async fn of_pitch(
    State(service): State<Service>,
    Path((programme, slug, pitch)): Path<(ProgrammeId, String, PitchId)>,
    anyone: Anyone,
) -> Result<axum::Json<ScorecardsOfPitch>, Problem> {
    let viewer = Viewer::of(&service, programme, &slug, anyone.member()).await?;
    let facts = service.store().reload::<PitchFacts>(&pitch.stream()).await?.state;
    let team = anyone.member().is_some_and(|member| facts.is_by(member));
    let part = Part { team, ..viewer.part_in(pitch) };
    let filter = Filter { programme: Some(programme.0), owner: None, part: Some(("pitch", pitch.0)) };
    let rows = service.rows::<Scorecards>().all(filter).await?;
    let seen = rows.iter().filter(|row| row.round == viewer.round_id);
    let seen = seen.filter_map(|row| Some((row.scorecard, sight(&viewer, part, row)?)));
    let scorecards = show(&service, seen.collect()).await?;
    if scorecards.is_empty() {
        return Err(Problem::not_found("scorecard"));
    }
    Ok(axum::Json(ScorecardsOfPitch { pitch, scorecards }))
}

/// What a reader sees of a scorecard, if they may know of it.
pub(super) fn sight(viewer: &Viewer, part: Part, row: &ScorecardRow) -> Option<Sight> {
    let sight = Sight {
        own: viewer.owns(row.judge) && part.sees_own_scorecard(),
        marks: part.sees_marks(viewer.stage, viewer.marks_public()),
        comment_to_panel: part.sees_comment_to_panel(viewer.stage),
        comment_to_entrant: part.sees_comment_to_entrant(viewer.stage),
        returned: part.returns_comments() && viewer.stage > Stage::Sealed,
    };
    (sight.own || sight.marks || sight.comment_to_panel || part.sees_progress()).then_some(sight)
}

/// A judge's marks of a pitch.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Seal {
    /// A mark for each criterion, as a decimal: `{"impact": "9.25"}`.
    marks: BTreeMap<String, String>,
    /// Words for the panel.
    #[serde(default)]
    comment_to_panel: Option<String>,
    /// Words for the entrant, released to them with the announcement.
    #[serde(default)]
    comment_to_entrant: Option<String>,
}

/// Hands a scorecard in, or in again, until the round is locked.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/scorecards/{pitch}/seal", tag = "scorecards",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("pitch" = Uuid, Path)), request_body = Seal,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)),
)]
async fn seal(
    State(service): State<Service>,
    Path((programme, slug, pitch)): Path<(ProgrammeId, String, PitchId)>,
    command: Command<Seal>,
) -> Result<Accepted, Problem> {
    let Seal { marks, comment_to_panel, comment_to_entrant } = command.body;
    let sheet = read(&marks)?;
    let to_panel = words("comment_to_panel", comment_to_panel)?;
    let to_entrant = words("comment_to_entrant", comment_to_entrant)?;
    let member = command.caller.member;
    let place = Place::own(RoundId::of(programme, &slug), member, pitch);
    let seal = SealScorecard::new(place, member, sheet, to_panel, to_entrant);
    let done = service.run(&command.ask, &seal).await?;
    Drafts::of(service.store(), programme).discard_before(place.scorecard(), done.version).await?;
    Ok(done.into())
}

/// Why a judge gives a pitch no marks.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Abstention {
    /// From the list.
    reason: AbstentionReason,
    /// More words, which stay sealed.
    #[serde(default)]
    words: Option<String>,
}

/// Gives a pitch no marks, which is never a zero.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/scorecards/{pitch}/abstention", tag = "scorecards",
    params(("programme" = Uuid, Path), ("round" = String, Path), ("pitch" = Uuid, Path)), request_body = Abstention,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)),
)]
async fn abstain(
    State(service): State<Service>,
    Path((programme, slug, pitch)): Path<(ProgrammeId, String, PitchId)>,
    command: Command<Abstention>,
) -> Result<Accepted, Problem> {
    let more = words("words", command.body.words)?;
    let member = command.caller.member;
    let place = Place::own(RoundId::of(programme, &slug), member, pitch);
    let abstain = Abstain::new(place, member, command.body.reason, more);
    let done = service.run(&command.ask, &abstain).await?;
    Drafts::of(service.store(), programme).discard_before(place.scorecard(), done.version).await?;
    Ok(done.into())
}

/// Marks as exact decimals; every one that is none is named.
fn read(marks: &BTreeMap<String, String>) -> Result<Sheet, Problem> {
    let mut sheet = Sheet::default();
    let mut errors = Vec::new();
    for (criterion, mark) in marks {
        match mark.parse() {
            Ok(mark) => drop(sheet.0.insert(criterion.clone(), mark)),
            Err(error) => errors.push(FieldError {
                field: format!("marks.{criterion}"),
                detail: plaudit_tally::ParseDecimalError::to_string(&error),
            }),
        }
    }
    match errors.first() {
        None => Ok(sheet),
        Some(first) => Err(Problem::field(first.field.clone(), first.detail.clone()).with(errors)),
    }
}

/// Blank words are absent.
pub(super) fn words(field: &str, words: Option<String>) -> Result<Option<String>, Problem> {
    let words = words.filter(|words| !words.trim().is_empty());
    if words.as_ref().is_some_and(|words| words.chars().count() > MOST_IN_A_COMMENT) {
        return Err(Problem::field(field, format!("Write at most {MOST_IN_A_COMMENT} characters.")));
    }
    Ok(words)
}
