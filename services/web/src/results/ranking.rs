//! A round's ranking: the table, what has no rank and why, and how ties ended.

use maud::{Markup, html};
use uuid::Uuid;

use super::overview::{Overview, RoundResult};
use super::shapes::{Place, Standing, TieBreak, Unranked};
use super::steps::number;
use crate::api::Rung;
use crate::components::{Cell, InsetText, Pagination, Table};
use crate::words::{Wording, count};

/// How many places a page shows.
pub const A_PAGE: usize = 50;

/// A round's result, from a place on.
pub fn ranking(overview: &Overview, result: &RoundResult, from: usize) -> Markup {
    let base = format!("/programmes/{}/results/{}", overview.programme.id, result.round.id);
    let shown: Vec<&Place> = result.places.iter().skip(from).take(A_PAGE).collect();
    html! {
        (table(overview, result, &base, &shown))
        (pages(&base, result.places.len(), from))
        (unranked(overview, result, &shown))
        @if from == 0 { (ties(overview, result)) }
        @if result.state.as_ref().is_some_and(|state| state.marks_public == Some(false)) {
            (InsetText::new("The rules of this prize keep single marks between each entrant, the judges and the auditors. Totals and ranks are for everybody."))
        }
        ul.plaudit-links {
            @if result.derivation.is_some() { li { a.govuk-link href={ (base) "/pictures" } { "See it in pictures" } } }
            li { a.govuk-link href={ (base) ".csv" } { "Download the ranking (CSV)" } }
            li { a.govuk-link href={ (base) ".json" } { "Download it (JSON)" } }
        }
    }
}

fn table(overview: &Overview, result: &RoundResult, base: &str, shown: &[&Place]) -> Markup {
    let mut table = Table::new().caption(html! { span.govuk-visually-hidden { "The ranking" } }).head([
        Cell::new("Rank"),
        Cell::new("Pitch"),
        Cell::numeric("Total"),
        Cell::numeric("Score sheets"),
    ]);
    for place in shown {
        table = table.row([
            Cell::new(rank(place)),
            Cell::new(html! {
                @if result.derivation.is_some() {
                    a.govuk-link href={ (base) "/" (place.pitch) } { (overview.team(place.pitch)) }
                } @else { (overview.team(place.pitch)) }
                @if let Some(title) = overview.title(place.pitch) { div.plaudit-quiet { (title) } }
            }),
            Cell::numeric(place.total.as_deref().map_or_else(|| "–".to_owned(), number)),
            Cell::numeric(place.scorecards.to_string()),
        ]);
    }
    html! {
        div.plaudit-scroll tabindex="0" role="region" aria-label="The ranking" { (table) }
    }
}

/// “1”, or “2, shared by 3”.
fn rank(place: &Place) -> String {
    match place.rank {
        Some(rank) if place.shared_by > 1 => format!("{rank}, shared by {}", place.shared_by),
        Some(rank) => rank.to_string(),
        None => "No rank".to_owned(),
    }
}

fn pages(base: &str, all: usize, from: usize) -> Markup {
    let (before, after) = (from.saturating_sub(A_PAGE), from + A_PAGE);
    if all <= A_PAGE {
        return html! {};
    }
    let mut pages = Pagination::new().landmark("Pages of the ranking");
    if from > 0 {
        pages = pages.previous(format!("{base}?after={before}"));
    }
    if after < all {
        pages = pages.next(format!("{base}?after={after}"));
    }
    html! {
        p.govuk-body { "Places " (from + 1) " to " (after.min(all)) " of " (all) "." }
        (pages)
    }
}

/// Those without a rank, each with its reason where that may be seen.
fn unranked(overview: &Overview, result: &RoundResult, shown: &[&Place]) -> Markup {
    let without: Vec<Uuid> =
        shown.iter().filter(|place| place.rank.is_none()).map(|place| place.pitch).collect();
    html! {
        @if !without.is_empty() {
            h3.govuk-heading-s { "Without a rank" }
            ul.govuk-list.govuk-list--bullet {
                @for pitch in without { li { (overview.team(pitch)) ": " (why(result, pitch)) } }
            }
        }
    }
}

fn why(result: &RoundResult, pitch: Uuid) -> String {
    let mut pitches = result.derivation.iter().flat_map(|derivation| &derivation.pitches);
    match pitches.find(|known| known.pitch == pitch).map(|known| &known.standing) {
        Some(Standing::Unranked(unranked)) => because(unranked),
        _ => "too few marks count.".to_owned(),
    }
}

/// Why a pitch has no rank.
pub fn because(unranked: &Unranked) -> String {
    match unranked {
        Unranked::NoScorecards => "no judge’s marks count for it.".to_owned(),
        Unranked::TooFewScorecards { have, need } => {
            let have = count(*have as usize, "score sheet counts", "score sheets count");
            format!("{have}, and the rules ask for at least {need}.")
        }
        Unranked::TrimmedAway { have, trim } => {
            let have = count(*have as usize, "mark", "marks");
            format!("the rules leave out {trim} at each end, and of {have} nothing remains.")
        }
    }
}

fn ties(overview: &Overview, result: &RoundResult) -> Markup {
    let Some(derivation) = result.derivation.as_ref().filter(|derivation| !derivation.ties.is_empty()) else {
        return html! {};
    };
    html! {
        h3.govuk-heading-s { "Ties, and how they ended" }
        ul.govuk-list.govuk-list--bullet {
            @for tie in &derivation.ties { li { (tie_break(overview, tie)) } }
        }
    }
}

fn tie_break(overview: &Overview, tie: &TieBreak) -> String {
    let had = tie.compared.iter().map(|one| format!("{} {}", overview.team(one.pitch), number(&one.value)));
    let had = had.collect::<Vec<_>>().join(", ");
    let first = tie.compared.first().map(|one| one.value.as_str());
    let same = tie.compared.iter().all(|one| Some(one.value.as_str()) == first);
    let end = if same { "It told nobody apart." } else { "The higher comes first." };
    format!("For rank {}, tie-break {}: {had}. {end}", tie.rank, rung(&overview.wording, &tie.rung))
}

/// A tie-break's name.
pub fn rung(wording: &Wording, rung: &Rung) -> String {
    match rung {
        Rung::Criterion(id) => format!("“higher on {}”", wording.criterion(id)),
        Rung::MostFirstPlaces => "“more judges’ first places”".to_owned(),
        Rung::HigherMedian => "“higher median of the judges’ own totals”".to_owned(),
    }
}
