//! Passkeys. The browser's own dialogue needs a script; whoever has none signs
//! in by a code.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::Method;
use axum::response::Response;
use jiff::Timestamp;
use maud::html;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::second_key::{Confirmed, proven};
use super::sign_in::is_plain;
use super::{Next, SignedIn, entered, second_key, sign_in};
use crate::components::Row;
use crate::components::{Button, Errors, Input, SummaryList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, confirm};
use crate::visitor::Visitor;
use crate::words::day;

#[derive(Debug, Deserialize)]
struct Passkey {
    id: Uuid,
    name: String,
    created_at: Timestamp,
}

pub async fn begin_sign_in(visitor: Visitor) -> Result<Json<Value>, Failure> {
    visitor.api.post("accounts/sign-in/passkey", "", &json!({})).await.map(Json)
}

pub async fn begin_second_key(visitor: Visitor) -> Result<Json<Value>, Failure> {
    visitor.api.post("accounts/me/second-key/passkey", "", &json!({})).await.map(Json)
}

pub async fn begin_new(visitor: Visitor) -> Result<Json<Value>, Failure> {
    visitor.api.post("accounts/me/passkeys/begin", "", &json!({})).await.map(Json)
}

pub async fn sign_in(
    visitor: Visitor,
    Query(next): Query<Next>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (path, body) = shown(&fields, "accounts/sign-in/passkey")?;
    match visitor.api.post::<SignedIn>(&path, "", &body).await {
        Ok(signed_in) => Ok(entered(&visitor, &signed_in, next.path()).await),
        Err(failure) => {
            let errors = general(failure)?;
            sign_in::page(&visitor, next.path(), "", &errors).await
        }
    }
}

pub async fn second_key(
    visitor: Visitor,
    Query(next): Query<Next>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (path, body) = shown(&fields, "accounts/me/second-key/passkey")?;
    match visitor.api.post::<Confirmed>(&path, "", &body).await {
        Ok(_) => Ok(proven(&visitor, next.path())),
        Err(failure) => {
            let errors = general(failure)?;
            second_key::page(&visitor, next.path(), &errors).await
        }
    }
}

/// Where a passkey's answer goes, and what it is.
fn shown(fields: &Fields, path: &str) -> Result<(String, Value), Failure> {
    let challenge = fields.text("challenge");
    let credential: Option<Value> = serde_json::from_str(fields.text("credential")).ok();
    match credential {
        Some(credential) if is_plain(challenge) => {
            Ok((format!("{path}/{challenge}"), json!({ "credential": credential })))
        }
        _ => Err(Failure::refused(
            axum::http::StatusCode::BAD_REQUEST,
            "passkey-missing",
            "Your browser did not send a passkey. Go back and try again, or use a code.",
        )),
    }
}

/// A passkey is no field that somebody could correct.
fn general(failure: Failure) -> Result<Errors, Failure> {
    let mut errors = Errors::default();
    for (_, message) in failure.for_the_form()?.to_errors().iter() {
        errors.push_general(message);
    }
    Ok(errors)
}

pub async fn show(visitor: Visitor) -> Result<Response, Failure> {
    page(&visitor, "", &Errors::default()).await
}

/// The page with the name that was typed and what was wrong with it.
async fn page(visitor: &Visitor, name: &str, errors: &Errors) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let passkeys: Vec<Passkey> = visitor.api.list("accounts/me/passkeys").await?;
    let rows = passkeys.iter().map(|passkey| {
        let made = format!("Added on {}", day(passkey.created_at, "UTC"));
        Row::new(
            passkey.name.as_str(),
            html! {
                (made)
                (confirm(&format!("/account/passkeys/{}/delete", passkey.id),
                    Button::new("Delete").secondary().attr("aria-label", format!("Delete {}", passkey.name))))
            },
        )
    });
    let body = html! {
        p.govuk-body-l { "A passkey is kept by your phone, computer or security key. It signs you in without a code, and nobody can copy it." }
        @if passkeys.is_empty() { p.govuk-body { "You have none yet." } } @else { (SummaryList::new().rows(rows)) }
        form.plaudit-passkey method="post" action="/account/passkeys" data-passkey="create" data-begin="/account/passkeys/begin" hidden {
            input type="hidden" name="challenge";
            input type="hidden" name="credential";
            (Input::new("name", "What to call a new one").hint("Such as “Phone” or “Blue key”").width(20).value(name).errors(errors))
            (Button::new("Add a passkey"))
            p.govuk-error-message role="alert" hidden {}
        }
        noscript { p.govuk-body { "Adding a passkey needs JavaScript, which is switched off in this browser." } }
    };
    Ok(Page::new("Passkeys")
        .back("/account", "Account")
        .errors(errors)
        .script("passkey.mjs")
        .show(visitor, body))
}

pub async fn add(visitor: Visitor, fields: Fields) -> Result<Response, Failure> {
    let name = fields.text("name");
    if name.is_empty() {
        let mut errors = Errors::default();
        errors.push("name", "Enter a name for it, such as Phone");
        return page(&visitor, name, &errors).await;
    }
    let (_, body) = shown(&fields, "")?;
    let new = json!({
        "challenge": fields.text("challenge"),
        "name": name,
        "credential": body["credential"],
    });
    match visitor.api.post::<Value>("accounts/me/passkeys", "", &new).await {
        Ok(_) => Ok(visitor.to_saying("/account/passkeys", "The passkey is added.")),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            page(&visitor, name, &errors).await
        }
    }
}

pub async fn delete(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let path = format!("accounts/me/passkeys/{id}");
    visitor.api.send::<()>(Method::DELETE, &path, "", None, &json!({})).await?;
    Ok(visitor.to_saying("/account/passkeys", "The passkey is deleted."))
}
