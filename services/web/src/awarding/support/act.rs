//! What is done to a pledge.

use axum::extract::Path;
use axum::http::Method;
use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;

use super::one;
use crate::api::Done;
use crate::awarding::announcement::moment;
use crate::components::Errors;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visitor::Visitor;
use crate::words::quarters;

/// Takes a step of a pledge's account.
pub async fn take(
    visitor: Visitor,
    Path((id, support, step)): Path<(Uuid, Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (path, says) = match step.as_str() {
        "acceptance" => ("acceptance", "Accepted."),
        "schedule" => ("schedule", "The day is noted."),
        "delivery" => ("deliveries", "Noted. The winner is asked to confirm it."),
        "closing" => ("closing", "The account is closed."),
        _ => return Err(Failure::not_found("page")),
    };
    let body = match body(&step, &fields) {
        Ok(body) => body,
        Err(errors) => return one::page(&visitor, id, support, &errors, &fields).await,
    };
    let path = format!("awards/programmes/{id}/support/{support}/{path}");
    match visitor.api.send::<Done>(Method::POST, &path, fields.key(), fields.version(), &body).await {
        Ok(_) => Ok(visitor.to_saying(&format!("/programmes/{id}/organise/support/{support}"), says)),
        Err(failure) => {
            let mut errors = Errors::default();
            for (field, says) in failure.for_the_form()?.to_errors().iter() {
                match field {
                    Some("quarters") if step == "schedule" => errors.push("planned", says),
                    Some("quarters") => errors.push("amount", says),
                    Some("at") => errors.push("date", says),
                    Some(field) => errors.push(field, says),
                    None => errors.push_general(says),
                }
            }
            one::page(&visitor, id, support, &errors, &fields).await
        }
    }
}

fn body(step: &str, fields: &Fields) -> Result<Value, Errors> {
    let mut errors = Errors::default();
    let field = if step == "schedule" { "planned" } else { "amount" };
    let mut much = || {
        quarters(fields.text(field)).unwrap_or_else(|| {
            errors.push(field, "Enter how much in whole numbers or quarters, such as 3 or 0.5");
            0
        })
    };
    let body = match step {
        "acceptance" if fields.has("pitch") => json!({ "pitch": fields.text("pitch") }),
        "delivery" => {
            let mut body = json!({ "quarters": much() });
            if !fields.text("evidence").is_empty() {
                body["evidence"] = fields.text("evidence").into();
            }
            body
        }
        "schedule" => {
            let quarters = much();
            match moment::read(fields) {
                Ok(at) => json!({ "quarters": quarters, "at": at }),
                Err(wrong) => {
                    for (field, says) in wrong.iter() {
                        errors.push(field.unwrap_or("date"), says);
                    }
                    Value::Null
                }
            }
        }
        _ => json!({}),
    };
    if errors.is_empty() { Ok(body) } else { Err(errors) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_says_how_much_and_what_shows_it() {
        let typed = |amount: &str| {
            Fields(vec![
                ("amount".to_owned(), amount.to_owned()),
                ("evidence".to_owned(), "Notes".to_owned()),
            ])
        };
        assert_eq!(body("delivery", &typed("1.5")).unwrap(), json!({ "quarters": 6, "evidence": "Notes" }));
        assert_eq!(body("delivery", &typed("some")).unwrap_err().iter().count(), 1);
        let errors = body("schedule", &Fields::default()).unwrap_err();
        assert_eq!(
            errors.iter().filter_map(|(field, _)| field).collect::<Vec<_>>(),
            ["planned", "date", "time", "zone"]
        );
    }
}
