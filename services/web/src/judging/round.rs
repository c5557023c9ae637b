//! A judge's round: whatever comes next in it.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use super::desk::Desk;
use super::invitation;
use super::queue::{Queue, Queued, SheetState};
use super::seen::{RoundPhase, SeatStatus};
use crate::components::{Button, Errors, InsetText, Panel, Tag};
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::visitor::Visitor;
use crate::words::{count, reason};

pub async fn show(
    visitor: Visitor,
    Path((programme, round)): Path<(Uuid, String)>,
) -> Result<Response, Failure> {
    let desk = Desk::open(&visitor, programme, &round).await?;
    let body = match (desk.seat.status, desk.seat.declared) {
        (SeatStatus::Invited, _) => return Ok(invitation::show(&visitor, &desk, &Errors::new())),
        (SeatStatus::Declined, _) => html! {
            p.govuk-body-l { "You declined this invitation. There is nothing more for you to do." }
            p.govuk-body { "If that was a mistake, ask the organisers for a new one." }
        },
        (SeatStatus::StoodDown, _) => html! {
            p.govuk-body-l { "You have left this panel. There is nothing more for you to do." }
        },
        (SeatStatus::Accepted, false) => welcome(&desk),
        (SeatStatus::Accepted, true) if is_waiting(desk.phase) => waiting(&desk),
        (SeatStatus::Accepted, true) => sheets(&desk, &desk.queue(&visitor).await?),
    };
    Ok(page(&desk).show(&visitor, body))
}

fn page(desk: &Desk) -> Page<'_> {
    Page::new(desk.name())
        .of(&desk.programme, Tab::Judging)
        .back(format!("/programmes/{}/judging", desk.programme.id), "Judging")
        .style("judging.css")
        .script("unsent.mjs")
}

fn is_waiting(phase: RoundPhase) -> bool {
    matches!(phase, RoundPhase::Waiting | RoundPhase::Ready)
}

fn welcome(desk: &Desk) -> Markup {
    html! {
        p.govuk-body-l { "You are on the panel. Next, say whom you know: then the pitches are yours to read." }
        (Button::new("Declare your interests").href(desk.page("/interests")).start())
        h2.govuk-heading-m { "What you will mark" }
        (invitation::criteria(desk))
    }
}

fn waiting(desk: &Desk) -> Markup {
    html! {
        p.govuk-body-l { "You are ready. Your score sheets will be here as soon as the organisers begin this round." }
        h2.govuk-heading-m { "What you will mark" }
        (invitation::criteria(desk))
        (aside(desk))
    }
}

fn sheets(desk: &Desk, queue: &Queue) -> Markup {
    html! {
        (unsent(desk))
        (to_reword(desk, queue))
        (head(desk, queue))
        @if !queue.sheets.is_empty() { (list(desk, queue)) }
        (aside(desk))
    }
}

/// Filled in by the module where this device has something left to send.
fn unsent(desk: &Desk) -> Markup {
    html! {
        div #unsent hidden role="status" data-member=(desk.seat.member) data-programme=(desk.programme.id) data-round=(desk.rules.id) {}
    }
}

/// Comments that an organiser returned wait for nobody but their judge.
fn to_reword(desk: &Desk, queue: &Queue) -> Markup {
    let returned = queue.sheets.iter().filter(|sheet| sheet.card.comment_returned.is_some());
    html! {
        @for sheet in returned {
            (InsetText::new(html! {
                "An organiser asks you for other words to the entrant: "
                a.govuk-link href=(desk.page(&format!("/{}", sheet.pitch))) { "“" (sheet.title) "”" }
            }))
        }
    }
}

/// What is to be said first.
fn head(desk: &Desk, queue: &Queue) -> Markup {
    match desk.phase {
        RoundPhase::Voided => html! {
            p.govuk-body-l { "This round does not count: its rules were wrong, or the prize was called off. What you handed in stays sealed." }
        },
        RoundPhase::Unsealed => html! {
            p.govuk-body-l { "This round is over: the marks are open." }
            @if desk.declared {
                (Button::new("See the results").href(format!("/programmes/{}/results", desk.programme.id)))
            } @else {
                p.govuk-body { "The result is being worked out. Look again in a moment." }
            }
        },
        RoundPhase::Locked => html! {
            p.govuk-body-l { "This round is locked. Nothing can be handed in or changed any more." }
            p.govuk-body { "The marks stay closed until two people open them. Until then you see your own, and nobody else’s." }
        },
        _ => open(desk, queue),
    }
}

