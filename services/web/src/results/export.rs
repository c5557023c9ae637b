//! The ranking as a file.

use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use super::csv;
use super::overview::{Overview, RoundResult};
use super::shapes::Place;
use crate::failure::Failure;
use crate::together::together;
use crate::visitor::Visitor;

/// `/results/<round>.csv`: what the reader may see of each place, and of each
/// judge's marks.
pub async fn as_csv(visitor: &Visitor, programme: Uuid, round: &str) -> Result<Response, Failure> {
    let overview = Overview::of_round(&visitor.api, programme, round).await?;
    let result = declared(&overview)?;
    let judges = result.judges();
    let mut head: Vec<String> =
        ["rank", "shared by", "team", "title", "total", "score sheets", "running order", "pitch"]
            .map(str::to_owned)
            .into();
    for criterion in criteria(result) {
        let marks = (1..=judges.len()).map(|number| format!("{criterion}: judge {number}"));
        head.extend(marks.chain([format!("{criterion}: weighted")]));
    }
    let rows = result.places.iter().map(|place| row(&overview, result, &judges, place));
    let bytes = csv::rows(std::iter::once(head).chain(rows))?;
    Ok(csv::file(&format!("{} {round}.csv", overview.programme.name()), csv::CSV, bytes))
}

fn declared(overview: &Overview) -> Result<&RoundResult, Failure> {
    let result = overview.rounds.first().filter(|result| !result.places.is_empty());
    result.ok_or_else(|| Failure::not_found("result"))
}

/// The criteria whose marks may be seen.
fn criteria(result: &RoundResult) -> impl Iterator<Item = &str> {
    let criteria = result.round.tally.criteria.iter().map(|criterion| criterion.id.as_str());
    criteria.filter(|_| result.derivation.is_some())
}

fn row(overview: &Overview, result: &RoundResult, judges: &[Uuid], place: &Place) -> Vec<String> {
    let called = overview.names.called(place.pitch).cloned().unwrap_or_default();
    let mut row = vec![
        place.rank.map(|rank| rank.to_string()).unwrap_or_default(),
        place.shared_by.to_string(),
        called.team_name.unwrap_or_default(),
        called.title.unwrap_or_default(),
        place.total.clone().unwrap_or_default(),
        place.scorecards.to_string(),
        place.order.to_string(),
        place.pitch.to_string(),
    ];
    let mut pitches = result.derivation.iter().flat_map(|derivation| &derivation.pitches);
    let derived = pitches.find(|known| known.pitch == place.pitch);
    for id in criteria(result) {
        let criterion =
            derived.and_then(|derived| derived.criteria.iter().find(|known| known.criterion == id));
        let mark = |judge: &Uuid| {
            let mark =
                criterion.and_then(|criterion| criterion.marks.iter().find(|mark| mark.judge == *judge));
            mark.map(|mark| mark.mark.clone()).unwrap_or_default()
        };
        row.extend(judges.iter().map(mark));
        let steps = criterion.and_then(|criterion| criterion.steps.as_ref());
        row.push(steps.map(|steps| steps.weighted_rounded.clone()).unwrap_or_default());
    }
    row
}

/// `/results/<round>.json`: the API's own words, with names where the reader
/// may know them.
pub async fn as_json(visitor: &Visitor, programme: Uuid, round: &str) -> Result<Response, Failure> {
    let at = format!("scoring/programmes/{programme}/rounds/{round}/result/derivation");
    let (overview, derivation) = together!(Overview::of_round(&visitor.api, programme, round), async {
        super::names::maybe(visitor.api.get::<serde_json::Value>(&at).await)
    },)?;
    let result = declared(&overview)?;
    let places = result.places.iter().map(|place| {
        let called = overview.names.called(place.pitch);
        json!({
            "pitch": place.pitch, "rank": place.rank, "shared_by": place.shared_by, "total": place.total,
            "scorecards": place.scorecards, "order": place.order,
            "title": called.and_then(|called| called.title.as_deref()),
            "team_name": called.and_then(|called| called.team_name.as_deref()),
        })
    });
    let whole = json!({
        "programme": programme, "title": overview.programme.title, "round": round,
        "declared_at": result.state.as_ref().and_then(|state| state.declared_at),
        "ranking": places.collect::<Vec<_>>(), "derivation": derivation,
    });
    let bytes = serde_json::to_vec_pretty(&whole).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(csv::file(&format!("{} {round}.json", overview.programme.name()), csv::JSON, bytes))
}
