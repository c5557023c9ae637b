//! The rulebook in plain words: everything that decides the outcome.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use crate::api::{Programme, Round, Rulebook, Rung};
use crate::components::{Details, Row, SummaryList};
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::visitor::Visitor;
use crate::words::{Wording, count, instant, money, prose};

pub async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    let body = match &programme.rulebook {
        Some(_) => in_plain_words(&programme),
        None => {
            html! { p.govuk-body-l { "The rules are still being written. They are published before the call opens." } }
        }
    };
    Ok(Page::new("The rules").of(&programme, Tab::Rules).show(&visitor, body))
}

/// A rulebook as the public reads it; nothing without one.
pub fn in_plain_words(programme: &Programme) -> Markup {
    let Some(rulebook) = &programme.rulebook else { return html! {} };
    let wording = Wording::of(programme);
    html! {
        p.govuk-body-l { "These rules decide the outcome, and nothing else does. They can't change in what decides once the call is open." }
        @if !wording.about.is_empty() { (prose(&wording.about)) }
        h2.govuk-heading-m { "Entering" }
        (SummaryList::new().rows(entering(programme, rulebook, &wording)))
        @for round in &rulebook.rounds {
            h2.govuk-heading-m { "Judging: " (wording.says(&round.id)) }
            (SummaryList::new().rows(judging(round, &wording)))
        }
        h2.govuk-heading-m { "Prizes" }
        (SummaryList::new().rows(prizes(rulebook, &wording)))
        h2.govuk-heading-m { "Afterwards" }
        (SummaryList::new().rows(afterwards(rulebook)))
        @if let Some(hash) = &programme.rulebook_hash {
            (Details::new("Check it yourself", html! {
                p { "The fingerprint of these rules (SHA-256), as every pitch and every mark is bound to it:" }
                p { code.plaudit-answer { (hash) } }
            }))
        }
    }
}

fn entering(programme: &Programme, rulebook: &Rulebook, wording: &Wording) -> Vec<Row> {
    let who = if rulebook.call == "invited" {
        "Those whom the organisers invite"
    } else {
        "Anybody who fits the rules"
    };
    let gate = html! {
        ul.govuk-list.govuk-list--bullet { @for gate in &rulebook.gate { li { (wording.says(&gate.id)) } } }
    };
    let form = html! {
        ol.govuk-list.govuk-list--number {
            @for question in &rulebook.form {
                li {
                    (wording.says(&question.id)) " (up to " (count(question.most_characters as usize, "character", "characters"))
                    @if !question.required { ", may be left out" } ")"
                }
            }
        }
    };
    let deadline = programme.deadline.unwrap_or(rulebook.deadline);
    let until = html! {
        (instant(deadline, &rulebook.time_zone))
        @if rulebook.grace_seconds > 0 {
            ". What has arrived " (count(rulebook.grace_seconds as usize, "second", "seconds")) " later still counts."
        }
    };
    let mut rows = vec![Row::new("Who may enter", who)];
    if !rulebook.gate.is_empty() {
        rows.push(Row::new("To be answered with yes", gate));
    }
    if !rulebook.form.is_empty() {
        rows.push(Row::new("What is asked", form));
    }
    rows.push(Row::new("Deadline", until));
    rows.push(Row::new("Languages", rulebook.languages.join(", ")));
    rows
}

