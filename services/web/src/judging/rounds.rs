//! The rounds in which the reader has a seat, and what to do in each.

use axum::extract::Path;
use axum::response::Response;
use futures_util::future::try_join_all;
use maud::{Markup, html};
use uuid::Uuid;

use super::desk::page;
use super::seen::{Panel, RoundPhase, RoundStands, Seat, SeatStatus};
use crate::api::{Programme, Round};
use crate::components::{Button, Tag};
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::Wording;

pub async fn show(visitor: Visitor, Path(programme): Path<Uuid>) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{programme}")).await?;
    let rounds = programme.rulebook.as_ref().map_or(&[][..], |rulebook| &rulebook.rounds);
    // Rounds are few, and none grows with what is judged.
    let seats = try_join_all(rounds.iter().map(|round| seat(&visitor, programme.id, round))).await?;
    let wording = Wording::of(&programme);
    let cards: Vec<Markup> = rounds
        .iter()
        .zip(seats)
        .filter_map(|(round, seat)| {
            let (seat, phase) = seat?;
            Some(card(&wording.says(&round.id), &page(programme.id, &round.id, ""), &seat, phase))
        })
        .collect();
    let body = html! {
        @if cards.is_empty() {
            p.govuk-body-l { "You are not on a panel here." }
            p.govuk-body { "If the organisers have asked you to judge, they may have invited another address of yours: sign in with that one, or ask them to look." }
        } @else {
            ul.plaudit-cards { @for card in cards { li.plaudit-card.plaudit-card--strong { (card) } } }
        }
    };
    Ok(Page::new("Judging").of(&programme, Tab::Judging).show(&visitor, body))
}

async fn seat(
    visitor: &Visitor,
    programme: Uuid,
    round: &Round,
) -> Result<Option<(Seat, RoundPhase)>, Failure> {
    let of_panel = format!("panels/programmes/{programme}/rounds/{}/panel", round.id);
    let of_round = format!("scoring/programmes/{programme}/rounds/{}", round.id);
    let (panel, stands) =
        together!(visitor.api.find::<Panel>(&of_panel), visitor.api.find::<RoundStands>(&of_round))?;
    let phase = stands.map_or(RoundPhase::Waiting, |stands| stands.phase);
    Ok(panel.and_then(|panel| panel.seat).map(|seat| (seat, phase)))
}

fn card(name: &str, page: &str, seat: &Seat, phase: RoundPhase) -> Markup {
    let (says, does) = next_step(seat, phase);
    html! {
        h2.govuk-heading-m { (name) }
        p { (Tag::new(seat_name(seat))) }
        p { (says) }
        p { (Button::new(html! { (does) span.govuk-visually-hidden { ": " (name) } }).href(page)) }
    }
}

/// What the judge's seat is called.
pub fn seat_name(seat: &Seat) -> &'static str {
    match (seat.office.as_str(), seat.independent) {
        ("chair", _) => "Chair",
        ("deputy", _) => "Deputy chair",
        (_, true) => "Independent judge",
        (_, false) => "Judge",
    }
}

fn next_step(seat: &Seat, phase: RoundPhase) -> (&'static str, &'static str) {
    match (seat.status, seat.declared, phase) {
        (SeatStatus::Invited, _, _) => ("You are invited to judge this round.", "Read the invitation"),
        (SeatStatus::Declined, _, _) => ("You declined the invitation.", "See the invitation"),
        (SeatStatus::StoodDown, _, _) => ("You have left this panel.", "See the round"),
        (SeatStatus::Accepted, _, RoundPhase::Voided) => ("This round does not count.", "See the round"),
        (SeatStatus::Accepted, _, RoundPhase::Unsealed) => ("The marks are open.", "See the round"),
        (SeatStatus::Accepted, _, RoundPhase::Locked) => ("Every sheet is in.", "See your sheets"),
        (SeatStatus::Accepted, false, _) => ("Before you read, say whom you know.", "Declare your interests"),
        (SeatStatus::Accepted, true, RoundPhase::Open) => {
            ("The pitches are ready for you.", "Go to your score sheets")
        }
        (SeatStatus::Accepted, true, _) => ("Nothing to do yet: marking has not begun.", "See the round"),
    }
}
