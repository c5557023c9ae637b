use axum::extract::Query;
use axum::http::Method;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::{CHALLENGE, Challenge, NEXT, Next, SignedIn, TEN_MINUTES, entered};
use crate::components::{Button, Details, Errors, Input};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, form};
use crate::visitor::{Cookies, Visitor};
use crate::words::{next_of, ours};

/// Which ways in there are.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ways {
    passkey: bool,
    oidc: Option<String>,
}

pub async fn show(visitor: Visitor, Query(next): Query<Next>) -> Result<Response, Failure> {
    page(&visitor, next.path(), "", &Errors::default()).await
}

/// The page with what was typed and what was wrong with it.
pub(super) async fn page(
    visitor: &Visitor,
    next: &str,
    email: &str,
    errors: &Errors,
) -> Result<Response, Failure> {
    let ways: Ways = visitor.api.find("accounts/sign-in").await?.unwrap_or_default();
    let action = format!("/sign-in?next={}", next_of(next));
    let body = html! {
        p.govuk-body-l { "There are no passwords here. We send you a code that works once, in this browser." }
        (form(&action, html! {
            (Input::new("email", "Your email address").kind("email").autocomplete("email").spellcheck(false)
                .value(email).errors(errors).width(30))
            (Button::new("Send me a code").prevent_double_click())
        }))
        @if ways.passkey { (passkey(next)) }
        @if let Some(name) = &ways.oidc {
            p.govuk-body {
                a.govuk-button.govuk-button--secondary href={ "/sign-in/oidc/begin?next=" (next_of(next)) } { "Sign in with " (name) }
            }
        }
    };
    Ok(Page::new("Sign in").errors(errors).script("passkey.mjs").show(visitor, body))
}

fn passkey(next: &str) -> Markup {
    html! {
        form.plaudit-passkey method="post" action={ "/sign-in/passkey?next=" (next_of(next)) }
            data-passkey="get" data-begin="/sign-in/passkey/begin" hidden {
            input type="hidden" name="challenge";
            input type="hidden" name="credential";
            (Button::new("Use a passkey").secondary())
            p.govuk-error-message role="alert" hidden {}
        }
    }
}

pub async fn ask(visitor: Visitor, Query(next): Query<Next>, fields: Fields) -> Result<Response, Failure> {
    let email = fields.text("email");
    let asked = visitor.api.post::<Challenge>("accounts/sign-in", "", &json!({ "email": email })).await;
    match asked {
        Ok(challenge) => {
            visitor.set(CHALLENGE, &challenge.challenge, Some(TEN_MINUTES));
            visitor.set(NEXT, &next_of(next.path()), Some(TEN_MINUTES));
            Ok(visitor.to("/sign-in/code"))
        }
        Err(failure) => {
            let problem = failure.for_the_form()?;
            page(&visitor, next.path(), email, &problem.to_errors()).await
        }
    }
}

/// What a link from the mail may bring.
#[derive(Debug, Default, Deserialize)]
pub struct Brought {
    code: Option<String>,
}

pub async fn code(visitor: Visitor, cookies: Cookies, Query(brought): Query<Brought>) -> Response {
    let code = brought.code.unwrap_or_default();
    if cookies.get(CHALLENGE).is_none() {
        return elsewhere(&visitor);
    }
    code_page(&visitor, &cookies, "/sign-in/code", &code, &Errors::default())
}

/// Asks for the code, here or as the second key. Whoever wants another one is
/// still going where they were.
pub(super) fn code_page(
    visitor: &Visitor,
    cookies: &Cookies,
    action: &str,
    code: &str,
    errors: &Errors,
) -> Response {
    let again = format!("{}?next={}", action.trim_end_matches("/code"), next_of(&going(cookies)));
    let body = html! {
        p.govuk-body { "We have sent you six digits. They work once, for ten minutes, and only in this browser." }
        (form(action, html! {
            (Input::new("code", "The code").inputmode("numeric").autocomplete("one-time-code").width(10)
                .value(code).spellcheck(false).errors(errors))
            (Button::new("Continue").prevent_double_click())
        }))
        (Details::new("Nothing has come", html! {
            p { "It can take a minute. Look in the folder for unwanted mail, and check that you typed the right address." }
            p { a.govuk-link href=(again) { "Ask for another code" } }
        }))
    };
    Page::new("Type the code from your mail").errors(errors).show(visitor, body)
}

/// The link was opened somewhere else: it signs nobody in.
fn elsewhere(visitor: &Visitor) -> Response {
    let body = html! {
        p.govuk-body { "This link works only in the browser where you asked for it. Go back there and open the link, or type the six digits from the mail." }
        p.govuk-body { a.govuk-link href="/sign-in" { "Or sign in in this browser" } }
    };
    Page::new("Not in this browser").show(visitor, body)
}

pub async fn answer(visitor: Visitor, cookies: Cookies, fields: Fields) -> Result<Response, Failure> {
    let Some(challenge) = cookies.get(CHALLENGE).filter(|challenge| is_plain(challenge)) else {
        return Ok(elsewhere(&visitor));
    };
    let code = without_spaces(fields.text("code"));
    let tried = visitor
        .api
        .post::<SignedIn>(&format!("accounts/sign-in/{challenge}"), "", &json!({ "code": code }))
        .await;
    match tried {
        Ok(signed_in) => Ok(entered(&visitor, &signed_in, &going(&cookies)).await),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            let mut errors = Errors::default();
            for (_, message) in problem.to_errors().iter() {
                errors.push("code", message);
            }
            Ok(code_page(&visitor, &cookies, "/sign-in/code", &code, &errors))
        }
    }
}

/// A code as it is sent, however it was typed.
pub(super) fn without_spaces(code: &str) -> String {
    code.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Where the visitor was going when they began.
pub(super) fn going(cookies: &Cookies) -> String {
    let next = format!("next={}", cookies.get(NEXT).unwrap_or("/home"));
    let next = url::form_urlencoded::parse(next.as_bytes()).map(|(_, path)| path.into_owned()).next();
    ours(&next.unwrap_or_default()).to_owned()
}

/// Of the characters that challenges are made of: it becomes part of a path.
pub(super) fn is_plain(challenge: &str) -> bool {
    !challenge.is_empty()
        && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

pub async fn out(visitor: Visitor) -> Result<Response, Failure> {
    let sessions: Vec<super::own::Session> =
        visitor.api.list("accounts/me/sessions").await.unwrap_or_default();
    if let Some(current) = sessions.iter().find(|session| session.current) {
        let path = format!("accounts/me/sessions/{}", current.id);
        visitor.api.send::<()>(Method::DELETE, &path, "", None, &json!({})).await?;
    }
    visitor.leave();
    Ok(visitor.to_saying("/", "You are signed out."))
}
