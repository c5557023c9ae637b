//! The steps of a payment, one below the other.

use maud::{Markup, html};

use super::payout::{STEPS, Standing};
use super::status::{self, FOR_FAILING};
use crate::api::{Payout, Versioned};
use crate::awarding::desk::Desk;
use crate::components::{Button, Details, Errors, Input, Row, SummaryList, Textarea, WarningText};
use crate::fields::Fields;
use crate::page::{confirm, form};
use crate::results::shapes::Award;
use crate::words::{instant, money, reason};

/// All steps, each with who may take it or who took it.
pub fn steps(
    desk: &Desk,
    award: &Award,
    payout: &Versioned<Payout>,
    at: &str,
    errors: &Errors,
    typed: &Fields,
) -> Markup {
    if award.status != "accepted" || award.amount.minor == 0 {
        return html! {};
    }
    let it = &payout.body;
    html! {
        h2.govuk-heading-m { "Paying " (money(&award.amount)) }
        @if it.stage.as_deref() == Some("failed") {
            (WarningText::new(html! { "The last payment failed. " @if let Some(code) = &it.reason { (reason(code)) "." } }))
        }
        (account(it))
        ol.plaudit-payout {
            @for (next, taken, says) in STEPS {
                @let standing = it.standing(next, taken);
                li.plaudit-payout__step
                    .plaudit-payout__step--done[matches!(standing, Standing::Done(..))]
                    .plaudit-payout__step--now[matches!(standing, Standing::Now(..))]
                {
                    h3.plaudit-payout__name { (says) }
                    @match standing {
                        Standing::Done(by, when) => (done(desk, by, when)),
                        Standing::Now(who, true) => {
                            p.govuk-body { "This is for " (taker(who)) ": you, for example." }
                            (yours(next, payout, at, errors, typed))
                        },
                        Standing::Now(who, false) => p.govuk-body { "Waits for " (taker(who)) "." },
                        Standing::Later => p.govuk-body.plaudit-quiet { "Later" },
                    }
                    @if next == "send" && let Some(reference) = &it.reference { p.govuk-body { "Reference: " (reference) } }
                    @if next == "confirm" && let Some(by) = it.taken_as_received_at {
                        p.govuk-body { "Without an answer it is taken as received on " (instant(by, desk.zone())) "." }
                    }
                }
            }
        }
        @if it.is_under_way() { (failing(at, errors)) }
    }
}

/// Bank details, as far as this reader is shown them at this step.
fn account(payout: &Payout) -> Markup {
    let Some(payee) = &payout.payee else { return html! {} };
    let shown =
        [("Account name", &payee.name), ("Sort code", &payee.sort_code), ("Account number", &payee.account)];
    let rows = shown.into_iter().filter_map(|(key, value)| Some(Row::new(key, value.clone()?)));
    let rows: Vec<Row> = rows.collect();
    html! {
        @if !rows.is_empty() { (SummaryList::new().rows(rows)) }
        @if let Some(agreement) = &payout.agreement {
            (Details::new("What was agreed", html! { p.plaudit-answer { (agreement) } }))
        }
    }
}

fn done(desk: &Desk, by: Option<&uuid::Uuid>, when: Option<jiff::Timestamp>) -> Markup {
    html! {
        p.govuk-body {
            "Done"
            @if let Some(by) = by { " by " (desk.who(Some(*by))) }
            @if let Some(when) = when { ", " (instant(when, desk.zone())) }
        }
    }
}

fn taker(who: &str) -> &'static str {
    match who {
        "winner" => "the winner",
        "organiser" => "an organiser",
        "second_person" => "a second person, who did not request it and does not get it",
        "organiser_or_winner" => "an organiser or the winner",
        _ => "an organiser or approver",
    }
}

/// The form of a step that the reader may take.
fn yours(step: &str, payout: &Versioned<Payout>, at: &str, errors: &Errors, typed: &Fields) -> Markup {
    match step {
        "check_payee" => form(
            &format!("{at}/check"),
            html! {
                @if let Some(version) = payout.version { input type="hidden" name="_version" value=(version); }
                p.govuk-body { "Compare the account’s name with the payee’s, with your bank’s check of names or by a call to a number that you know. A change of account is confirmed by another way than it came." }
                (Button::new("The account is the payee’s").prevent_double_click())
            },
        ),
        "record_agreement" => form(
            &format!("{at}/agreement"),
            html! {
                (Textarea::new("agreement", "What was agreed with the winner").rows(3).value(typed.text("agreement")).errors(errors)
                    .hint("For example what the money is for, and what they will report. The winner sees it too."))
                (Button::new("Record the agreement").prevent_double_click())
            },
        ),
        "request" => confirm(&format!("{at}/request"), Button::new("Request the payment")),
        "authorise" => confirm(&format!("{at}/authorisation"), Button::new("Authorise the payment")),
        "send" => form(
            &format!("{at}/sending"),
            html! {
                p.govuk-body { "Send the money with your bank, then note it here." }
                (Input::new("reference", "The bank’s reference").width(20).value(typed.text("reference")).errors(errors))
                (Button::new("The money is sent").prevent_double_click())
            },
        ),
        _ => html! { p.govuk-body { "You find it on the page of your own pitch." } },
    }
}

fn failing(at: &str, errors: &Errors) -> Markup {
    let wrong = errors.get("reason-failure").map(str::to_owned);
    let is_wrong = wrong.is_some();
    let details = Details::new(
        "The payment failed",
        form(
            &format!("{at}/failure"),
            html! {
                (status::reasons("reason", "Why", FOR_FAILING).id("reason-failure").error(wrong))
                (Button::new("Note that it failed").warning().prevent_double_click())
            },
        ),
    );
    html! { @if is_wrong { (details.open()) } @else { (details) } }
}
