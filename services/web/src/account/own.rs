//! A person's own account.

use axum::extract::{Path, Query};
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Me, Next};
use crate::components::{Button, Errors, Input, Row, SummaryList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, confirm, form};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{next_of, when};

/// Somewhere where the person is signed in.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Session {
    pub id: Uuid,
    pub client: String,
    pub signed_in: Timestamp,
    pub current: bool,
}

pub async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let (me, sessions) = together!(
        visitor.api.get::<Me>("accounts/me"),
        visitor.api.list::<Session>("accounts/me/sessions"),
    )?;
    let name = if me.name.is_empty() { "Not given yet" } else { me.name.as_str() };
    let body = html! {
        (SummaryList::new()
            .row(Row::new("Name", name).action("Change", "/account/name", "name"))
            .row(Row::new("Email address", me.email.as_deref().unwrap_or("None"))))
        h2.govuk-heading-m { "Where you are signed in" }
        (SummaryList::new().rows(sessions.iter().map(row)))
        h2.govuk-heading-m { "Ways in" }
        ul.govuk-list {
            li { a.govuk-link href="/account/passkeys" { "Passkeys" } }
            li { a.govuk-link href="/account/tokens" { "API tokens" } ", for programs that act for you" }
        }
        h2.govuk-heading-m { "What is kept about you" }
        ul.govuk-list {
            li { a.govuk-link href="/account/everything.json" download="plaudit-everything.json" { "Download everything that is held about you" } }
            li { a.govuk-link href="/account/leave" { "Delete your account" } }
        }
        (confirm("/sign-out", Button::new("Sign out").secondary()))
    };
    Ok(Page::new("Your account").show(&visitor, body))
}

fn row(session: &Session) -> Row {
    let since = when(session.signed_in, "UTC");
    let what: Markup = html! {
        "Since " (since) " (UTC)"
        @if session.current { ". This one." } @else {
            (confirm(&format!("/account/sessions/{}/end", session.id), Button::new("End it").secondary()))
        }
    };
    Row::new(browser(&session.client), what)
}

/// What a browser calls itself, shortened to what a person knows it by.
fn browser(client: &str) -> String {
    let has = |name: &str| client.contains(name);
    let program = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let program = program.iter().find(|(mark, _)| has(mark)).map(|(_, name)| *name);
    let system = [
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "a Mac"),
        ("Linux", "Linux"),
    ];
    let system = system.iter().find(|(mark, _)| has(mark)).map(|(_, name)| *name);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.to_owned(),
        _ if client.is_empty() => "A program without a name".to_owned(),
        _ => client.chars().take(60).collect(),
    }
}

pub async fn end_session(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let path = format!("accounts/me/sessions/{id}");
    visitor.api.send::<()>(Method::DELETE, &path, "", None, &json!({})).await?;
    Ok(visitor.to_saying("/account", "That session is ended."))
}

pub async fn everything(visitor: Visitor) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let mut answer = visitor.api.open("accounts/me/everything").await?;
    let kept = HeaderValue::from_static("attachment; filename=\"plaudit-everything.json\"");
    answer.headers_mut().insert(header::CONTENT_DISPOSITION, kept);
    Ok(answer)
}

pub async fn name(visitor: Visitor, Query(next): Query<Next>) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let me: Me = visitor.api.get("accounts/me").await?;
    Ok(name_page(&visitor, next.path(), &me.name, &Errors::default()))
}

fn name_page(visitor: &Visitor, next: &str, name: &str, errors: &Errors) -> Response {
    let body = form(
        &format!("/account/name?next={}", next_of(next)),
        html! {
            (Input::new("name", "Your name").heading().autocomplete("name").value(name).errors(errors).width(30)
                .hint("Those who run a programme that you are in see it."))
            (Button::new("Continue").prevent_double_click())
        },
    );
    Page::new("Your name").bare().errors(errors).show(visitor, body)
}

pub async fn rename(visitor: Visitor, Query(next): Query<Next>, fields: Fields) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let name = fields.text("name");
    if name.is_empty() {
        let mut errors = Errors::default();
        errors.push("name", "Enter your name");
        return Ok(name_page(&visitor, next.path(), name, &errors));
    }
    let renamed =
        visitor.api.send::<Value>(Method::PUT, "accounts/me", "", None, &json!({ "name": name })).await;
    match renamed {
        Ok(_) => Ok(visitor.to(next.path())),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            Ok(name_page(&visitor, next.path(), name, &errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_by_the_names_that_people_know() {
        for (client, known) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
                "Safari on an iPhone",
            ),
            ("curl/8.5.0", "curl/8.5.0"),
            ("", "A program without a name"),
        ] {
            assert_eq!(browser(client), known);
        }
    }
}
