//! Letters: what went to whom, and what those to many say.

mod kinds;

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::api::{Listed, Programme, Role, Versioned};
use crate::components::{Button, Cell, Details, Errors, Input, Pagination, Table, Tag, Textarea};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::known::holds_a_key;
use crate::page::{Page, Tab, form};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::instant;
pub use kinds::AT_THE_ANNOUNCEMENT;
use kinds::{TO_MANY, because, called};

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise/letters", get(sent))
        .route("/programmes/{programme}/organise/letters/{kind}", get(preview).post(keep))
}

/// A letter in the log.
#[derive(Clone, Debug, Deserialize)]
struct Letter {
    kind: String,
    member: Option<Uuid>,
    state: String,
    why: Option<String>,
    made_at: Timestamp,
    settled_at: Option<Timestamp>,
    #[serde(default)]
    maybe_twice: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Wording {
    subject: String,
    text: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Preview {
    subject: String,
    text: String,
    wording: Wording,
    default: Wording,
    edited: bool,
    placeholders: Vec<String>,
}

async fn programme(visitor: &Visitor, id: Uuid) -> Result<Programme, Failure> {
    visitor.signed_in()?;
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    holds_a_key(&programme)?;
    Ok(programme)
}

async fn sent(
    visitor: Visitor,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    let after: Option<u64> = query.text("after").parse().ok();
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    let path = format!("notify/programmes/{id}/letters?limit=50{after}");
    // First by itself: whose refusal comes first must not be left to chance.
    let programme = programme(&visitor, id).await?;
    let (names, letters) = together!(Names::of(&visitor.api, id), visitor.api.get::<Listed<Letter>>(&path))?;
    let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    let here = format!("/programmes/{id}/organise/letters");
    let body = html! {
        p.govuk-body { "Every letter goes once. What it says is not kept here, only that it went." }
        @if letters.items.is_empty() { p.govuk-body { "No letter has been written yet." } }
        @else { (log(&letters.items, &names, zone)) }
        @if let Some(next) = &letters.next {
            (Pagination::new().next_called(format!("{here}?after={next}"), "Earlier letters", None::<&str>))
        }
        @if programme.you_are(Role::Organiser) {
            h2.govuk-heading-m { "What letters to many say" }
            ul.govuk-list {
                @for (kind, says) in TO_MANY { li { a.govuk-link href={ (here) "/" (kind) } { (says) } } }
            }
        }
    };
    let page = Page::new("Letters").of(&programme, Tab::Organise).style("awards.css");
    Ok(page.back(format!("/programmes/{id}/organise"), "Organise").show(&visitor, body))
}

fn log(letters: &[Letter], names: &Names, zone: &str) -> Markup {
    let mut table = Table::new().caption(html! { span.govuk-visually-hidden { "Letters, newest first" } });
    table = table.head(["Written", "What", "To", "How it went"]);
    for letter in letters {
        table = table.row([
            Cell::new(instant(letter.made_at, zone)),
            Cell::new(called(&letter.kind)),
            Cell::new(match letter.member {
                Some(member) => names.member(member).to_owned(),
                None => "Somebody with a draft".to_owned(),
            }),
            Cell::new(html! {
                (state(letter))
                @if let Some(why) = &letter.why { " " (because(why)) }
                @if letter.maybe_twice { " It may have gone twice." }
                @if letter.state == "sent" && let Some(at) = letter.settled_at { div.plaudit-quiet { (instant(at, zone)) } }
            }),
        ]);
    }
    html! { div.plaudit-scroll tabindex="0" role="region" aria-label="Letters" { (table) } }
}

fn state(letter: &Letter) -> Tag {
    match letter.state.as_str() {
        "sent" => Tag::new("Sent").green(),
        "waiting" | "claimed" => Tag::new("Waits").yellow(),
        "dropped" => Tag::new("Not sent").grey(),
        _ => Tag::new("Given up").red(),
    }
}

async fn preview(visitor: Visitor, Path((id, kind)): Path<(Uuid, String)>) -> Result<Response, Failure> {
    edit(&visitor, id, &kind, &Errors::default(), &Fields::default()).await
}

fn to_many(kind: &str) -> Result<(&'static str, &'static str), Failure> {
    TO_MANY.into_iter().find(|(known, _)| *known == kind).ok_or_else(|| Failure::not_found("letter"))
}

async fn edit(
    visitor: &Visitor,
    id: Uuid,
    kind: &str,
    errors: &Errors,
    typed: &Fields,
) -> Result<Response, Failure> {
    let (kind, says) = to_many(kind)?;
    let path = format!("notify/programmes/{id}/letters/previews/{kind}");
    let programme = programme(visitor, id).await?;
    let preview = visitor.api.get_versioned::<Preview>(&path).await?;
    let here = format!("/programmes/{id}/organise/letters");
    let it = &preview.body;
    let body = html! {
        h2.govuk-heading-m { "As it goes out now" }
        p.govuk-body { strong { (it.subject) } }
        div.plaudit-letter { (it.text) }
        h2.govuk-heading-m { "Word it yourself" }
        (form(&format!("{here}/{kind}"), wording(&preview, errors, typed)))
        @if it.edited {
            (Details::new("What it says unless you word it", html! {
                p.govuk-body { strong { (it.default.subject) } }
                div.plaudit-letter { (it.default.text) }
            }))
        }
    };
    let page = Page::new(says).of(&programme, Tab::Organise).errors(errors).style("awards.css");
    Ok(page.back(here, "Letters").show(visitor, body))
}

fn wording(preview: &Versioned<Preview>, errors: &Errors, typed: &Fields) -> Markup {
    let it = &preview.body;
    let is_typed = typed.has("_key");
    let (subject, text) = if is_typed {
        (typed.text("subject"), typed.raw("text"))
    } else {
        (it.wording.subject.as_str(), it.wording.text.as_str())
    };
    html! {
        @if let Some(version) = preview.version { input type="hidden" name="_version" value=(version); }
        p.govuk-body {
            "These are filled in for each reader: "
            @for (at, name) in it.placeholders.iter().enumerate() { @if at > 0 { ", " } code { "{" (name) "}" } } "."
        }
        (Input::new("subject", "Subject").value(subject).errors(errors))
        (Textarea::new("text", "Text").rows(14).value(text).most_characters(5000).errors(errors)
            .hint("An empty line begins a new paragraph."))
        (Button::new("Keep this wording").prevent_double_click())
    }
}

async fn keep(
    visitor: Visitor,
    Path((id, kind)): Path<(Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let (kind, _) = to_many(&kind)?;
    programme(&visitor, id).await?;
    let path = format!("notify/programmes/{id}/letters/wordings/{kind}");
    let wording = Wording { subject: fields.text("subject").to_owned(), text: fields.raw("text").to_owned() };
    let kept = visitor.api.send::<Value>(Method::PUT, &path, fields.key(), fields.version(), &wording).await;
    match kept {
        Ok(_) => Ok(visitor.to_saying(
            &format!("/programmes/{id}/organise/letters/{kind}"),
            "Kept. What goes from now on says this.",
        )),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            edit(&visitor, id, kind, &errors, &fields).await
        }
    }
}
