//! API tokens: a program acts for somebody, as far as its scopes reach.

use axum::extract::Path;
use axum::http::Method;
use axum::response::Response;
use jiff::Timestamp;
use maud::html;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::components::{Button, Checkboxes, Choice, Errors, Input, InsetText, Row, SummaryList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, confirm, form};
use crate::visitor::Visitor;
use crate::words::day;

#[derive(Debug, Deserialize)]
struct Token {
    id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_at: Timestamp,
}

#[derive(Debug, Deserialize)]
struct NewToken {
    token: String,
}

const SCOPES: [(&str, &str); 4] = [
    ("read", "Read what you may read"),
    ("write", "Do what you may do in programmes"),
    ("account", "Change your account"),
    ("second-key", "Open marks, approve and pay (needs a fresh proof that it is you)"),
];

pub async fn show(visitor: Visitor) -> Result<Response, Failure> {
    page(&visitor, &Fields::default(), &Errors::default(), None).await
}

async fn page(
    visitor: &Visitor,
    typed: &Fields,
    errors: &Errors,
    made: Option<&str>,
) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let tokens: Vec<Token> = visitor.api.list("accounts/me/tokens").await?;
    let rows = tokens.iter().map(|token| {
        Row::new(
            token.name.as_str(),
            html! {
                (token.scopes.join(", ")) ", since " (day(token.created_at, "UTC"))
                (confirm(&format!("/account/tokens/{}/revoke", token.id),
                    Button::new("Revoke").secondary().attr("aria-label", format!("Revoke {}", token.name))))
            },
        )
    });
    let scopes = SCOPES.map(|(scope, says)| {
        Choice::new(scope, says).checked(typed.all("scopes").any(|known| known == scope))
    });
    let body = html! {
        @if let Some(made) = made {
            (InsetText::new(html! { p { "This is the token. It is shown this once." } p { code.plaudit-answer { (made) } } }))
        }
        @if !tokens.is_empty() { (SummaryList::new().rows(rows)) }
        h2.govuk-heading-m { "A new token" }
        (form("/account/tokens", html! {
            (Input::new("name", "What it is for").value(typed.text("name")).errors(errors).width(30))
            (Checkboxes::new("scopes", "What it may do").items(scopes).errors(errors))
            (Button::new("Make the token").prevent_double_click())
        }))
    };
    Ok(Page::new("API tokens").back("/account", "Account").errors(errors).show(visitor, body))
}

pub async fn make(visitor: Visitor, fields: Fields) -> Result<Response, Failure> {
    if fields.text("name").is_empty() {
        let mut errors = Errors::default();
        errors.push("name", "Enter what it is for, such as the name of a program");
        return page(&visitor, &fields, &errors, None).await;
    }
    let scopes: Vec<&str> = fields.all("scopes").collect();
    let wanted = json!({ "name": fields.text("name"), "scopes": scopes });
    match visitor.api.post::<NewToken>("accounts/me/tokens", "", &wanted).await {
        Ok(made) => page(&visitor, &Fields::default(), &Errors::default(), Some(&made.token)).await,
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            page(&visitor, &fields, &errors, None).await
        }
    }
}

pub async fn revoke(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let path = format!("accounts/me/tokens/{id}");
    visitor.api.send::<()>(Method::DELETE, &path, "", None, &json!({})).await?;
    Ok(visitor.to_saying("/account/tokens", "The token is revoked."))
}
