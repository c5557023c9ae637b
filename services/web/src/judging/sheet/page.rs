//! The sheet's page.

use axum::response::Response;
use maud::{Markup, html};

use super::super::queue::{Queued, SheetState};
use super::super::round;
use super::super::seen::Content;
use super::total::so_far;
use super::{Filled, Sheet, criteria, pitch};
use crate::components::Button;
use crate::page::{Page, Tab, key};
use crate::visitor::Visitor;

/// What is said where somebody wrote elsewhere.
pub const MOVED: &str = "This sheet was changed elsewhere after you opened it: in another tab, or on another device. Nothing was written over. Look at both, then decide.";

pub fn show(visitor: &Visitor, sheet: &Sheet, queued: &Queued, filled: &Filled) -> Response {
    let desk = &sheet.desk;
    let body = html! {
        header.plaudit-sheet-head {
            p.plaudit-sheet-head__place { "Sheet " (sheet.queue.place(queued.pitch)) " of " (sheet.queue.sheets.len()) " " (round::state(queued)) }
            h1.govuk-heading-l { (queued.title) @if let Some(team) = &queued.team { span.plaudit-sheet-head__team { (team) } } }
            p.plaudit-jump { a.govuk-link href="#sheet" { "Go to the score sheet" } }
        }
        div.plaudit-side-by-side {
            article.plaudit-pitch aria-label="The pitch" { (pitch::markup(sheet)) }
            section.plaudit-sheet #sheet aria-labelledby="sheet-title" tabindex="-1" { (form(sheet, queued, filled)) }
        }
    };
    Page::new(queued.title.as_str())
        .bare()
        .of(&desk.programme, Tab::Judging)
        .back(desk.page(""), "Your sheets")
        .errors(&filled.errors)
        .style("judging.css")
        .script("scoresheet.mjs")
        .wide()
        .show(visitor, body)
}

fn form(sheet: &Sheet, queued: &Queued, filled: &Filled) -> Markup {
    let desk = &sheet.desk;
    let action = desk.page(&format!("/{}", queued.pitch));
    html! {
        form #sheet-form method="post" action=(action) novalidate data-least-target="44" data-title=(queued.title)
            data-programme=(desk.programme.id) data-round=(desk.rules.id) data-pitch=(queued.pitch)
            data-most=(desk.rules.tally.scale.max) data-unsaved[filled.unsaved] {
            (key())
            input type="hidden" name="_version" value=(filled.version);
            input type="hidden" name="_sheet" value=(filled.card);
            input type="hidden" name="_member" value=(desk.seat.member);
            div.plaudit-sheet__marks {
                h2.govuk-heading-m #sheet-title { "Your score sheet" }
                (stands(queued))
                (other(sheet, filled.other.as_ref()))
                (criteria::markup(sheet, filled))
                h3.govuk-heading-s { "Comments" }
                (criteria::comments(filled))
            }
            (bar(sheet, queued, filled))
            (doors(sheet, queued))
        }
    }
}

fn stands(queued: &Queued) -> Markup {
    html! {
        @match queued.state {
            SheetState::HandedIn | SheetState::Changing => p.govuk-body {
                "You have handed this sheet in. You may still change it until the round is locked: what you hand in again replaces it."
            },
            SheetState::Abstained => p.govuk-body { "You have abstained. You may still hand in a sheet instead, until the round is locked." },
            _ => p.govuk-body { "Nobody else sees your marks before they are opened, the organisers included." },
        }
    }
}

/// What was written elsewhere; the module fills it in where it learns of it.
fn other(sheet: &Sheet, other: Option<&Content>) -> Markup {
    html! {
        div.plaudit-other #other tabindex="-1" role="group" aria-labelledby="other-title" hidden[other.is_none()] {
            h3.govuk-heading-s #other-title { "There is another copy of this sheet" }
            p.govuk-body #other-says { "It was saved elsewhere after you opened this page." }
            dl.plaudit-other__content #other-content {
                @if let Some(other) = other {
                    @for criterion in &sheet.desk.rules.tally.criteria {
                        dt { (sheet.desk.wording.criterion(&criterion.id)) }
                        dd { (other.marks.get(&criterion.id).map_or("no mark", String::as_str)) }
                    }
                    @for (name, words) in [("For the panel", &other.comment_to_panel), ("For the entrant", &other.comment_to_entrant)] {
                        @if !words.is_empty() { dt { (name) } dd { (words) } }
                    }
                }
            }
            div.govuk-button-group {
                (Button::new("Keep what is on this page").secondary().name("do").value("save").attr("id", "keep-own"))
                a.govuk-link #use-other href=(sheet.desk.page(&format!("/{}", sheet.reading.id))) { "Use the other copy" }
            }
        }
    }
}

/// What stays in view: the total, whether it is saved, and what to do.
fn bar(sheet: &Sheet, queued: &Queued, filled: &Filled) -> Markup {
    let is_in = matches!(queued.state, SheetState::HandedIn | SheetState::Changing);
    let next = sheet.queue.next(Some(queued.pitch));
    html! {
        div.plaudit-bar {
            p.plaudit-bar__total { span.govuk-visually-hidden { "Your total: " } span #total { (so_far(&sheet.desk.rules.tally, &filled.content)) } }
            p.plaudit-bar__state #state role="status" { (state(sheet, queued, filled)) }
            div.govuk-button-group {
                (Button::new(if is_in { "Hand in again" } else { "Hand in" }).name("do").value("hand-in"))
                @if let Some(next) = next {
                    (Button::new("Save and next").secondary().name("do").value("next").attr("data-next", sheet.desk.page(&format!("/{}", next.pitch))))
                }
                (Button::new("Save").secondary().name("do").value("save").attr("id", "save"))
            }
        }
    }
}

fn state(sheet: &Sheet, queued: &Queued, filled: &Filled) -> &'static str {
    match (filled.unsaved, &sheet.draft, queued.state) {
        (true, _, _) => "Not saved yet",
        (false, Some(_), _) => "Saved",
        (false, None, SheetState::HandedIn) => "Handed in",
        (false, None, _) => "Nothing written yet",
    }
}

/// The ways on without marks.
fn doors(sheet: &Sheet, queued: &Queued) -> Markup {
    let page = |rest: &str| sheet.desk.page(&format!("/{}{rest}", queued.pitch));
    html! {
        ul.plaudit-doors {
            @if let Some(next) = sheet.queue.next(Some(queued.pitch)) {
                li { a.govuk-link href=(sheet.desk.page(&format!("/{}", next.pitch))) { "Skip for now" } }
            }
            @if queued.state != SheetState::Abstained { li { a.govuk-link href=(page("/abstain")) { "Abstain…" } } }
            li { a.govuk-link href=(page("/stand-aside")) { "Stand aside…" } }
            li.plaudit-jump { a.govuk-link href="#main" { "Back to the pitch" } }
        }
    }
}
