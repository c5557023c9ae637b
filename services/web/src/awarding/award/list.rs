//! All prizes, who ranks for each, and what was decided.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::status::{self, FOR_DEPARTING};
use crate::api::{Money, Prize};
use crate::awarding::desk::Desk;
use crate::components::{Button, Details, Errors, InsetText, Select, SelectItem};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::results::names::visible;
use crate::results::shapes::Award;
use crate::visitor::Visitor;
use crate::words::{count, money};

/// A pitch's place, and what it wins by the rules.
#[derive(Clone, Debug, Deserialize)]
pub struct Placed {
    pitch: Uuid,
    rank: Option<u32>,
    wins: Vec<Win>,
}

#[derive(Clone, Debug, Deserialize)]
struct Win {
    prize: String,
    amount: Money,
}

pub async fn awards(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    page(&visitor, id, &Errors::default(), &Fields::default()).await
}

/// The page, with what was wrong with a proposal.
pub async fn page(visitor: &Visitor, id: Uuid, errors: &Errors, typed: &Fields) -> Result<Response, Failure> {
    let desk = Desk::of(visitor, id).await?;
    let round = desk.programme.rulebook.as_ref().and_then(|rulebook| rulebook.rounds.last());
    let round = round.map(|round| round.id.clone()).unwrap_or_default();
    let ranking = visitor.api.list::<Placed>(&format!("awards/programmes/{id}/rounds/{round}/ranking")).await;
    let ranking = visible(ranking)?;
    let prizes: &[Prize] = desk.programme.rulebook.as_ref().map_or(&[], |rulebook| &rulebook.prizes);
    let body = html! {
        p.govuk-body-l { "One of you proposes each award, another approves it. Then all winners are announced in one moment." }
        @if ranking.is_empty() {
            (InsetText::new("The result is not declared yet. When it is, this page shows who ranks for which prize."))
        }
        @for prize in prizes { (of_prize(&desk, prize, &round, &ranking, errors, typed)) }
        @if !ranking.is_empty() {
            h2.govuk-heading-m { "Next" }
            ul.plaudit-links {
                li { a.govuk-link href=(desk.organise("/announcement")) { "Announce the winners" } }
                li { a.govuk-link href=(desk.organise("/support")) { "Business support" } }
                li { a.govuk-link href={ "/programmes/" (id) "/results" } { "The ranking" } }
            }
        }
    };
    let page = Page::new("Awards").of(&desk.programme, Tab::Organise).errors(errors).style("awards.css");
    Ok(page.back(desk.organise(""), "Organise").show(visitor, body))
}

fn of_prize(
    desk: &Desk,
    prize: &Prize,
    round: &str,
    ranking: &[Placed],
    errors: &Errors,
    typed: &Fields,
) -> Markup {
    let awards: Vec<&Award> = desk.awards.iter().filter(|award| award.prize == prize.id).collect();
    let standing = |pitch: Uuid| awards.iter().any(|award| award.pitch == pitch && award.status != "refused");
    let due: Vec<(&Placed, &Win)> = ranking
        .iter()
        .flat_map(|placed| placed.wins.iter().map(move |win| (placed, win)))
        .filter(|(placed, win)| win.prize == prize.id && !standing(placed.pitch))
        .collect();
    let is_open = awards.iter().all(|award| award.status == "refused");
    html! {
        section.plaudit-prize aria-labelledby={ "prize-" (prize.id) } {
            h2.govuk-heading-m id={ "prize-" (prize.id) } {
                (desk.wording.says(&prize.id))
                @if let Some(amount) = &prize.amount { ": " (money(amount)) }
                @if prize.support { " and business support" }
            }
            @for award in &awards { (awarded(desk, award)) }
            @if is_open || !due.is_empty() {
                @for (placed, win) in &due { (proposal(desk, prize, round, placed, win)) }
            }
            @if is_open && !ranking.is_empty() && desk.organises() { (departing(desk, prize, round, ranking, errors, typed)) }
        }
    }
}

/// Whoever ranks for it by the rules.
fn proposal(desk: &Desk, prize: &Prize, round: &str, placed: &Placed, win: &Win) -> Markup {
    let team = desk.names.team_or_pitch(placed.pitch);
    html! {
        div.plaudit-award {
            p.plaudit-award__team { (team) }
            p.govuk-body {
                "Ranks for it by the rules"
                @if let Some(rank) = placed.rank { ", on rank " (rank) }
                ": " (money(&win.amount)) "."
            }
            @if desk.organises() {
                (form(&desk.organise("/awards"), html! {
                    (hidden(round, prize, placed.pitch))
                    (Button::new(html! { "Propose " (team) }).prevent_double_click())
                }))
            } @else { p.govuk-body { "An organiser proposes it; then you can approve it." } }
        }
    }
}

