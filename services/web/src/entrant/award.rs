//! The winner's page of an award: accept or decline, then everything until the
//! money and the support have come.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::draft::zone;
use super::payout;
use super::pitch::Own;
use super::support::{self, Support};
use crate::api::{Done, Listed, Money, Payout, Phase};
use crate::components::{Button, Errors, Panel, Row, SummaryList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::results::shapes::Withdrawal;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{Wording, day, instant, money, reason};

/// An award, as far as the reader may see it.
#[derive(Clone, Debug, Deserialize)]
pub struct Award {
    pub id: Uuid,
    pub pitch: Uuid,
    pub prize: String,
    pub amount: Option<Money>,
    pub status: String,
    pub accept_by: Option<Timestamp>,
    pub announced_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    /// Why it was taken back.
    pub reason: Option<String>,
    /// That somebody proposes to take it back; gone once it is decided.
    pub withdrawal: Option<Withdrawal>,
}

/// The awards that the reader may know of; none before the announcement.
pub async fn announced(visitor: &Visitor, programme: Uuid) -> Result<Vec<Award>, Failure> {
    let path = format!("awards/programmes/{programme}/awards?limit=1000");
    let awards = visitor.api.find::<Listed<Award>>(&path).await?.map(|listed| listed.items);
    let known = |award: &Award| !matches!(award.status.as_str(), "proposed" | "approved" | "refused");
    Ok(awards.unwrap_or_default().into_iter().filter(known).collect())
}

/// An award in one sentence, for whose it is.
pub fn status_of(award: &Award) -> &'static str {
    match award.status.as_str() {
        "announced" => "You have won: accept it or decline it",
        "accepted" => "You have won, and accepted",
        "declined" => "You had won, and declined",
        "lapsed" => "You had won; it was not accepted in time",
        "withdrawn" => "This award was taken back",
        _ => "An award",
    }
}

/// All that the page is made of.
struct Won {
    award: Award,
    own: Own,
    payout: Option<Payout>,
    support: Vec<Support>,
}

impl Won {
    async fn of(visitor: &Visitor, id: Uuid, award: Uuid) -> Result<Self, Failure> {
        visitor.signed_in()?;
        let path = format!("awards/programmes/{id}/awards/{award}");
        let (payout, ledger) = (format!("{path}/payout"), format!("awards/programmes/{id}/support"));
        let (award, payout, support): (Award, Option<Payout>, Vec<Support>) =
            together!(visitor.api.get(&path), visitor.api.find(&payout), visitor.api.list(&ledger))?;
        // Only its team has a page about it.
        let own = Own::of(visitor, id, award.pitch).await?;
        let theirs =
            |support: &Support| support.pitch == Some(award.pitch) || support.award == Some(award.id);
        let support = support.into_iter().filter(theirs).collect();
        Ok(Self { award, own, payout, support })
    }
}

