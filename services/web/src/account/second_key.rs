//! Proving, a moment before an act that matters, that it is still the same person.

use axum::extract::Query;
use axum::response::Response;
use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::sign_in::{code_page, going, is_plain, without_spaces};
use super::{CHALLENGE, Challenge, Me, NEXT, Next, TEN_MINUTES};
use crate::components::{Button, Errors};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, form};
use crate::visitor::{Cookies, Visitor};
use crate::words::next_of;

/// Until when the second key is held.
#[derive(Debug, Deserialize)]
pub(super) struct Confirmed {
    #[expect(dead_code, reason = "that it was answered is what counts")]
    second_key_until: jiff::Timestamp,
}

pub async fn show(visitor: Visitor, Query(next): Query<Next>) -> Result<Response, Failure> {
    page(&visitor, next.path(), &Errors::default()).await
}

pub(super) async fn page(visitor: &Visitor, next: &str, errors: &Errors) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let me: Me = visitor.api.get("accounts/me").await?;
    let after = next_of(next);
    let body = html! {
        p.govuk-body-l { "Opening the marks, approving an award and paying need a fresh proof that it is you. It counts for fifteen minutes." }
        @if me.second_key_until.is_some() {
            p.govuk-body { "You have just proven it. " a.govuk-link href=(next) { "Go on" } }
        }
        @if let Some(email) = &me.email {
            (form(&format!("/second-key?next={after}"), html! {
                (Button::new(html! { "Send a code to " (email) }).prevent_double_click())
            }))
        }
        form.plaudit-passkey method="post" action={ "/second-key/passkey?next=" (after) }
            data-passkey="get" data-begin="/second-key/passkey/begin" hidden {
            input type="hidden" name="challenge";
            input type="hidden" name="credential";
            (Button::new("Use a passkey").secondary())
            p.govuk-error-message role="alert" hidden {}
        }
    };
    Ok(Page::new("Show that it is you").errors(errors).script("passkey.mjs").show(visitor, body))
}

pub async fn ask(visitor: Visitor, Query(next): Query<Next>) -> Result<Response, Failure> {
    match visitor.api.post::<Challenge>("accounts/me/second-key", "", &json!({})).await {
        Ok(challenge) => {
            visitor.set(CHALLENGE, &challenge.challenge, Some(TEN_MINUTES));
            visitor.set(NEXT, &next_of(next.path()), Some(TEN_MINUTES));
            Ok(visitor.to("/second-key/code"))
        }
        Err(failure) => {
            let problem = failure.for_the_form()?;
            page(&visitor, next.path(), &problem.to_errors()).await
        }
    }
}

pub async fn code(visitor: Visitor, cookies: Cookies) -> Result<Response, Failure> {
    visitor.signed_in()?;
    Ok(code_page(&visitor, &cookies, "/second-key/code", "", &Errors::default()))
}

pub async fn answer(visitor: Visitor, cookies: Cookies, fields: Fields) -> Result<Response, Failure> {
    let Some(challenge) = cookies.get(CHALLENGE).filter(|challenge| is_plain(challenge)) else {
        return Ok(visitor.to("/second-key"));
    };
    let code = without_spaces(fields.text("code"));
    let path = format!("accounts/me/second-key/{challenge}");
    match visitor.api.post::<Confirmed>(&path, "", &json!({ "code": code })).await {
        Ok(_) => Ok(proven(&visitor, &going(&cookies))),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            let mut errors = Errors::default();
            for (_, message) in problem.to_errors().iter() {
                errors.push("code", message);
            }
            Ok(code_page(&visitor, &cookies, "/second-key/code", &code, &errors))
        }
    }
}

/// Back to what they were about to do.
pub(super) fn proven(visitor: &Visitor, next: &str) -> Response {
    visitor.drop_cookie(CHALLENGE);
    visitor.drop_cookie(NEXT);
    visitor.to_saying(next, "Thank you. For the next fifteen minutes we know that it is you.")
}
