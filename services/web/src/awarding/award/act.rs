//! What is done to awards and their payments.

use axum::extract::Path;
use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{list, show};
use crate::api::Done;
use crate::components::Errors;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visitor::Visitor;
use axum::http::Method;

/// Proposes an award.
pub async fn propose(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    if fields.has("departing") {
        for (name, says) in [("pitch", "Choose who gets it"), ("departure", "Choose why")] {
            if !fields.has(name) {
                errors.push(format!("{name}-{}", fields.text("prize")), says);
            }
        }
    }
    if !errors.is_empty() {
        return list::page(&visitor, id, &errors, &fields).await;
    }
    let mut body = json!({ "round": fields.text("round"), "prize": fields.text("prize"), "pitch": fields.text("pitch") });
    for name in ["departure", "in_place_of"] {
        if fields.has(name) {
            body[name] = fields.text(name).into();
        }
    }
    let path = format!("awards/programmes/{id}/awards");
    match visitor.api.post::<Done>(&path, fields.key(), &body).await {
        Ok(_) => {
            let to = format!("/programmes/{id}/organise/awards");
            Ok(visitor.to_saying(&to, "Proposed. Now somebody else must approve it."))
        }
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            list::page(&visitor, id, &errors, &fields).await
        }
    }
}

/// A step: where it is sent, what with, and what is said when it is done.
struct Step {
    path: &'static str,
    body: Value,
    says: &'static str,
}

fn step(name: &str, fields: &Fields) -> Option<Step> {
    let (path, says) = match name {
        "approval" => ("approval", "Approved. It can be announced with all the others."),
        "refusal" => ("refusal", "Refused. Another proposal can be made."),
        "withdrawal" => ("withdrawal", "Proposed. Now somebody else must confirm that it is withdrawn."),
        "withdrawal-confirmation" => ("withdrawal/confirmation", "The award is withdrawn."),
        "check" => ("payout/payee/check", "Noted that the account is the payee’s."),
        "agreement" => ("payout/agreement", "The agreement is recorded."),
        "request" => ("payout/request", "Requested. Now somebody else must authorise the payment."),
        "authorisation" => ("payout/authorisation", "Authorised. The money can be sent."),
        "sending" => {
            ("payout/sending", "Noted that the money was sent. The winner is asked to say when it has come.")
        }
        "failure" => ("payout/failure", "Noted that the payment failed. It can be requested again."),
        _ => return None,
    };
    let body = match name {
        "refusal" | "withdrawal" | "failure" => json!({ "reason": fields.text("reason") }),
        "agreement" => json!({ "agreement": fields.text("agreement") }),
        "sending" => json!({ "reference": fields.text("reference") }),
        _ => json!({}),
    };
    Some(Step { path, body, says })
}

/// What a form must have before it is sent on.
fn missing(name: &str, fields: &Fields) -> Errors {
    let mut errors = Errors::default();
    let needs = match name {
        "refusal" | "withdrawal" | "failure" => ("reason", "Choose a reason"),
        "agreement" => ("agreement", "Write down what was agreed"),
        "sending" => ("reference", "Enter the bank’s reference"),
        _ => return errors,
    };
    if !fields.has(needs.0) || fields.text(needs.0).is_empty() {
        // A page has several reasons to choose, one a form.
        let id = if needs.0 == "reason" { format!("reason-{name}") } else { needs.0.to_owned() };
        errors.push(id, needs.1);
    }
    errors
}

/// Takes one of the steps of an award or its payment.
pub async fn take(
    visitor: Visitor,
    Path((id, award, name)): Path<(Uuid, Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let taken = step(&name, &fields).ok_or_else(|| Failure::not_found("page"))?;
    let errors = missing(&name, &fields);
    if !errors.is_empty() {
        return show::page(&visitor, id, award, &errors, &fields).await;
    }
    let path = format!("awards/programmes/{id}/awards/{award}/{}", taken.path);
    let seen = fields.version();
    match visitor.api.send::<Done>(Method::POST, &path, fields.key(), seen, &taken.body).await {
        Ok(_) => Ok(visitor.to_saying(&format!("/programmes/{id}/organise/awards/{award}"), taken.says)),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            show::page(&visitor, id, award, &errors, &fields).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_says_what_it_needs() {
        for (name, needs) in [
            ("refusal", Some("reason-refusal")),
            ("failure", Some("reason-failure")),
            ("agreement", Some("agreement")),
            ("sending", Some("reference")),
            ("approval", None),
            ("request", None),
        ] {
            let errors = missing(name, &Fields::default());
            assert_eq!(errors.iter().next().and_then(|(field, _)| field), needs, "{name}");
        }
        let given = Fields(vec![("reference".to_owned(), " PRIZE 1 ".to_owned())]);
        assert!(missing("sending", &given).is_empty());
        assert_eq!(step("sending", &given).map(|step| step.body), Some(json!({ "reference": "PRIZE 1" })));
        assert!(step("payee", &given).is_none());
    }
}