pub async fn show(visitor: Visitor, Path((id, award)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    let won = Won::of(&visitor, id, award).await?;
    Ok(page(&visitor, &won, &Errors::default()))
}

fn page(visitor: &Visitor, won: &Won, errors: &Errors) -> Response {
    let (programme, award) = (&won.own.programme, &won.award);
    let prize = Wording::of(programme).says(&award.prize);
    let path = format!("/programmes/{}/awards/{}", programme.id, award.id);
    let wins = matches!(award.status.as_str(), "announced" | "accepted");
    let title = if wins { "Congratulations" } else { "Your award" };
    let accepted = award.status == "accepted";
    let what = html! {
        "“" (won.own.title()) "” – " strong { (prize) }
        @if let Some(amount) = award.amount.as_ref().filter(|amount| amount.minor > 0) { ", " (money(amount)) }
    };
    let body = html! {
        @if wins { (Panel::new(title).body(what)) }
        @else { h1.govuk-heading-l { (title) } p.govuk-body-l { (what) "." } }
        (standing(won))
        @if award.status == "announced" { (question(programme.phase, &path)) }
        @if accepted && let Some(payout) = &won.payout { (payout::section(payout, &path, zone(programme))) }
        @if accepted || !won.support.is_empty() {
            (support::section(&won.support, &path, zone(programme), accepted))
        }
    };
    Page::new(title)
        .of(programme, Tab::Pitches)
        .back(won.own.path(""), "Your pitch")
        .errors(errors)
        .style("entrant.css")
        .bare()
        .show(visitor, body)
}

/// Its status in words, with the dates that are known.
fn standing(won: &Won) -> Markup {
    let (award, zone) = (&won.award, zone(&won.own.programme));
    let mut list = SummaryList::new().row(Row::new("How it stands", status_of(award)));
    if let Some(at) = award.announced_at {
        list = list.row(Row::new("Announced", day(at, zone)));
    }
    if let Some(by) = award.accept_by.filter(|_| award.status == "announced") {
        list = list.row(Row::new("Answer by", html! { (instant(by, zone)) }));
    }
    if let Some(at) = award.answered_at {
        let what = if award.status == "declined" { "Declined" } else { "Accepted" };
        list = list.row(Row::new(what, day(at, zone)));
    }
    if let Some(why) = award.reason.as_deref().filter(|_| award.status == "withdrawn") {
        list = list.row(Row::new("Taken back", reason(why)));
    } else if let Some(withdrawal) = &award.withdrawal {
        let why = withdrawal.reason.as_deref().map(|why| format!("{}. ", reason(why))).unwrap_or_default();
        let text = format!("{why}Somebody proposes to take it back; a second person decides.");
        list = list.row(Row::new("May be taken back", text));
    }
    html! { (list) }
}

fn question(phase: Option<Phase>, path: &str) -> Markup {
    html! {
        @if phase != Some(Phase::Cancelled) {
            (form(&format!("{path}/answer"), html! {
                h2.govuk-heading-m { "Do you accept?" }
                p.govuk-body { "If you accept, you name an account for the money next. If you decline, it goes to the next in the ranking; that cannot be undone." }
                div.govuk-button-group {
                    (Button::new("Accept the award").name("answer").value("accept").prevent_double_click())
                    (Button::new("Decline the award").name("answer").value("decline").secondary().prevent_double_click())
                }
            }))
        }
    }
}

pub async fn answer(
    visitor: Visitor,
    Path((id, award)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let path = format!("awards/programmes/{id}/awards/{award}");
    let back = format!("/programmes/{id}/awards/{award}");
    let declines = fields.text("answer") == "decline";
    if declines && !fields.has("sure") {
        return sure(&visitor, id, award).await;
    }
    let (what, notice) = match declines {
        true => ("decline", "You have declined. Thank you for saying so."),
        false => ("acceptance", "The award is yours."),
    };
    match visitor.api.post::<Done>(&format!("{path}/{what}"), fields.key(), &json!({})).await {
        Ok(_) => Ok(visitor.to_saying(&back, notice)),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            let won = Won::of(&visitor, id, award).await?;
            Ok(page(&visitor, &won, &problem.to_errors()))
        }
    }
}

/// Declining can't be undone, so it is asked twice.
async fn sure(visitor: &Visitor, id: Uuid, award: Uuid) -> Result<Response, Failure> {
    let won = Won::of(visitor, id, award).await?;
    let path = format!("/programmes/{id}/awards/{award}");
    let body = html! {
        p.govuk-body-l { "The award goes to the next in the ranking. This cannot be undone." }
        (form(&format!("{path}/answer"), html! {
            input type="hidden" name="answer" value="decline";
            input type="hidden" name="sure" value="yes";
            (Button::new("Yes, decline the award").warning().prevent_double_click())
        }))
        p.govuk-body { a.govuk-link href=(path) { "Go back" } }
    };
    Ok(Page::new("Decline the award?").of(&won.own.programme, Tab::Pitches).show(visitor, body))
}
