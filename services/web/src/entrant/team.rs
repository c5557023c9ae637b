//! Who writes a draft together: an invitation by a link, and joining by it.

use axum::extract::{Path, Query};
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::draft::{Desk, api_path, page_path};
use crate::api::{Member, Programme};
use crate::components::{Button, Errors, Input, Row, SummaryList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm, form, key};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{day, next_of};

/// A code, shown once.
#[derive(Deserialize)]
struct Code {
    code: String,
    expires_at: Timestamp,
    /// Where the pages are.
    #[serde(skip)]
    site: String,
}

#[derive(Deserialize)]
struct Invitation {
    expires_at: Option<Timestamp>,
}

pub async fn show(visitor: Visitor, Path((id, draft)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    page(&visitor, id, draft, None, &Errors::default()).await
}

async fn page(
    visitor: &Visitor,
    id: Uuid,
    draft: Uuid,
    code: Option<Code>,
    errors: &Errors,
) -> Result<Response, Failure> {
    let (invitation, members) = (
        format!("{}/invitation", api_path(id, draft)),
        format!("accounts/programmes/{id}/members?limit=1000"),
    );
    let (desk, invitation, members) = together!(
        Desk::of(visitor, id, draft),
        visitor.api.find::<Invitation>(&invitation),
        visitor.api.find::<crate::api::Listed<Member>>(&members),
    )?;
    let members = members.map(|members| members.items).unwrap_or_default();
    let you = desk.programme.you.as_ref().map(|you| you.member);
    let is_author = desk.draft.author.is_none() || desk.draft.author == you;
    let out = invitation.and_then(|invitation| invitation.expires_at).filter(|_| code.is_none());
    let body = html! {
        p.govuk-body { "Whoever writes with you sees and changes the same draft, and is in the team when it is submitted. If two of you change the same answer at once, both texts are kept and you choose." }
        (people(&desk, &members, is_author))
        @if is_author {
            h2.govuk-heading-m { "Invite somebody" }
            @if let Some(code) = &code { (link(&desk, code)) }
            @if let Some(until) = out {
                p.govuk-body { "A link is out, good until " (day(until, desk.zone())) ". It is not shown again; a new one takes its place." }
            }
            (form(&desk.path("/team"), html! {
                div.govuk-button-group {
                    (Button::new("Make an invitation link").name("do").value("invite").secondary())
                    @if out.is_some() || code.is_some() {
                        (Button::new("Take the link back").name("do").value("uninvite").secondary())
                    }
                }
            }))
        }
        p.govuk-body { a.govuk-link href=(desk.path("")) { "Back to the task list" } }
    };
    Ok(Page::new("Your team mates")
        .of(&desk.programme, Tab::Pitches)
        .back(desk.path(""), "Your pitch")
        .errors(errors)
        .style("entrant.css")
        .show(visitor, body))
}

/// The names that are known; who is looking is “You”.
fn called(member: Uuid, desk: &Desk, members: &[Member]) -> String {
    if desk.programme.you.as_ref().is_some_and(|you| you.member == member) {
        return "You".to_owned();
    }
    let known = members.iter().find(|known| known.member == member && !known.name.is_empty());
    known.map_or_else(|| "Somebody in your team".to_owned(), |known| known.name.clone())
}

fn people(desk: &Desk, members: &[Member], is_author: bool) -> Markup {
    let you = desk.programme.you.as_ref().map(|you| you.member);
    let author = desk.draft.author.or(you);
    let mut list = SummaryList::new();
    if let Some(author) = author {
        list = list.row(Row::new(called(author, desk, members), "Began it"));
    }
    for (mate, number) in desk.draft.collaborators.iter().zip(1..) {
        let leaves = Some(*mate) == you;
        let (button, act) = if leaves { ("Leave", "leave") } else { ("Remove", "remove") };
        let value = html! {
            @if is_author || leaves {
                form.entrant-inline method="post" action=(desk.path("/team")) {
                    (key())
                    input type="hidden" name="member" value=(mate);
                    (Button::new(html! { (button) span.govuk-visually-hidden { " (team mate " (number) ")" } })
                        .secondary().name("do").value(act))
                }
            } @else { "Writes with you" }
        };
        list = list.row(Row::new(called(*mate, desk, members), value));
    }
    html! { (list) }
}

fn link(desk: &Desk, code: &Code) -> Markup {
    let address = format!("{}/programmes/{}/join?code={}", code.site, desk.programme.id, code.code);
    html! {
        (Input::new("link", "The link")
            .hint(html! { "Copy it and send it to your team mate. Whoever has it can join until " (day(code.expires_at, desk.zone())) ", so send it to nobody else. It is shown this once." })
            .value(address).attr("readonly", "readonly").spellcheck(false))
    }
}

/// How this site is called by whoever asks: plain only on their own machine.
fn site(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let plain = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    format!("{}://{host}", if plain { "http" } else { "https" })
}

pub async fn change(
    visitor: Visitor,
    Path((id, draft)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Failure> {
    let (path, none) = (api_path(id, draft), json!({}));
    let done = match fields.text("do") {
        "invite" => {
            let made = visitor.api.post::<Code>(&format!("{path}/invitation"), fields.key(), &none).await;
            match made {
                Ok(code) => {
                    let code = Code { site: site(&headers), ..code };
                    return page(&visitor, id, draft, Some(code), &Errors::default()).await;
                }
                Err(failure) => Err(failure),
            }
        }
        "uninvite" => {
            let path = format!("{path}/invitation");
            visitor.api.send::<()>(Method::DELETE, &path, fields.key(), None, &none).await
        }
        _ => {
            let member: Uuid = fields.text("member").parse().map_err(|_| Failure::not_found("team mate"))?;
            let path = format!("{path}/collaborators/{member}");
            visitor.api.send::<()>(Method::DELETE, &path, fields.key(), None, &none).await
        }
    };
    match done {
        Ok(()) if fields.text("do") == "uninvite" => {
            Ok(visitor.to_saying(&page_path(id, draft, "/team"), "The link no longer works."))
        }
        // Whoever has left no longer sees the draft, nor this page of it.
        Ok(()) if fields.text("do") == "leave" => {
            Ok(visitor.to_saying(&format!("/programmes/{id}/pitches"), "You no longer write this draft."))
        }
        Ok(()) => Ok(visitor.to_saying(&page_path(id, draft, "/team"), "They no longer write this draft.")),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            page(&visitor, id, draft, None, &problem.to_errors()).await
        }
    }
}

/// A code that somebody was sent.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    code: String,
}

pub async fn joining(
    visitor: Visitor,
    Path(id): Path<Uuid>,
    Query(Sent { code }): Query<Sent>,
) -> Result<Response, Failure> {
    if !visitor.is_signed_in() {
        return Ok(visitor.to(&format!("/sign-in?next={}", next_of(&visitor.path))));
    }
    join_page(&visitor, id, &code, &Errors::default()).await
}

async fn join_page(visitor: &Visitor, id: Uuid, code: &str, errors: &Errors) -> Result<Response, Failure> {
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    let body = html! {
        p.govuk-body-l { "Somebody has asked you to write a pitch with them." }
        p.govuk-body { "You will see and change the same draft, and be in its team when it is submitted. Those who run or judge this programme cannot join." }
        (confirm(&format!("/programmes/{id}/join?code={}", next_of_code(code)), Button::new("Join the team")))
    };
    Ok(Page::new("Join a team").of(&programme, Tab::Pitches).errors(errors).show(visitor, body))
}

fn next_of_code(code: &str) -> String {
    url::form_urlencoded::byte_serialize(code.as_bytes()).collect()
}

pub async fn join(
    visitor: Visitor,
    Path(id): Path<Uuid>,
    Query(Sent { code }): Query<Sent>,
    fields: Fields,
) -> Result<Response, Failure> {
    #[derive(Deserialize)]
    struct Joined {
        id: Uuid,
    }
    let path = format!("submissions/programmes/{id}/drafts/join");
    match visitor.api.post(&path, fields.key(), &json!({ "code": code })).await {
        Ok(Joined { id: draft }) => Ok(visitor
            .to_saying(&page_path(id, draft, ""), "You are in the team: this is what you write together.")),
        Err(failure) => {
            let problem = match failure {
                Failure::Problem(problem) if problem.code() == "code-unknown" => problem,
                other => other.for_the_form()?,
            };
            join_page(&visitor, id, &code, &problem.to_errors()).await
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_link_is_plain_only_on_this_machine() {
        for (host, is) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("plaudit.example", "https://plaudit.example"),
            ("localhost.evil.example", "https://localhost.evil.example"),
        ] {
            let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            assert_eq!(site(&headers), is);
        }
    }
}
