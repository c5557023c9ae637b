//! Where the money of an award should go: named once by its winner.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::draft::zone;
use super::payout::{known, paths, stands, theirs};
use crate::api::{Done, Payout};
use crate::components::{Button, Errors, Input};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;
use crate::words::money;

pub async fn show(visitor: Visitor, Path((id, award)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    payee_page(&visitor, id, award, &Fields::default(), &Errors::default()).await
}

async fn payee_page(
    visitor: &Visitor,
    id: Uuid,
    award: Uuid,
    typed: &Fields,
    errors: &Errors,
) -> Result<Response, Failure> {
    let (programme, payout) = known(visitor, id, award).await?;
    let path = paths(id, award).1;
    let body = html! {
        @if payout.can_name() { (naming(&payout, &path, typed, errors)) }
        @else {
            p.govuk-body-l { (stands(&payout, zone(&programme))) }
            p.govuk-body { "The account can no longer be changed here. If it is wrong, write to the organisers at once." }
        }
    };
    Ok(Page::new("Name the account")
        .of(&programme, Tab::Pitches)
        .back(path, "Your award")
        .errors(errors)
        .show(visitor, body))
}

fn naming(payout: &Payout, path: &str, typed: &Fields, errors: &Errors) -> Markup {
    html! {
        p.govuk-body-l { "Where should " (money(&payout.amount)) " go?" }
        p.govuk-body {
            "You give this once. Only those who check and pay see it, and the numbers are forgotten once the money has come. "
            "If you change it later, the organisers ask you about it in another way first."
        }
        @if payout.payee.is_some() { p.govuk-body { strong { "An account is named already; this one would take its place." } } }
        (form(&format!("{path}/payee"), html! {
            (Input::new("name", "Name on the account").hint("Exactly as the bank has it: a company, a co-operative or a person.")
                .value(typed.raw("name")).autocomplete("off").spellcheck(false).width(20).errors(errors))
            (Input::new("sort_code", "Sort code").hint("Six digits, such as 12-34-56.")
                .value(typed.raw("sort_code")).autocomplete("off").inputmode("numeric").spellcheck(false).width(5).errors(errors))
            (Input::new("account", "Account number").hint("6 to 10 digits.")
                .value(typed.raw("account")).autocomplete("off").inputmode("numeric").spellcheck(false).width(10).errors(errors))
            (Button::new("Name this account").prevent_double_click())
        }))
    }
}

/// All that is empty, at once; the API names the first alone.
fn missing(fields: &Fields) -> Errors {
    let mut errors = Errors::default();
    for (name, says) in [
        ("name", "Enter the name on the account"),
        ("sort_code", "Enter the sort code"),
        ("account", "Enter the account number"),
    ] {
        if fields.text(name).is_empty() {
            errors.push(name, says);
        }
    }
    errors
}

pub async fn name_payee(
    visitor: Visitor,
    Path((id, award)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    theirs(&visitor, id, award).await?;
    let (api, path) = paths(id, award);
    let errors = missing(&fields);
    if !errors.is_empty() {
        return payee_page(&visitor, id, award, &fields, &errors).await;
    }
    let body = json!({
        "name": fields.text("name"), "account": fields.text("account"), "sort_code": fields.text("sort_code"),
    });
    match visitor.api.post::<Done>(&format!("{api}/payee"), fields.key(), &body).await {
        Ok(_) => Ok(visitor.to_saying(&path, "The account is named. The organisers check it next.")),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            payee_page(&visitor, id, award, &fields, &problem.to_errors()).await
        }
    }
}