fn hidden(round: &str, prize: &Prize, pitch: Uuid) -> Markup {
    html! {
        input type="hidden" name="round" value=(round);
        input type="hidden" name="prize" value=(prize.id);
        input type="hidden" name="pitch" value=(pitch);
    }
}

fn awarded(desk: &Desk, award: &Award) -> Markup {
    let page = desk.organise(&format!("/awards/{}", award.id));
    html! {
        div.plaudit-award {
            p.plaudit-award__team { a.govuk-link href=(page) { (desk.names.team_or_pitch(award.pitch)) } }
            p.govuk-body {
                (status::tag(award))
                " " (money(&award.amount))
                @if let Some(rank) = award.rank { ", rank " (rank) }
            }
            @if award.status == "proposed" { (waits(desk, award, &page)) }
            @if award.withdrawal.is_some() { p.govuk-body { "Somebody proposes to withdraw it: " a.govuk-link href=(page) { "look at it" } "." } }
            @for reserve in award.reserve.iter().flatten() { (falls_to(desk, award, reserve)) }
        }
    }
}

fn waits(desk: &Desk, award: &Award, page: &str) -> Markup {
    html! {
        @if desk.is_you(award.proposed_by) {
            p.govuk-body { "You proposed it. It waits for somebody else to approve it." }
        } @else {
            p.govuk-body { "Proposed by " (desk.who(award.proposed_by)) "." }
            (form(&format!("{page}/approval"), html! {
                (Button::new(html! { "Approve the award to " (desk.names.team_or_pitch(award.pitch)) }).prevent_double_click())
            }))
        }
    }
}

/// Who is next, where a winner fell away.
fn falls_to(desk: &Desk, award: &Award, reserve: &crate::results::shapes::Reserve) -> Markup {
    let team = desk.names.team_or_pitch(reserve.pitch);
    html! {
        p.govuk-body {
            "The prize falls to " strong { (team) }
            @if let Some(rank) = reserve.rank { ", rank " (rank) }
            ": " (money(&reserve.amount)) "."
        }
        @if desk.organises() {
            (form(&desk.organise("/awards"), html! {
                input type="hidden" name="round" value=(award.round.as_deref().unwrap_or_default());
                input type="hidden" name="prize" value=(award.prize);
                input type="hidden" name="pitch" value=(reserve.pitch);
                input type="hidden" name="in_place_of" value=(award.id);
                (Button::new(html! { "Propose " (team) " instead" }).prevent_double_click())
            }))
        }
    }
}

/// A proposal that the ranking does not give.
fn departing(
    desk: &Desk,
    prize: &Prize,
    round: &str,
    ranking: &[Placed],
    errors: &Errors,
    typed: &Fields,
) -> Markup {
    let (to, because) = (format!("pitch-{}", prize.id), format!("departure-{}", prize.id));
    let is_typed = typed.text("prize") == prize.id && typed.has("departing");
    let pitches = ranking.iter().map(|placed| {
        let rank = placed.rank.map_or_else(|| "no rank".to_owned(), |rank| format!("rank {rank}"));
        SelectItem::new(placed.pitch, format!("{} ({rank})", desk.names.team_or_pitch(placed.pitch)))
    });
    let choose = std::iter::once(SelectItem::new("", "Choose a pitch".to_owned()));
    let (pitch, why) = if is_typed { (typed.text("pitch"), typed.text("departure")) } else { ("", "") };
    let body = html! {
        p.govuk-body { "This is for the rare case: it is public that the award departs from the ranking, and why." }
        (form(&desk.organise("/awards"), html! {
            input type="hidden" name="departing" value="yes";
            input type="hidden" name="round" value=(round);
            input type="hidden" name="prize" value=(prize.id);
            (Select::new("pitch", "Who gets it", choose.chain(pitches)).error(errors.get(&to)).id(to).value(pitch))
            (status::reasons("departure", "Why", FOR_DEPARTING).error(errors.get(&because)).id(because).value(why))
            (Button::new("Propose against the ranking").warning().prevent_double_click())
        }))
    };
    let details = Details::new(html! { "Give “" (desk.wording.says(&prize.id)) "” to somebody else" }, body);
    html! {
        p.govuk-body.plaudit-quiet { (count(ranking.len(), "pitch", "pitches")) " in the ranking." }
        @if is_typed { (details.open()) } @else { (details) }
    }
}
