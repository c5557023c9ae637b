//! The rulebook as the public will read it, in plain words.

use maud::{Markup, html};

use super::Step;
use super::plan::{Plan, PrizePlan, RoundPlan, Tie};
use crate::api::Money;
use crate::components::{Row, SummaryCard, SummaryList};
use crate::words::{count, money, prose, when};

/// The whole plan; `at` leads to each step to change it.
pub fn rulebook(plan: &Plan, title: &str, at: &str) -> Markup {
    html! {
        h2.govuk-heading-m { (title) }
        @if plan.about.is_empty() { p.govuk-body { "Nothing is said yet about what it is for." } } @else { (prose(&plan.about)) }
        (card(Step::Prize, at, prizes(plan)))
        (card(Step::Who, at, who(plan)))
        (card(Step::Ask, at, asked(plan)))
        (card(Step::Judging, at, judging(&plan.round)))
        (card(Step::Rules, at, rules(plan)))
    }
}

fn card(step: Step, at: &str, rows: Vec<(String, Markup)>) -> SummaryList {
    let href = format!("{at}/{}", step.path());
    let rows = rows.into_iter().map(|(key, value)| Row::new(key, value));
    let change = html! { "Change" span.govuk-visually-hidden { ": " (step.title()) } };
    SummaryList::new().rows(rows).card(SummaryCard::new(step.title()).action(change, href))
}

fn lines(lines: impl IntoIterator<Item = String>) -> Markup {
    html! { @for line in lines { p.govuk-body { (line) } } }
}

fn said(text: impl Into<String>) -> Markup {
    let text = text.into();
    html! { (text) }
}

fn row(key: &str, value: Markup) -> (String, Markup) {
    (key.to_owned(), value)
}

fn prizes(plan: &Plan) -> Vec<(String, Markup)> {
    let amount = |minor: i64| money(&Money { minor, currency: plan.currency.clone() });
    let what = |prize: &PrizePlan| {
        let money = prize.amount.map(amount);
        let support = Some(prize.support.clone()).filter(|support| !support.is_empty());
        let what: Vec<String> = [money, support].into_iter().flatten().collect();
        format!("For rank {}: {}", prize.rank, what.join(", and "))
    };
    let mut rows: Vec<_> = plan.prizes.iter().map(|prize| (prize.name.clone(), said(what(prize)))).collect();
    rows.push(row("In all", said(amount(plan.pot()))));
    if !plan.promoter.is_empty() {
        rows.push(row("Run by", said(plan.promoter.as_str())));
    }
    rows
}

fn who(plan: &Plan) -> Vec<(String, Markup)> {
    let call = if plan.invited { "Only those whom the organisers invite" } else { "Anybody" };
    let deadline = plan.instant(plan.deadline).map(|at| when(at, &plan.time_zone)).unwrap_or_default();
    let mut rows = vec![
        row("Who", said(call)),
        row(
            "Until",
            said(format!(
                "{deadline}, {} time, and {} of grace",
                plan.time_zone,
                count(plan.grace_seconds as usize, "second", "seconds")
            )),
        ),
    ];
    if !plan.gate.is_empty() {
        let gate = lines(plan.gate.iter().map(|gate| gate.says.clone()));
        rows.push(row("Must answer yes to", gate));
    }
    rows
}

fn asked(plan: &Plan) -> Vec<(String, Markup)> {
    let mut rows: Vec<_> = plan
        .form
        .iter()
        .map(|question| {
            let must = if question.required { "must be answered" } else { "may be left out" };
            (question.says.clone(), said(format!("Up to {} characters; {must}", question.most_characters)))
        })
        .collect();
    let files = plan.most_attachments as usize;
    rows.push(row("Files", said(if files == 0 { "None".to_owned() } else { format!("Up to {files}") })));
    rows
}

fn judging(round: &RoundPlan) -> Vec<(String, Markup)> {
    let kind = match round.kind.as_str() {
        "den" => "On stage, in front of the panel",
        "interview" => "In interviews",
        _ if round.anonymous => "Judges read at their desks, without seeing names",
        _ => "Judges read at their desks",
    };
    let shared = match round.judges_per_pitch {
        0 => "Every judge marks every pitch".to_owned(),
        judges => format!("{} mark each pitch", count(judges as usize, "judge", "judges")),
    };
    let panel = format!(
        "{shared}. At least {}{}",
        count(round.quorum as usize, "judge", "judges"),
        if round.independent { ", one of them independent" } else { "" }
    );
    vec![
        row("Where", said(kind)),
        row(
            "What is marked",
            lines(round.criteria.iter().map(|one| format!("{}, weight {}", one.name, one.weight))),
        ),
        row("Marks", said(format!("From {} to {}, in steps of {}", round.min, round.max, round.step))),
        row("Judges", said(panel)),
        row("How marks become a ranking", lines([sum(round)])),
        row("If two are equal", lines(ties(round))),
    ]
}

/// How marks become one number, in a sentence or two.
fn sum(round: &RoundPlan) -> String {
    let aggregate = match round.aggregation.as_str() {
        "median" => "the middle mark".to_owned(),
        "trimmed_mean" => {
            format!("the average without the {} lowest and the {} highest marks", round.trim, round.trim)
        }
        _ => "the average of the judges’ marks".to_owned(),
    };
    let places = |places: Option<u32>| match places {
        None => String::new(),
        Some(0) => ", rounded to a whole number".to_owned(),
        Some(places) => format!(", rounded to {}", count(places as usize, "decimal", "decimals")),
    };
    let least = match round.least_marks {
        0 | 1 => String::new(),
        least => format!(" A pitch with fewer than {least} score sheets is listed without a rank."),
    };
    format!(
        "For each criterion, {aggregate}{}; times its weight{}. The sum of these is the total{}, and the highest total wins.{least}",
        places(round.round_criterion),
        places(round.round_weighted),
        places(round.round_total)
    )
}

fn ties(round: &RoundPlan) -> Vec<String> {
    let name = |at: usize| round.criteria.get(at).map_or("a criterion", |one| one.name.as_str());
    let mut lines: Vec<String> = round
        .ties
        .iter()
        .map(|tie| match tie {
            Tie::Criterion(at) => format!("First comes the one with the higher number for: {}", name(*at)),
            Tie::FirstPlaces => "First comes the one that more judges put first".to_owned(),
            Tie::Median => "First comes the one with the higher middle total".to_owned(),
        })
        .collect();
    lines.push("Who is still equal shares the rank and the prize".to_owned());
    lines
}

fn rules(plan: &Plan) -> Vec<(String, Markup)> {
    let marks = if plan.marks_public {
        "Everybody, after the announcement"
    } else {
        "Each entrant their own, and auditors all, after the announcement"
    };
    let none = if plan.may_give_no_award { "The panel may give none" } else { "An award is given" };
    let mut rows = vec![
        row("Who sees marks", said(marks)),
        row("To accept", said(count(plan.days_to_accept as usize, "day", "days"))),
        row("If no pitch is good enough", said(none)),
        row("What is private is kept for", said(count(plan.days_kept as usize, "day", "days"))),
    ];
    if let Some(embargo) = plan.embargo.and_then(|at| plan.instant(at)) {
        rows.push(row("Winners stay secret until", said(when(embargo, &plan.time_zone))));
    }
    if !plan.stand_in.is_empty() {
        rows.push(row("If one who signs has a conflict", said(plan.stand_in.as_str())));
    }
    rows
}
