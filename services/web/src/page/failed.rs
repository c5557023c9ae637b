use axum::http::{Method, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use super::{Page, key};
use crate::components::{Button, InsetText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visitor::Visitor;
use crate::words::next_of;

/// A page about what went wrong. What a form had sent is on it, to be sent again.
pub fn failed(visitor: &Visitor, failure: Failure, method: &Method, sent: &Fields) -> Response {
    let status = failure.status();
    let reads = method == Method::GET;
    if reads && status == StatusCode::UNAUTHORIZED {
        visitor.leave();
        return visitor.to(&format!("/sign-in?next={}", next_of(&visitor.path)));
    }
    if status.is_server_error() {
        // A query may hold a code.
        let path = visitor.path.split('?').next().unwrap_or_default();
        tracing::warn!(path, %failure, "a page could not be made");
    }
    let (title, what) = told(&failure);
    let body = html! {
        @for paragraph in what { p.govuk-body { (paragraph) } }
        @if status == StatusCode::UNAUTHORIZED {
            (elsewhere("/sign-in?next=/home", "Sign in, in a new tab"))
        }
        @if failure.code() == "second-key-needed" {
            (elsewhere("/second-key", "Show that it is you, in a new tab"))
        }
        @if !reads && !sent.0.is_empty() && can_be_sent_again(&failure) { (again(visitor, sent)) }
        p.govuk-body { a.govuk-link href="/" { "Go to the first page" } }
    };
    Page::new(title).status(status).show(visitor, body)
}

fn elsewhere(href: &str, text: &str) -> Markup {
    html! { p.govuk-body { a.govuk-link href=(href) target="_blank" rel="noopener" { (text) } } }
}

fn told(failure: &Failure) -> (&'static str, Vec<String>) {
    let detail = match failure {
        Failure::Problem(problem) => problem.detail.clone(),
        Failure::Broken(_) => String::new(),
    };
    match failure.status().as_u16() {
        401 => ("You have been signed out", vec!["Nothing that you wrote is lost: it is kept on this page.".to_owned()]),
        403 if failure.code() == "second-key-needed" => (
            "First show that it is you",
            vec![
                "This needs a fresh proof that it is you: a code by email, or your passkey.".to_owned(),
                "What you were about to do is kept on this page.".to_owned(),
            ],
        ),
        403 => ("This is not for you", vec![detail]),
        404 => (
            "Page not found",
            vec!["It is not here, or not for you to see. If somebody sent you the address, check that you are signed in with the address that they invited.".to_owned()],
        ),
        413 => ("That is too large", vec![detail]),
        500.. => (
            "This does not work just now",
            vec!["It is not your fault, and nothing is half done. Wait a moment, then try again.".to_owned()],
        ),
        _ => ("That was not possible", vec![detail]),
    }
}

fn can_be_sent_again(failure: &Failure) -> bool {
    matches!(failure.status().as_u16(), 401 | 429 | 500..) || failure.code() == "second-key-needed"
}

/// The same form once more, with the key that it had.
fn again(visitor: &Visitor, sent: &Fields) -> Markup {
    html! {
        (InsetText::new(html! { "Then send it again. It counts once, however often you send it." }))
        form method="post" action=(visitor.path) {
            @if sent.key().is_empty() { (key()) }
            @for (name, value) in &sent.0 {
                // A text area, though hidden, keeps lines and long texts as they are.
                textarea name=(name) hidden aria-label=(name) { "\n" (value) }
            }
            (Button::new("Send it again"))
        }
        details.govuk-details {
            summary.govuk-details__summary { span.govuk-details__summary-text { "What is kept here" } }
            div.govuk-details__text {
                dl.plaudit-kept {
                    @for (name, value) in sent.0.iter().filter(|(name, value)| !name.starts_with('_') && !value.is_empty()) {
                        dt { (name) } dd { (value) }
                    }
                }
            }
        }
    }
}
