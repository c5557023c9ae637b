//! How one pitch came to its total, step by step.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use super::charts::{CriterionBar, by_criterion};
use super::names::maybe;
use super::overview::{Overview, RoundResult};
use super::ranking::{because, rung};
use super::shapes::{Applied, CriterionDerivation, Derivation, PitchDerivation, Sheet, Sheets, Standing};
use super::steps::{self, Step, number};
use crate::api::Scale;
use crate::components::{Cell, InsetText, Table};
use crate::failure::Failure;
use crate::page::{Page, Tab, remark};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::count;

/// `/results/<round>/<pitch>`.
pub async fn derivation(
    visitor: Visitor,
    Path((id, round, pitch)): Path<(Uuid, String, Uuid)>,
) -> Result<Response, Failure> {
    let at = format!("scoring/programmes/{id}/rounds/{round}/scorecards/{pitch}");
    let (overview, sheets) = together!(Overview::of_round(&visitor.api, id, &round), async {
        maybe(visitor.api.get::<Sheets>(&at).await)
    })?;
    let mut sheets = sheets.map_or_else(Vec::new, |sheets| sheets.scorecards);
    sheets.sort_by_key(|sheet| sheet.judge);
    let result = overview.rounds.first().ok_or_else(|| Failure::not_found("round"))?;
    let place = result.places.iter().find(|place| place.pitch == pitch);
    let place = place.ok_or_else(|| Failure::not_found("result"))?;
    let body = match result.derivation.as_ref() {
        Some(derivation) => {
            let found = derivation.pitches.iter().find(|known| known.pitch == pitch);
            let found = found.ok_or_else(|| Failure::not_found("result"))?;
            open(&overview, result, derivation, found)
        }
        None => closed(&overview, result, &sheets),
    };
    let body = html! {
        p.plaudit-figure { (place.total.as_deref().map_or_else(|| "No rank".to_owned(), number)) }
        @if let Some(rank) = place.rank {
            p.govuk-body-l { "Rank " (rank) " of " (count(result.places.len(), "pitch", "pitches")) }
        }
        (body)
        (to_the_panel(&sheets, |seat| result.judge(&result.judges(), seat, &overview.names)))
    };
    let page = Page::new(format!("{}: how the total came about", overview.team(pitch)));
    let page = page.of(&overview.programme, Tab::Results).style("results.css").style("charts.css");
    Ok(page.back(format!("/programmes/{id}/results"), "Results").show(&visitor, body))
}

fn open(
    overview: &Overview,
    result: &RoundResult,
    derivation: &Derivation,
    pitch: &PitchDerivation,
) -> Markup {
    let bars =
        pitch.criteria.iter().filter_map(|criterion| bar(overview, criterion, &derivation.rules.scale));
    let bars: Vec<CriterionBar> = bars.collect();
    html! {
        @if let Standing::Unranked(unranked) = &pitch.standing {
            p.govuk-body { "It has no rank: " (because(unranked)) }
        }
        @if !bars.is_empty() { (by_criterion(&bars)) }
        @for criterion in &pitch.criteria { (of_criterion(overview, result, derivation, criterion)) }
        @let total = steps::of_total(&derivation.rules, pitch);
        @if !total.is_empty() {
            h2.govuk-heading-m { "All together" }
            (told(&total))
        }
        (tie_breaks(overview, pitch))
    }
}

fn bar(overview: &Overview, criterion: &CriterionDerivation, scale: &Scale) -> Option<CriterionBar> {
    let steps = criterion.steps.as_ref()?;
    Some(CriterionBar {
        name: overview.wording.criterion(&criterion.criterion),
        weight: criterion.weight.clone(),
        value: steps.rounded.clone(),
        most: scale.max.clone(),
    })
}

fn of_criterion(
    overview: &Overview,
    result: &RoundResult,
    derivation: &Derivation,
    criterion: &CriterionDerivation,
) -> Markup {
    let judges = result.judges();
    let name = overview.wording.criterion(&criterion.criterion);
    let mut marks: Vec<_> = criterion.marks.iter().collect();
    marks.sort_by_key(|mark| mark.judge);
    let mut table =
        Table::new().caption(html! { span.govuk-visually-hidden { "The marks for “" (name) "”" } });
    table = table.head([Cell::new("Judge"), Cell::numeric("Mark")]).first_cell_is_header();
    for mark in marks {
        table = table.row([
            Cell::new(result.judge(&judges, mark.judge, &overview.names)),
            Cell::numeric(html! {
                (number(&mark.mark))
                @match mark.left_out.as_deref() {
                    Some("lowest") => " (left out: among the lowest)",
                    Some(_) => " (left out: among the highest)",
                    None => "",
                }
            }),
        ]);
    }
    html! {
        section.plaudit-criterion {
            h2.govuk-heading-m { (name) }
            div.plaudit-criterion__parts {
                div { (table) }
                (told(&steps::of_criterion(&derivation.rules, criterion)))
            }
        }
    }
}

