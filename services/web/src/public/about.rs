//! A programme's own page: what it is, who may enter, what there is to win,
//! and when.

use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use uuid::Uuid;

use super::{Award, Named, winners};
use crate::api::{Phase, Programme, Rulebook};
use crate::components::{Button, InsetText};
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{Wording, count, duration, instant, money, phase, prose, reason, when};

pub async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let path = format!("submissions/programmes/{id}");
    let (programme, (awards, names)) = together!(visitor.api.get::<Programme>(&path), winners(&visitor, id))?;
    let wording = Wording::of(&programme);
    let body = html! {
        (changes(&programme))
        (won(&programme, &wording, &awards, &names))
        @match &programme.rulebook {
            Some(rulebook) => (of_rulebook(&programme, rulebook, &wording)),
            None => p.govuk-body-l { "Its rules are still being written." },
        }
    };
    let page = Page::new(programme.name()).of(&programme, Tab::About);
    Ok(page.banner(banner(&visitor, &programme)).script("countdown.mjs").show(&visitor, body))
}

fn banner(visitor: &Visitor, programme: &Programme) -> Markup {
    let zone = programme.rulebook.as_ref().map(|rulebook| rulebook.time_zone.as_str());
    html! {
        div.plaudit-hero {
            div.govuk-width-container {
                p.plaudit-hero__state { (phase(programme.phase, programme.announced)) }
                h1.plaudit-hero__title { (programme.name()) }
                @if let (Some(deadline), Some(zone)) = (programme.deadline, zone) {
                    @if matches!(programme.phase, Some(Phase::Published | Phase::Open)) {
                        p.plaudit-hero__text {
                            "Pitches until " (instant(deadline, zone)) "."
                            @let left = deadline.duration_since(Timestamp::now());
                            @if left.is_positive() {
                                " " strong data-countdown=(deadline) data-now=(Timestamp::now()) { (duration(left)) " left" }
                            }
                        }
                    }
                }
                (call(visitor, programme))
            }
        }
    }
}

/// What this reader can do now.
fn call(visitor: &Visitor, programme: &Programme) -> Markup {
    let base = format!("/programmes/{}", programme.id);
    let asked = programme.rulebook.as_ref().is_none_or(|rulebook| rulebook.call != "invited");
    let invited = asked || programme.you.as_ref().is_some_and(|you| you.invited);
    html! {
        @if programme.phase == Some(Phase::Open) && !programme.you_hold_a_key() {
            @if invited {
                (Button::new("Enter your pitch").href(format!("{base}/enter")).start())
            } @else {
                p.plaudit-hero__text { "The organisers invite who may enter." }
                @if !visitor.is_signed_in() {
                    p.plaudit-hero__text { "Invited? " a href={ "/sign-in?next=" (base) } { "Sign in with the address that was invited" } "." }
                }
            }
        }
        @if programme.announced || programme.phase == Some(Phase::Concluded) {
            (Button::new("See what came out").href(format!("{base}/results")))
        }
    }
}

fn changes(programme: &Programme) -> Markup {
    let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    let said = |change: &str| match change {
        "deadline_moved" => "The deadline was moved",
        "rulebook_amended" => "The words of the rules were changed",
        _ => "The programme was called off",
    };
    html! {
        @for change in &programme.changes {
            (InsetText::new(html! {
                (said(&change.change)) " on " (when(change.at, zone)) "."
                @if let Some(why) = &change.reason { " Reason: " (reason(why)) "." }
            }))
        }
    }
}

fn won(programme: &Programme, wording: &Wording, awards: &[Award], names: &HashMap<Uuid, Named>) -> Markup {
    html! {
        @if !awards.is_empty() {
            h2.govuk-heading-l { @if awards.len() == 1 { "The winner" } @else { "The winners" } }
            ul.plaudit-cards {
                @for award in awards {
                    @let named = names.get(&award.pitch);
                    li.plaudit-card.plaudit-card--strong.plaudit-card--winner {
                        p.plaudit-card__label { (wording.says(&award.prize)) }
                        p.plaudit-figure { (named.and_then(|named| named.team_name.as_deref()).unwrap_or("A winner")) }
                        @if let Some(title) = named.and_then(|named| named.title.as_deref()) { p { (title) } }
                        @if award.amount.minor > 0 { p { strong { (money(&award.amount)) } } }
                    }
                }
            }
            p.govuk-body {
                a.govuk-link href={ "/programmes/" (programme.id) "/results" } { "How it was decided, mark by mark" }
            }
        }
    }
}

fn of_rulebook(programme: &Programme, rulebook: &Rulebook, wording: &Wording) -> Markup {
    html! {
        @if !wording.about.is_empty() { (prose(&wording.about)) }
        h2.govuk-heading-m { "What there is to win" }
        ul.plaudit-cards {
            @for prize in &rulebook.prizes {
                li.plaudit-card {
                    p.plaudit-card__label { (wording.says(&prize.id)) }
                    @if let Some(amount) = prize.amount.as_ref().filter(|amount| amount.minor > 0) {
                        p.plaudit-figure { (money(amount)) }
                    }
                    @if !wording.explained(&prize.id).is_empty() { p { (wording.explained(&prize.id)) } }
                    @else if prize.support { p { "With business support" } }
                }
            }
        }
        @if !rulebook.gate.is_empty() {
            h2.govuk-heading-m { "Who may enter" }
            p.govuk-body { "You may enter if you can say yes to " @if rulebook.gate.len() == 1 { "this:" } @else { "each of these:" } }
            ul.govuk-list.govuk-list--bullet {
                @for gate in &rulebook.gate { li { (wording.says(&gate.id)) } }
            }
        }
        @if !rulebook.form.is_empty() {
            h2.govuk-heading-m { "What we ask" }
            ol.govuk-list.govuk-list--number {
                @for question in &rulebook.form {
                    li { (wording.says(&question.id)) " – up to " (count(question.most_characters as usize, "character", "characters")) }
                }
            }
        }
        (judged(rulebook, wording))
        p.govuk-body { a.govuk-link href={ "/programmes/" (programme.id) "/rules" } { "All the rules, in plain words" } }
    }
}

fn judged(rulebook: &Rulebook, wording: &Wording) -> Markup {
    html! {
        h2.govuk-heading-m { "How pitches are judged" }
        @for round in &rulebook.rounds {
            @if rulebook.rounds.len() > 1 { h3.govuk-heading-s { (wording.says(&round.id)) } }
            ul.plaudit-weights {
                @for criterion in &round.tally.criteria {
                    li {
                        span { (wording.criterion(&criterion.id)) }
                        meter min="0" max=(heaviest(rulebook)) value=(criterion.weight)
                            aria-label={ "Weight of " (wording.criterion(&criterion.id)) } { (criterion.weight) }
                        span.plaudit-weights__weight { "weight " (criterion.weight) }
                    }
                }
            }
        }
        p.govuk-body {
            @if rulebook.marks == "public" { "Every mark is published when the winners are announced." }
            @else { "Each entrant sees their own marks; people from outside, named before, check them all." }
        }
    }
}

fn heaviest(rulebook: &Rulebook) -> String {
    let weights = rulebook.rounds.iter().flat_map(|round| &round.tally.criteria);
    let weights = weights.filter_map(|criterion| criterion.weight.parse::<f64>().ok());
    weights.fold(1.0_f64, f64::max).to_string()
}
