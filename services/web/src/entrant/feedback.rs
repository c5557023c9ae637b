//! What the judges said of a pitch, and their marks, as far as the rulebook
//! lets its team see them.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::Deserialize;

use super::pitch::Own;
use crate::api::{Phase, Round};
use crate::components::{Cell, Table};
use crate::failure::Failure;
use crate::visitor::Visitor;
use crate::words::Wording;

#[derive(Deserialize)]
struct Cards {
    scorecards: Vec<Card>,
}

#[derive(Deserialize)]
struct Card {
    status: String,
    marks: Option<BTreeMap<String, String>>,
    comment_to_entrant: Option<String>,
}

/// Of every round; nothing before the announcement.
pub async fn of(visitor: &Visitor, own: &Own) -> Result<Markup, Failure> {
    if own.programme.phase < Some(Phase::Screened) {
        return Ok(html! {});
    }
    let Some(rulebook) = &own.programme.rulebook else { return Ok(html! {}) };
    let wording = Wording::of(&own.programme);
    let asked = rulebook.rounds.iter().map(|round| async move {
        let (programme, pitch) = (own.programme.id, own.pitch.id);
        let path = format!("scoring/programmes/{programme}/rounds/{}/scorecards/{pitch}", round.id);
        visitor.api.find::<Cards>(&path).await
    });
    let found = futures_util::future::try_join_all(asked).await?;
    Ok(html! {
        @for (round, cards) in rulebook.rounds.iter().zip(&found) {
            @if let Some(cards) = cards {
                (said(&cards.scorecards, rulebook.rounds.len() > 1, round, &wording))
            }
        }
    })
}

fn said(cards: &[Card], several: bool, round: &Round, wording: &Wording) -> Markup {
    let counted: Vec<&Card> = cards.iter().filter(|card| card.status == "sealed").collect();
    let comments = counted.iter().filter_map(|card| card.comment_to_entrant.as_deref());
    let comments: Vec<&str> = comments.filter(|comment| !comment.trim().is_empty()).collect();
    let marked = counted.iter().any(|card| card.marks.is_some());
    html! {
        @if marked || !comments.is_empty() {
            h2.govuk-heading-m {
                "What the judges said" @if several { " – " (wording.says(&round.id)) }
            }
        }
        @for comment in &comments { blockquote.entrant-comment.plaudit-answer { (comment) } }
        @if marked { (marks(&counted, round, wording)) }
    }
}

/// Judges are numbers here: who they are is the organisers' to say.
fn marks(cards: &[&Card], round: &Round, wording: &Wording) -> Markup {
    let mut head = vec![Cell::new("Criterion")];
    head.extend((1..=cards.len()).map(|number| Cell::numeric(format!("Judge {number}"))));
    let mut table = Table::new()
        .caption(format!("Marks from {} to {}", round.tally.scale.min, round.tally.scale.max))
        .head(head)
        .first_cell_is_header();
    for criterion in &round.tally.criteria {
        let name = format!("{} (weight {})", wording.criterion(&criterion.id), criterion.weight);
        let mut row = vec![Cell::new(name)];
        row.extend(cards.iter().map(|card| {
            let mark = card.marks.as_ref().and_then(|marks| marks.get(&criterion.id));
            Cell::numeric(mark.map_or("–", String::as_str))
        }));
        table = table.row(row);
    }
    html! { div.plaudit-scroll tabindex="0" role="region" aria-label="The judges’ marks" { (table) } }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn round() -> Round {
        let criteria = json!([{ "id": "plan", "weight": "2.5" }]);
        let tally = json!({ "scale": { "min": "0", "max": "10", "step": "0.5" }, "criteria": criteria, "aggregation": "mean" });
        serde_json::from_value(json!({ "id": "final", "kind": "den", "quorum": 3, "tally": tally })).unwrap()
    }

    #[test]
    fn comments_and_marks_that_count_are_shown_and_nothing_else() {
        let cards: Vec<Card> = serde_json::from_value(json!([
            { "status": "sealed", "marks": { "plan": "7.5" }, "comment_to_entrant": "Do it <soon>." },
            { "status": "set_aside", "marks": { "plan": "1" }, "comment_to_entrant": "Not counted." },
            { "status": "sealed", "marks": null, "comment_to_entrant": " " },
        ]))
        .unwrap();
        let page = said(&cards, false, &round(), &Wording::default()).0;
        assert!(
            page.contains("Do it &lt;soon&gt;.") && page.contains("7.5") && page.contains("Judge 2"),
            "{page}"
        );
        assert!(!page.contains("Not counted") && !page.contains("Judge 3"), "{page}");
        assert_eq!(said(&[], false, &round(), &Wording::default()).0, "");
    }
}