fn told(steps: &[Step]) -> Markup {
    html! {
        @if !steps.is_empty() {
            dl.plaudit-steps {
                @for step in steps { div { dt { (step.says) } dd { (step.value) } } }
            }
        }
    }
}

fn tie_breaks(overview: &Overview, pitch: &PitchDerivation) -> Markup {
    let Some(ranked) = pitch.standing.ranked().filter(|ranked| !ranked.rungs.is_empty()) else {
        return html! {};
    };
    html! {
        h2.govuk-heading-m { "The tie, and how it ended" }
        p.govuk-body { "Others came to " (number(&ranked.total)) " as well, so the tie-breaks of the rules decided:" }
        ol.govuk-list.govuk-list--number {
            @for applied in &ranked.rungs {
                li { (rung(&overview.wording, &applied.rung)) ": it had " (number(&applied.value)) "; " (against(applied)) }
            }
        }
    }
}

fn against(applied: &Applied) -> String {
    let others = applied.among.saturating_sub(1) as usize;
    let others = count(others, "other", "others");
    match (applied.higher, applied.equal) {
        (0, 0) => format!("none of the {others} had as much."),
        (higher, 0) => format!("of the {others}, {higher} had more."),
        (0, equal) => format!("of the {others}, {equal} had just as much and none had more."),
        (higher, equal) => format!("of the {others}, {higher} had more and {equal} had just as much."),
    }
}

/// Where single marks are not published: what the reader may still see of them.
fn closed(overview: &Overview, result: &RoundResult, sheets: &[Sheet]) -> Markup {
    let sheets: Vec<_> = sheets.iter().filter_map(|sheet| sheet.marks.as_ref()).collect();
    html! {
        (InsetText::new("The rules of this prize keep single marks between each entrant, the judges and the auditors: for everybody else there are totals and ranks."))
        @if !sheets.is_empty() {
            div.plaudit-scroll tabindex="0" role="region" aria-label="The marks" {
                table.govuk-table {
                    caption.govuk-table__caption { "The marks that you may see" }
                    thead.govuk-table__head {
                        tr.govuk-table__row {
                            th.govuk-table__header scope="col" { "Criterion" }
                            @for at in 1..=sheets.len() { th.govuk-table__header.govuk-table__header--numeric scope="col" { "Judge " (at) } }
                        }
                    }
                    tbody.govuk-table__body {
                        @for criterion in &result.round.tally.criteria {
                            tr.govuk-table__row {
                                th.govuk-table__header scope="row" { (overview.wording.criterion(&criterion.id)) ", weight " (criterion.weight) }
                                @for marks in &sheets {
                                    td.govuk-table__cell.govuk-table__cell--numeric { (marks.get(&criterion.id).map_or("–", String::as_str)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the judges wrote to each other. Scoring gives it to those whom it is
/// for, so that most readers have no such part.
fn to_the_panel(sheets: &[Sheet], name: impl Fn(Uuid) -> String) -> Markup {
    let wrote =
        |sheet: &&Sheet| sheet.comment_to_panel.as_deref().is_some_and(|words| !words.trim().is_empty());
    let sheets: Vec<&Sheet> = sheets.iter().filter(wrote).collect();
    html! {
        @if !sheets.is_empty() {
            h2.govuk-heading-m { "What the judges wrote for the panel" }
            p.govuk-body { "Only the panel and those who run the prize see this." }
            @for sheet in sheets {
                @let by = if sheet.own { "You".to_owned() } else { name(sheet.judge) };
                (remark(&by, sheet.comment_to_panel.as_deref().unwrap_or_default()))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_for_the_panel_are_shown_with_whose_they_are_and_only_where_there_are_some() {
        let sheet = |seat: u128, own: bool, words: Option<&str>| -> Sheet {
            let judge = Uuid::from_u128(seat);
            serde_json::from_value(json!({ "judge": judge, "own": own, "comment_to_panel": words })).unwrap()
        };
        let name = |seat: Uuid| format!("Judge {}", seat.as_u128());
        let page = to_the_panel(
            &[
                sheet(1, true, Some("Mine.")),
                sheet(2, false, Some("Costs <much>.")),
                sheet(3, false, Some(" ")),
            ],
            name,
        );
        assert!(page.0.contains("You</figcaption>") && page.0.contains("Judge 2</figcaption>"), "{}", page.0);
        assert!(page.0.contains("Costs &lt;much&gt;.") && !page.0.contains("Judge 3"), "{}", page.0);
        assert_eq!(to_the_panel(&[sheet(1, false, None)], name).0, "");
    }
}
