//! The winner's side of a payment: how far it is, the agreement, and saying
//! that the money came.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::award::Award;
use super::pitch::Own;
use crate::api::{Done, Payout, Programme};
use crate::components::{Button, Errors, Row, SummaryList, Tag, Task, TaskList, Textarea};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm, form};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{day, money, reason};

impl Payout {
    fn stage(&self) -> &str {
        self.stage.as_deref().unwrap_or("preparing")
    }

    /// Whether the account can still be named or changed.
    pub fn can_name(&self) -> bool {
        matches!(self.stage(), "preparing" | "failed")
    }
}

/// The money's part of the award's page.
pub fn section(payout: &Payout, path: &str, zone: &str) -> Markup {
    if payout.amount.minor == 0 {
        return html! {};
    }
    html! {
        h2.govuk-heading-m { "The money" }
        p.govuk-body-l { (stands(payout, zone)) }
        (tasks(payout, path))
        (account(payout))
        @if !payout.steps.is_empty() {
            h3.govuk-heading-s { "What has happened" }
            ol.entrant-steps {
                @for step in &payout.steps { li { (day(step.at, zone)) ": " (done(&step.step)) } }
            }
        }
    }
}

/// Its stage in a sentence.
pub fn stands(payout: &Payout, zone: &str) -> String {
    let amount = money(&payout.amount);
    let on = |at: Option<Timestamp>| at.map(|at| format!(" on {}", day(at, zone))).unwrap_or_default();
    let reference = payout.reference.as_deref().filter(|reference| !reference.is_empty());
    let reference = reference.map(|it| format!(", under the reference “{it}”")).unwrap_or_default();
    match payout.stage() {
        "requested" => format!("{amount} is requested; a second person authorises it."),
        "authorised" => format!("{amount} is authorised, and will be sent."),
        "sent" => format!("{amount} was sent{}{reference}.", on(payout.sent_at)),
        "confirmed" => {
            format!("{amount} was sent{}{reference}. It has come: you said so.", on(payout.sent_at))
        }
        "taken_as_received" => {
            format!("{amount} was sent{}{reference}. It counts as received.", on(payout.sent_at))
        }
        "failed" => {
            let why = payout.reason.as_deref().map(reason).unwrap_or_default();
            format!("The payment of {amount} did not arrive. {why}. It can be sent again.")
        }
        _ if payout.payee.is_none() => format!("{amount} waits for you to name an account."),
        _ => format!("{amount}: the organisers check the account and request the payment."),
    }
}

fn done(step: &str) -> String {
    let said = match step {
        "payee_named" => "you named the account",
        "payee_checked" => "the account was checked",
        "agreement_recorded" => "the agreement was recorded",
        "requested" => "the payment was requested",
        "authorised" => "a second person authorised it",
        "sent" => "the money was sent",
        "confirmed" => "you said that it came",
        "taken_as_received" => "nobody said otherwise, so it counts as received",
        "failed" => "the payment came back",
        other => return other.replace('_', " "),
    };
    said.to_owned()
}

/// What is the winner's to do.
fn tasks(payout: &Payout, path: &str) -> Markup {
    let to_do = || Tag::new("To do").blue();
    let mut list = TaskList::new().id("payment");
    list = list.task(match (&payout.payee, payout.can_name()) {
        (None, _) => Task::new("Name the account", to_do()).href(format!("{path}/payee")),
        (Some(_), true) => Task::new("Change the account", "Named").href(format!("{path}/payee")),
        (Some(_), false) => Task::new("The account", "Named"),
    });
    list = list.task(match payout.agreed {
        true => Task::new("The agreement", "Recorded").href(format!("{path}/agreement")),
        false => Task::new("The agreement", to_do()).href(format!("{path}/agreement")),
    });
    if payout.stage() == "sent" {
        list = list.task(Task::new("Say that the money came", to_do()).href(format!("{path}/received")));
    }
    html! { (list) }
}

fn account(payout: &Payout) -> Markup {
    let Some(payee) = &payout.payee else { return html! {} };
    let mut list = SummaryList::new();
    for (key, value) in [
        ("Name on the account", &payee.name),
        ("Account number", &payee.account),
        ("Sort code", &payee.sort_code),
    ] {
        if let Some(value) = value {
            list = list.row(Row::new(key, value.as_str()));
        }
    }
    html! { (list) }
}

/// Where the API has it, and where its page is.
pub fn paths(id: Uuid, award: Uuid) -> (String, String) {
    (format!("awards/programmes/{id}/awards/{award}/payout"), format!("/programmes/{id}/awards/{award}"))
}

/// A payment's programme, and the payment, for the winner's team. Those who run
/// the prize see a payment too, on pages of their own.
pub async fn known(visitor: &Visitor, id: Uuid, award: Uuid) -> Result<(Programme, Payout), Failure> {
    let payout = paths(id, award).0;
    let pitch = won(visitor, id, award).await?;
    let (own, payout) = together!(Own::of(visitor, id, pitch), visitor.api.get(&payout))?;
    Ok((own.programme, payout))
}

/// 404 unless the reader is in the winner's team.
pub async fn theirs(visitor: &Visitor, id: Uuid, award: Uuid) -> Result<(), Failure> {
    let pitch = won(visitor, id, award).await?;
    Own::of(visitor, id, pitch).await.map(drop)
}

/// The pitch that an award is for.
async fn won(visitor: &Visitor, id: Uuid, award: Uuid) -> Result<Uuid, Failure> {
    visitor.signed_in()?;
    let award: Award = visitor.api.get(&format!("awards/programmes/{id}/awards/{award}")).await?;
    Ok(award.pitch)
}