fn open(desk: &Desk, queue: &Queue) -> Markup {
    let (answered, all) = (queue.answered(), queue.sheets.len());
    html! {
        @if all == 0 {
            p.govuk-body-l { "No pitch is yours to mark at the moment." }
        } @else if queue.is_done() {
            (Panel::new("All your sheets are in").heading_level(2).body("Thank you. You may still change them until the round is locked."))
        } @else {
            p.govuk-body-l { strong { (answered) " of " (all) } " handed in" }
            progress.plaudit-progress max=(all) value=(answered) aria-label="Sheets handed in" { (answered) " of " (all) }
            @if let Some(next) = queue.next(None) {
                p.govuk-body {
                    (Button::new(html! { "Next: " (next.title) }).href(desk.page(&format!("/{}", next.pitch))).start())
                }
            }
        }
    }
}

fn list(desk: &Desk, queue: &Queue) -> Markup {
    let open = desk.phase == RoundPhase::Open;
    html! {
        h2.govuk-heading-m { "Your sheets" }
        @if desk.rules.kind == "desk" && open && queue.sheets.len() > 1 {
            p.govuk-body { "They come in an order of your own, so that no pitch is first for everybody. Take them as you like." }
        }
        ol.plaudit-queue {
            @for sheet in &queue.sheets {
                li.plaudit-queue__sheet {
                    div {
                        @if leads_on(desk.phase, sheet.state) {
                            a.govuk-link href=(desk.page(&format!("/{}", sheet.pitch))) { (sheet.title) }
                        } @else { strong { (sheet.title) } }
                        @if let Some(team) = &sheet.team { span.plaudit-quiet { (team) } }
                        @if let (false, Some(code)) = (sheet.state.is_owed(), &sheet.card.reason) { span.plaudit-quiet { (reason(code)) } }
                    }
                    @if open || !sheet.state.is_owed() { (state(sheet)) } @else { (Tag::new("Not handed in").grey()) }
                }
            }
        }
    }
}

/// Whether a sheet has a page: to be filled in, or to be read.
fn leads_on(phase: RoundPhase, state: SheetState) -> bool {
    state != SheetState::NotCounted && (phase == RoundPhase::Open || !state.is_owed())
}

/// How far a sheet is, as a tag.
pub fn state(sheet: &Queued) -> Tag {
    let tag = Tag::new(sheet.state.name());
    match sheet.state {
        SheetState::NotBegun => tag.grey(),
        SheetState::Begun => tag.blue(),
        SheetState::HandedIn => tag.green(),
        SheetState::Changing => tag.yellow(),
        SheetState::Abstained => tag.purple(),
        SheetState::NotCounted => tag.orange(),
    }
}

/// From how many the judge stands aside; those are not named, as they may not
/// even be seen.
fn aside(desk: &Desk) -> Markup {
    let aside = desk.seat.connections.iter().filter(|one| one.connection == "stand_aside").count();
    let known = desk.seat.connections.iter().filter(|one| one.connection == "known" && !one.allowed).count();
    html! {
        @if aside > 0 {
            (InsetText::new(format!("You stand aside from {}. You will not meet {} here.", count(aside, "pitch", "pitches"), if aside == 1 { "it" } else { "them" })))
        }
        @if known > 0 && is_waiting(desk.phase) {
            p.govuk-body { "You know " (count(known, "team", "teams")) ". An organiser decides whether you may mark there." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_lock_only_what_was_answered_can_be_read() {
        for (phase, state, leads) in [
            (RoundPhase::Open, SheetState::NotBegun, true),
            (RoundPhase::Open, SheetState::NotCounted, false),
            (RoundPhase::Locked, SheetState::NotBegun, false),
            (RoundPhase::Locked, SheetState::HandedIn, true),
            (RoundPhase::Unsealed, SheetState::Abstained, true),
            (RoundPhase::Unsealed, SheetState::NotCounted, false),
        ] {
            assert_eq!(leads_on(phase, state), leads, "{phase:?} {state:?}");
        }
    }
}
