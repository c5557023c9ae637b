//! One pledge: its account.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use super::Support;
use super::ledger::{tag, whose};
use crate::awarding::desk::Desk;
use crate::components::{Button, DateInput, Errors, Input, Row, Select, SelectItem, SummaryList, Textarea};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::known::holds_a_key;
use crate::page::{Page, Tab, confirm, form};
use crate::results::names::visible;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{amount, instant};

pub async fn support(visitor: Visitor, Path((id, support)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    page(&visitor, id, support, &Errors::default(), &Fields::default()).await
}

/// The page, with what was wrong with a step.
pub async fn page(
    visitor: &Visitor,
    id: Uuid,
    support: Uuid,
    errors: &Errors,
    typed: &Fields,
) -> Result<Response, Failure> {
    let path = format!("awards/programmes/{id}/support");
    let (desk, pledges) = together!(Desk::for_whoever_asks(visitor, id), async {
        visible(visitor.api.list::<Support>(&path).await)
    },)?;
    let pledge =
        pledges.iter().find(|known| known.id == support).ok_or_else(|| Failure::not_found("pledge"))?;
    holds_a_key(&desk.programme)?;
    let at = desk.organise(&format!("/support/{support}"));
    let body = html! {
        (SummaryList::new()
            .row(Row::new("Stands", tag(pledge)))
            .row(Row::new("By", desk.who(Some(pledge.by)).to_owned()))
            .row(Row::new("For", whose(&desk, pledge)))
            .row(Row::new("Pledged", amount(pledge.quarters, &pledge.unit)))
            .row(Row::new("Delivered", amount(pledge.delivered(), &pledge.unit)))
            .row(Row::new("Still owed", amount(pledge.owed, &pledge.unit))))
        (so_far(&desk, pledge))
        @match pledge.status.as_str() {
            "pledged" => (accept(&desk, pledge, &at, typed, errors)),
            "accepted" => (going_on(&desk, pledge, &at, typed, errors)),
            _ => p.govuk-body { "This account is closed." },
        }
    };
    let page = Page::new(pledge.says()).of(&desk.programme, Tab::Organise).errors(errors).style("awards.css");
    Ok(page.back(desk.organise("/support"), "Business support").show(visitor, body))
}

fn so_far(desk: &Desk, pledge: &Support) -> Markup {
    html! {
        @if !pledge.scheduled.is_empty() {
            h2.govuk-heading-m { "Planned" }
            ul.govuk-list.govuk-list--bullet {
                @for part in &pledge.scheduled { li { (amount(part.quarters, &pledge.unit)) " on " (instant(part.at, desk.zone())) } }
            }
        }
        @if !pledge.deliveries.is_empty() {
            h2.govuk-heading-m { "Delivered" }
            ul.govuk-list.govuk-list--bullet {
                @for part in &pledge.deliveries {
                    li {
                        (amount(part.quarters, &pledge.unit))
                        @if let Some(at) = part.at { ", " (instant(at, desk.zone())) }
                        @if let Some(evidence) = &part.evidence { ": " (evidence) }
                        @if part.confirmed { " (the winner confirmed it)" } @else { " (not confirmed yet)" }
                    }
                }
            }
        }
    }
}

fn accept(desk: &Desk, pledge: &Support, at: &str, typed: &Fields, errors: &Errors) -> Markup {
    if pledge.award.is_some() {
        return html! { p.govuk-body { "The winner, or you, can accept it." } (confirm(&format!("{at}/acceptance"), Button::new("Accept the pledge"))) };
    }
    let winners = desk.awards.iter().filter(|award| award.wins());
    let winners =
        winners.map(|award| SelectItem::new(award.pitch, desk.names.team_or_pitch(award.pitch).to_owned()));
    let choose = std::iter::once(SelectItem::new("", "Choose a winner".to_owned()));
    form(
        &format!("{at}/acceptance"),
        html! {
            (Select::new("pitch", "For whom it is", choose.chain(winners)).value(typed.text("pitch")).errors(errors))
            (Button::new("Accept the pledge").prevent_double_click())
        },
    )
}

fn going_on(desk: &Desk, pledge: &Support, at: &str, typed: &Fields, errors: &Errors) -> Markup {
    html! {
        @if pledge.delivered() < pledge.quarters {
            h2.govuk-heading-m { "Note what was delivered" }
            (form(&format!("{at}/delivery"), html! {
                (Input::new("amount", format!("How many {}s", pledge.unit)).hint("For example, 3 or 0.5").width(5).inputmode("decimal")
                    .value(typed.text("amount")).errors(errors))
                (Textarea::new("evidence", "Something to show for it").hint("What was done, when, by whom. Without it, the winner must confirm it.")
                    .rows(3).most_characters(2000).value(typed.text("evidence")).errors(errors))
                (Button::new("Note the delivery").prevent_double_click())
            }))
            h2.govuk-heading-m { "Agree on a day" }
            (form(&format!("{at}/schedule"), html! {
                (Input::new("planned", format!("How many {}s", pledge.unit)).width(5).inputmode("decimal").value(typed.text("planned")).errors(errors))
                (DateInput::new("date", "The day").values(typed.text("date.day"), typed.text("date.month"), typed.text("date.year")).errors(errors))
                (Input::new("time", "The time").hint("For example, 14:00").width(5).value(typed.text("time")).errors(errors))
                input type="hidden" name="zone" value=(desk.zone());
                (Button::new("Note the day").secondary().prevent_double_click())
            }))
        }
        @if desk.organises() {
            h2.govuk-heading-m { "Close the account" }
            p.govuk-body { "When everything has come, or nothing more will. What was pledged and what came stays in the trail." }
            (form(&format!("{at}/closing"), html! {
                input type="hidden" name="_version" value=(pledge.version);
                (Button::new("Close the account").warning().prevent_double_click())
            }))
        }
    }
}