pub async fn agreement(visitor: Visitor, Path((id, award)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    agreement_page(&visitor, id, award, "", &Errors::default()).await
}

async fn agreement_page(
    visitor: &Visitor,
    id: Uuid,
    award: Uuid,
    typed: &str,
    errors: &Errors,
) -> Result<Response, Failure> {
    let (programme, payout) = known(visitor, id, award).await?;
    let path = paths(id, award).1;
    let body = html! {
        @if payout.agreed {
            p.govuk-body-l { "This was agreed." }
            div.plaudit-answer.govuk-body { (payout.agreement.as_deref().unwrap_or("Its words have been forgotten.")) }
        } @else {
            p.govuk-body-l { "What you and the organisers agreed about the money: what it is for, and what you owe them." }
            p.govuk-body { "Either side can record it, once. It needs to be here before the payment is requested." }
            (form(&format!("{path}/agreement"), html! {
                (Textarea::new("agreement", "What was agreed").value(typed).rows(10).most_characters(10_000).errors(errors))
                (Button::new("Record the agreement").prevent_double_click())
            }))
        }
    };
    Ok(Page::new("The agreement")
        .of(&programme, Tab::Pitches)
        .back(path, "Your award")
        .errors(errors)
        .show(visitor, body))
}

pub async fn agree(
    visitor: Visitor,
    Path((id, award)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    theirs(&visitor, id, award).await?;
    let (api, path) = paths(id, award);
    let text = fields.raw("agreement");
    match visitor
        .api
        .post::<Done>(&format!("{api}/agreement"), fields.key(), &json!({ "agreement": text }))
        .await
    {
        Ok(_) => Ok(visitor.to_saying(&path, "The agreement is recorded.")),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            agreement_page(&visitor, id, award, text, &problem.to_errors()).await
        }
    }
}

pub async fn receiving(visitor: Visitor, Path((id, award)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    receiving_page(&visitor, id, award, &Errors::default()).await
}

async fn receiving_page(
    visitor: &Visitor,
    id: Uuid,
    award: Uuid,
    errors: &Errors,
) -> Result<Response, Failure> {
    let (programme, payout) = known(visitor, id, award).await?;
    let (path, zone) = (paths(id, award).1, super::draft::zone(&programme));
    let body = html! {
        p.govuk-body-l { (stands(&payout, zone)) }
        @if payout.stage() == "sent" {
            p.govuk-body {
                "Look at your account first. "
                @if let Some(by) = payout.taken_as_received_at { "If nobody says otherwise, it counts as received on " (day(by, zone)) ". " }
                "If it has not come, write to the organisers: they record that it failed, and send it again."
            }
            (confirm(&format!("{path}/received"), Button::new("The money has come")))
        }
        p.govuk-body { a.govuk-link href=(path) { "Back to your award" } }
    };
    Ok(Page::new("Has the money come?")
        .of(&programme, Tab::Pitches)
        .back(path, "Your award")
        .errors(errors)
        .show(visitor, body))
}

pub async fn received(
    visitor: Visitor,
    Path((id, award)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    theirs(&visitor, id, award).await?;
    let (api, path) = paths(id, award);
    match visitor.api.post::<Done>(&format!("{api}/confirmation"), fields.key(), &json!({})).await {
        Ok(_) => Ok(visitor
            .to_saying(&path, "Thank you. The payment is complete, and the account numbers are forgotten.")),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            receiving_page(&visitor, id, award, &problem.to_errors()).await
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn payout(more: serde_json::Value) -> Payout {
        let mut whole = json!({
            "amount": { "minor": 200_000, "currency": "GBP" }, "checked": false, "agreed": false, "steps": [], "next": [],
        });
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn every_stage_says_what_it_waits_for() {
        let payee = json!({ "payee": { "name": null, "account": null, "sort_code": null } });
        assert_eq!(stands(&payout(json!({})), "UTC"), "£2,000 waits for you to name an account.");
        assert!(stands(&payout(payee), "UTC").contains("check the account"));
        let sent = json!({ "stage": "sent", "sent_at": "2026-11-23T12:00:00Z", "reference": "DEN 1" });
        assert_eq!(
            stands(&payout(sent), "Europe/London"),
            "£2,000 was sent on 23 November 2026, under the reference “DEN 1”."
        );
        let received =
            json!({ "stage": "confirmed", "sent_at": "2026-11-23T12:00:00Z", "reference": "DEN 1" });
        let received = stands(&payout(received), "Europe/London");
        assert!(received.contains("under the reference “DEN 1”. It has come"), "{received}");
        let failed = json!({ "stage": "failed", "reason": "bank_refused" });
        assert!(stands(&payout(failed), "UTC").contains("The bank sent it back. It can be sent again."));
    }

    #[test]
    fn the_account_can_be_changed_only_before_the_request_or_after_a_failure() {
        for (stage, can) in [
            ("preparing", true),
            ("failed", true),
            ("requested", false),
            ("sent", false),
            ("confirmed", false),
        ] {
            assert_eq!(payout(json!({ "stage": stage })).can_name(), can, "{stage}");
        }
    }

    #[test]
    fn only_sent_money_can_have_come() {
        let offers = |stage: &str| tasks(&payout(json!({ "stage": stage })), "/a").0.contains("/a/received");
        assert!(offers("sent") && !offers("authorised") && !offers("confirmed"));
    }
}
