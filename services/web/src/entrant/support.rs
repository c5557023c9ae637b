//! Business support, from the winner's side: what was pledged, when it comes,
//! what has come.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::draft::zone;
use crate::api::{Done, Programme};
use crate::components::{Button, DateInput, Errors, Input, Row, SummaryCard, SummaryList};
use crate::failure::{Failure, Problem};
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{amount, day, quarters};

/// A pledge, and what of it is owed.
#[derive(Clone, Debug, Deserialize)]
pub struct Support {
    pub id: Uuid,
    pub what: Option<String>,
    pub quarters: u32,
    pub unit: String,
    pub award: Option<Uuid>,
    pub pitch: Option<Uuid>,
    pub status: String,
    #[serde(default)]
    pub scheduled: Vec<Planned>,
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
    pub owed: u32,
}

/// A date that was agreed on.
#[derive(Clone, Debug, Deserialize)]
pub struct Planned {
    pub at: Timestamp,
    pub quarters: u32,
}

/// A part that was given.
#[derive(Clone, Debug, Deserialize)]
pub struct Delivery {
    pub part: u32,
    pub quarters: u32,
    pub evidence: Option<String>,
    pub confirmed: bool,
}

/// The support's part of the award's page.
pub fn section(ledger: &[Support], path: &str, zone: &str, accepted: bool) -> Markup {
    html! {
        h2.govuk-heading-m { "Support" }
        @if ledger.is_empty() { p.govuk-body { "Nothing has been pledged to you yet." } }
        @for support in ledger {
            (SummaryList::new().card(card(support, path, accepted)).rows(rows(support, zone)))
        }
    }
}

fn card(support: &Support, path: &str, accepted: bool) -> SummaryCard {
    let card = SummaryCard::new(support.what.as_deref().unwrap_or("Support")).heading_level(3);
    let text = match support.status.as_str() {
        "pledged" => "Accept it",
        "accepted" => "Agree on a date, or confirm",
        _ => return card,
    };
    if accepted { card.action(text, format!("{path}/support/{}", support.id)) } else { card }
}

fn rows(support: &Support, zone: &str) -> Vec<Row> {
    let unit = support.unit.as_str();
    let status = match support.status.as_str() {
        "pledged" => "Pledged: it waits for you to accept it",
        "accepted" => "Accepted",
        _ => "Closed",
    };
    let mut rows =
        vec![Row::new("How it stands", status), Row::new("Pledged", amount(support.quarters, unit))];
    if !support.scheduled.is_empty() {
        let planned = support.scheduled.iter();
        let planned = planned.map(|part| format!("{}: {}", day(part.at, zone), amount(part.quarters, unit)));
        rows.push(Row::new("Agreed on", lines(planned)));
    }
    if !support.deliveries.is_empty() {
        let given = support.deliveries.iter().map(|part| {
            let state = if part.confirmed { "you confirmed it" } else { "not confirmed yet" };
            let evidence = part.evidence.as_deref().map(|it| format!(" – {it}")).unwrap_or_default();
            format!("{} ({state}){evidence}", amount(part.quarters, unit))
        });
        rows.push(Row::new("Given", lines(given)));
    }
    let owed = if support.owed == 0 { "Nothing".to_owned() } else { amount(support.owed, unit) };
    rows.push(Row::new("Still owed", owed));
    rows
}

fn lines(lines: impl Iterator<Item = String>) -> Markup {
    html! { ul.govuk-list { @for line in lines { li { (line) } } } }
}

pub async fn show(
    visitor: Visitor,
    Path((id, award, support)): Path<(Uuid, Uuid, Uuid)>,
) -> Result<Response, Failure> {
    page(&visitor, id, award, support, &Fields::default(), &Errors::default()).await
}

async fn page(
    visitor: &Visitor,
    id: Uuid,
    award: Uuid,
    support: Uuid,
    typed: &Fields,
    errors: &Errors,
) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let (about, ledger) = (format!("submissions/programmes/{id}"), format!("awards/programmes/{id}/support"));
    let (programme, ledger): (Programme, Vec<Support>) =
        together!(visitor.api.get(&about), visitor.api.list(&ledger))?;
    let support = ledger.into_iter().find(|known| known.id == support);
    let support = support.ok_or_else(|| Failure::not_found("support"))?;
    let action = format!("/programmes/{id}/awards/{award}/support/{}", support.id);
    let body = html! {
        (SummaryList::new().rows(rows(&support, zone(&programme))))
        @match support.status.as_str() {
            "pledged" => {
                p.govuk-body { "If you accept, whoever pledged it knows that it is for you, and you agree on dates." }
                (form(&action, html! { (Button::new("Accept this support").name("do").value("accept").prevent_double_click()) }))
            }
            "accepted" => { (confirming(&support, &action)) (planning(&support, &action, typed, errors)) }
            _ => { p.govuk-body { "This account is closed." } }
        }
    };
    Ok(Page::new(support.what.as_deref().unwrap_or("Support"))
        .of(&programme, Tab::Pitches)
        .back(format!("/programmes/{id}/awards/{award}"), "Your award")
        .errors(errors)
        .style("entrant.css")
        .show(visitor, body))
}

