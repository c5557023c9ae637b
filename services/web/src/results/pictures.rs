//! Results in pictures: how the judges marked, and what would be without each.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use super::charts::{Column, JudgeMarks, by_judge, rank_flow};
use super::names::maybe;
use super::overview::{Overview, RoundResult};
use super::shapes::{Derivation, Otherwise, Robustness, WithoutJudge};
use crate::components::InsetText;
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::together::together;
use crate::visitor::Visitor;

/// So many pitches are in the picture of ranks.
const MOST: usize = 12;

/// `/results/<round>/pictures`.
pub async fn pictures(
    visitor: Visitor,
    Path((id, round)): Path<(Uuid, String)>,
) -> Result<Response, Failure> {
    let at = format!("scoring/programmes/{id}/rounds/{round}/result/robustness?limit={MOST}");
    let (overview, robust) = together!(Overview::of_round(&visitor.api, id, &round), async {
        maybe(visitor.api.get::<Robustness>(&at).await)
    },)?;
    let result = overview.rounds.first().filter(|result| !result.places.is_empty());
    let result = result.ok_or_else(|| Failure::not_found("result"))?;
    let body = html! {
        @match &result.derivation {
            Some(derivation) => {
                h2.govuk-heading-m { "How each judge marked" }
                p.govuk-body { "Every mark of every pitch. Some judges are harsher than others; that is normal, and it is why several mark each pitch." }
                (by_judge(&marks(&overview, result, derivation), &derivation.rules.scale))
            },
            None => (InsetText::new("The rules of this prize keep single marks between each entrant, the judges and the auditors, so there is nothing to draw.")),
        }
        @if let Some(robust) = &robust { (robustness(&overview, robust)) }
    };
    let name = overview.wording.says(&result.round.id);
    let page = Page::new(format!("“{name}” in pictures")).of(&overview.programme, Tab::Results);
    let page = page.style("results.css").style("charts.css").wide();
    Ok(page.back(format!("/programmes/{id}/results"), "Results").show(&visitor, body))
}

fn marks(overview: &Overview, result: &RoundResult, derivation: &Derivation) -> Vec<JudgeMarks> {
    let judges = result.judges();
    let mut given: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for mark in
        derivation.pitches.iter().flat_map(|pitch| &pitch.criteria).flat_map(|criterion| &criterion.marks)
    {
        given.entry(mark.judge).or_default().push(mark.mark.clone());
    }
    let each = given
        .into_iter()
        .map(|(judge, marks)| JudgeMarks { name: result.judge(&judges, judge, &overview.names), marks });
    each.collect()
}

fn robustness(overview: &Overview, robust: &Robustness) -> Markup {
    let teams: Vec<String> = robust.pitches.iter().map(|place| overview.team(place.pitch)).collect();
    let declared = Column {
        label: "As declared".to_owned(),
        ranks: robust.pitches.iter().map(|place| place.rank).collect(),
    };
    let without = robust.judges.iter().map(|judge| Column {
        label: format!("Without {}", called(overview, judge)),
        ranks: judge.without.ranks.clone(),
    });
    let columns: Vec<Column> = std::iter::once(declared).chain(without).collect();
    html! {
        h2.govuk-heading-m { "Would it be the same without one of the judges?" }
        p.govuk-body-l { (said(overview, robust)) }
        (rank_flow(&teams, &columns))
        @if let Some(said) = robust.normalised.as_ref().and_then(|value| normalised(overview, value)) { p.govuk-body { (said) } }
    }
}

fn called(overview: &Overview, judge: &WithoutJudge) -> String {
    let name = judge.member.and_then(|member| overview.names.known(member));
    name.map_or_else(|| format!("judge {}", judge.number), str::to_owned)
}

/// One sentence on whether the winner hangs on one judge.
fn said(overview: &Overview, robust: &Robustness) -> String {
    let changes = robust.judges.iter().filter(|judge| judge.without.winner_changes);
    let on: Vec<String> = changes.map(|judge| called(overview, judge)).collect();
    match on.as_slice() {
        [] if robust.winner_depends => "The winner hangs on one of the judges.".to_owned(),
        [] => "The winner would be the same without any one judge.".to_owned(),
        [one] => format!(
            "Without {one}, somebody else would have won. Without any other judge, the winner would be the same."
        ),
        [rest @ .., last] => {
            format!(
                "Somebody else would have won without {} or without {last}: it was close.",
                rest.join(", ")
            )
        }
    }
}

/// What would be if every judge’s marks were brought to the same scale first.
fn normalised(overview: &Overview, value: &Value) -> Option<String> {
    if let Some(why) = value.get("impossible").and_then(Value::as_str) {
        let why = match why {
            "too_few_marks" => "there are too few marks for that",
            _ => "the judges have too few pitches in common for that",
        };
        return Some(format!("Whether harsh and lenient judges cancel out can't be said here: {why}."));
    }
    let ranking: Otherwise = serde_json::from_value(value.get("ranking")?.clone()).ok()?;
    let winners: Vec<String> = ranking.winners.iter().map(|pitch| overview.team(*pitch)).collect();
    Some(match ranking.winner_changes {
        false => "If every judge's marks were first brought to the same scale, the winner would be the same."
            .to_owned(),
        true => format!(
            "If every judge's marks were first brought to the same scale, {} would have won. The rules count marks as they are.",
            winners.join(" and ")
        ),
    })
}