fn judging(round: &Round, wording: &Wording) -> Vec<Row> {
    let tally = &round.tally;
    let kind = match round.kind.as_str() {
        "den" => "Pitches are made live, before the panel",
        "interview" => "The panel speaks with each team",
        _ => "Judges read the pitches",
    };
    let criteria = html! {
        ul.govuk-list.govuk-list--bullet {
            @for criterion in &tally.criteria {
                li {
                    (wording.criterion(&criterion.id)) ", weight " (criterion.weight)
                    @if !wording.explained(&criterion.id).is_empty() { ": " (wording.explained(&criterion.id)) }
                }
            }
        }
    };
    let scale = format!("{} to {} in steps of {}", tally.scale.min, tally.scale.max, tally.scale.step);
    let each = match round.judges_per_pitch {
        0 => "Every judge marks every pitch".to_owned(),
        judges => format!(
            "{} mark each pitch, dealt out by a lot that nobody chooses",
            count(judges as usize, "judge", "judges")
        ),
    };
    let independent = if round.independent_judge_needed {
        ", one of them independent of the promoter and the sponsors"
    } else {
        ""
    };
    let mut rows = vec![
        Row::new("How", kind),
        Row::new("What is marked", criteria),
        Row::new("Marks", scale),
        Row::new("Who marks what", each),
        Row::new(
            "Panel",
            format!("At least {}{independent}", count(round.quorum as usize, "judge", "judges")),
        ),
        Row::new("From marks to a total", together(round)),
        Row::new("If two are equal", ladder(&tally.ties, wording)),
    ];
    if tally.least_marks > 0 {
        rows.push(Row::new(
            "To be ranked",
            format!(
                "A pitch needs at least {}",
                count(tally.least_marks as usize, "score sheet", "score sheets")
            ),
        ));
    }
    if round.anonymous {
        rows.push(Row::new("Names", "Judges do not learn whose a pitch is"));
    }
    rows
}

fn together(round: &Round) -> Markup {
    let tally = &round.tally;
    let way = match tally.aggregation.as_str() {
        "median" => "the mark in the middle of all judges'".to_owned(),
        "trimmed_mean" => format!(
            "the average of the judges' marks without the {} highest and the {} lowest",
            tally.trim, tally.trim
        ),
        _ => "the average of the judges' marks".to_owned(),
    };
    let rounded = |decimals: Option<u32>| {
        decimals.map(|decimals| format!(", rounded to {}", count(decimals as usize, "decimal", "decimals")))
    };
    html! {
        "For each criterion, " (way) (rounded(tally.round_criterion).unwrap_or_default())
        "; times its weight" (rounded(tally.round_weighted).unwrap_or_default())
        "; and all of them added up" (rounded(tally.round_total).unwrap_or_default()) "."
    }
}

fn ladder(ties: &[Rung], wording: &Wording) -> Markup {
    html! {
        @if ties.is_empty() { "They share the rank, and split what it wins." } @else {
            ol.govuk-list.govuk-list--number {
                @for rung in ties {
                    li {
                        @match rung {
                            Rung::Criterion(id) => { "The higher mark for " (wording.criterion(id)) },
                            Rung::MostFirstPlaces => "The one that more judges put first",
                            Rung::HigherMedian => "The higher middle of the judges' totals",
                        }
                    }
                }
                li { "Still equal: they share the rank, and split what it wins" }
            }
        }
    }
}

fn prizes(rulebook: &Rulebook, wording: &Wording) -> Vec<Row> {
    let rows = rulebook.prizes.iter().map(|prize| {
        let what = html! {
            @if let Some(amount) = prize.amount.as_ref().filter(|amount| amount.minor > 0) { (money(amount)) }
            @if prize.support { " and business support" }
            @if !wording.explained(&prize.id).is_empty() { ". " (wording.explained(&prize.id)) }
        };
        Row::new(format!("{} (rank {})", wording.says(&prize.id), prize.rank), what)
    });
    let pot = Row::new("All together", format!("Never more than {}", money(&rulebook.pot)));
    rows.chain([pot]).collect()
}

fn afterwards(rulebook: &Rulebook) -> Vec<Row> {
    let marks = if rulebook.marks == "public" {
        "Everybody, when the winners are announced"
    } else {
        "Each entrant their own; auditors all"
    };
    let none = if rulebook.may_give_no_award {
        "The panel may decide to give no award"
    } else {
        "The prizes will be given"
    };
    let mut rows = vec![Row::new("Who sees the marks", marks), Row::new("No award", none)];
    if let Some(embargo) = rulebook.embargo {
        rows.push(Row::new(
            "Winners are announced",
            html! { "Not before " (instant(embargo, &rulebook.time_zone)) },
        ));
    }
    rows.push(Row::new(
        "Winners answer",
        format!("Within {}", count(rulebook.days_to_accept as usize, "day", "days")),
    ));
    rows.push(Row::new(
        "What is private is deleted",
        format!("After {}", count(rulebook.days_kept as usize, "day", "days")),
    ));
    rows
}