fn confirming(support: &Support, action: &str) -> Markup {
    html! {
        @for part in support.deliveries.iter().filter(|part| !part.confirmed) {
            (form(action, html! {
                h2.govuk-heading-m { "Did " (amount(part.quarters, &support.unit)) " come?" }
                @if let Some(evidence) = &part.evidence { div.plaudit-answer.govuk-body { (evidence) } }
                input type="hidden" name="part" value=(part.part);
                (Button::new(html! { "Yes, it came" span.govuk-visually-hidden { " (part " (part.part) ")" } })
                    .name("do").value("confirm").prevent_double_click())
            }))
        }
    }
}

fn planning(support: &Support, action: &str, typed: &Fields, errors: &Errors) -> Markup {
    let unit = if support.unit == "item" { "thing" } else { support.unit.as_str() };
    html! {
        @if support.owed > 0 {
            (form(action, html! {
                h2.govuk-heading-m { "Agree on a date" }
                (DateInput::new("at", "When").hint("As you agreed with whoever gives it, for example 27 3 2027.")
                    .values(typed.text("at.day"), typed.text("at.month"), typed.text("at.year")).errors(errors))
                (Input::new("quarters", format!("How many {unit}s"))
                    .hint("Quarters count too: 1.5 or 0.25.").inputmode("decimal").width(4)
                    .value(typed.text("quarters")).errors(errors))
                (Button::new("Note this date").name("do").value("schedule").secondary().prevent_double_click())
            }))
        }
    }
}

/// Noon of a day in the programme's time zone: the hour is theirs to agree on.
fn noon(fields: &Fields, zone: &str) -> Option<Timestamp> {
    let number = |name: &str| fields.text(name).parse::<i16>().ok();
    let (year, month, day) = (number("at.year")?, number("at.month")?, number("at.day")?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Some(date.to_datetime(Time::constant(12, 0, 0, 0)).to_zoned(zone).ok()?.timestamp())
}

pub async fn change(
    visitor: Visitor,
    Path((id, award, support)): Path<(Uuid, Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let path = format!("awards/programmes/{id}/support/{support}");
    let key = fields.key();
    let (done, notice) = match fields.text("do") {
        "accept" => (
            visitor.api.post::<Done>(&format!("{path}/acceptance"), key, &json!({})).await,
            "The support is yours. Agree on dates with whoever gives it.",
        ),
        "confirm" => {
            let part = fields.text("part").parse::<u32>().unwrap_or_default();
            let path = format!("{path}/deliveries/{part}/confirmation");
            (visitor.api.post::<Done>(&path, key, &json!({})).await, "Confirmed. Thank you.")
        }
        _ => {
            let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
            let (at, many) = (noon(&fields, zone(&programme)), quarters(fields.text("quarters")));
            let (Some(at), Some(many)) = (at, many) else {
                return page(&visitor, id, award, support, &fields, &unclear(at, many)).await;
            };
            let body = json!({ "at": at, "quarters": many });
            (visitor.api.post::<Done>(&format!("{path}/schedule"), key, &body).await, "The date is noted.")
        }
    };
    match done {
        Ok(_) => Ok(visitor.to_saying(&format!("/programmes/{id}/awards/{award}"), notice)),
        Err(failure) => {
            let problem: Problem = failure.for_the_form()?;
            page(&visitor, id, award, support, &fields, &problem.to_errors()).await
        }
    }
}

fn unclear(at: Option<Timestamp>, many: Option<u32>) -> Errors {
    let mut errors = Errors::new();
    if at.is_none() {
        errors.push("at", "Write a day that there is, such as 27 3 2027.");
    }
    if many.is_none() {
        errors.push("quarters", "Write how many, in quarters at the finest, such as 1.5.");
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_that_there_is() {
        let of = |body: &[u8]| noon(&Fields::parse(body), "Europe/London").map(|at| at.to_string());
        assert_eq!(of(b"at.day=1&at.month=7&at.year=2027").as_deref(), Some("2027-07-01T11:00:00Z"));
        assert_eq!(of(b"at.day=31&at.month=2&at.year=2027"), None);
        assert_eq!(of(b"at.day=&at.month=2&at.year=2027"), None);
    }
}
