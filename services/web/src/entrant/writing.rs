//! Writing a draft, part by part: a page each, saved as often as one likes.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::draft::{Content, Desk, page_path};
use super::form;
use super::moved;
use super::part::Part;
use super::saving::{Outcome, save};
use super::too_late;
use crate::components::{Button, Errors};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, key};
use crate::visitor::Visitor;
use crate::words::when;

/// The page of a part, by the end of its path.
async fn show(visitor: Visitor, id: Uuid, draft: Uuid, part: Part) -> Result<Response, Failure> {
    let desk = Desk::of(&visitor, id, draft).await?;
    asked(&desk, &part)?;
    Ok(page(&visitor, &desk, &part, &desk.draft.content, &Errors::default()))
}

/// 404 for a question that the rulebook does not ask.
fn asked(desk: &Desk, part: &Part) -> Result<(), Failure> {
    match part {
        Part::Question(id) if !desk.questions().iter().any(|question| question.id == *id) => {
            Err(Failure::not_found("question"))
        }
        _ => Ok(()),
    }
}

/// The form of a part. `shown` is what stands in it, which may not be saved.
fn page(visitor: &Visitor, desk: &Desk, part: &Part, shown: &Content, errors: &Errors) -> Response {
    let title = form::title(desk, part);
    let unsaved = part.read(shown) != part.read(&desk.draft.content);
    let said = format!("Saved: {}", when(desk.draft.saved_at, desk.zone()));
    let body = html! {
        form method="post" action=(desk.path(&part.path())) novalidate autocomplete="off"
            data-autosave={ (desk.draft.id) (part.path()) } data-saved-at=(desk.draft.saved_at)
            data-unsaved=[unsaved.then_some("")] {
            (key())
            input type="hidden" name="_version" value=(desk.draft.version);
            input type="hidden" name="_was" value=(part.mark(&desk.draft.content));
            (form::fields(desk, part, shown, errors))
            p.entrant-saved role="status" data-saved { (said) }
            div.govuk-button-group {
                (Button::new("Save and continue").name("then").value("next"))
                (Button::new("Save and come back later").secondary().name("then").value("later"))
            }
        }
    };
    Page::new(title)
        .of(&desk.programme, Tab::Pitches)
        .back(desk.path(""), "Your pitch")
        .errors(errors)
        .style("entrant.css")
        .script("autosave.mjs")
        .bare()
        .show(visitor, body)
}

/// Saves a part; then goes on, or answers the module that saves by itself.
async fn write(
    visitor: Visitor,
    id: Uuid,
    draft: Uuid,
    part: Part,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Response, Failure> {
    let saved = save(&visitor, id, draft, &part, fields).await;
    let by_itself = headers.get(header::ACCEPT).is_some_and(|kind| kind.as_bytes() == b"application/json");
    if by_itself {
        return Ok(told(&part, saved));
    }
    match saved {
        Ok(Outcome::Saved(_, content)) => go_on(&visitor, id, draft, part, content, fields).await,
        Ok(Outcome::Late(_, _, failure)) => too_late::page(&visitor, id, draft, failure, fields).await,
        Ok(Outcome::Moved(now)) => moved::page(&visitor, id, &part, &now, fields).await,
        Err(failure) if failure.status() == StatusCode::NOT_FOUND || too_late::is(&failure) => {
            too_late::page(&visitor, id, draft, failure, fields).await
        }
        Err(failure) => {
            let problem = failure.for_the_form()?;
            let desk = Desk::of(&visitor, id, draft).await?;
            let mut typed = desk.draft.content.clone();
            part.write(fields, &mut typed);
            Ok(page(&visitor, &desk, &part, &typed, &problem.to_errors()))
        }
    }
}

/// What the module that saves by itself is told.
fn told(part: &Part, saved: Result<Outcome, Failure>) -> Response {
    match saved {
        Ok(Outcome::Saved(version, content)) => axum::Json(json!({
            "saved_at": Timestamp::now(), "version": version, "was": part.mark(&content),
        }))
        .into_response(),
        Ok(Outcome::Late(version, content, _)) => axum::Json(json!({
            "late": true, "saved_at": Timestamp::now(), "version": version, "was": part.mark(&content),
        }))
        .into_response(),
        Ok(Outcome::Moved(now)) => {
            let code = json!({ "code": "moved", "saved_at": now.saved_at });
            (StatusCode::CONFLICT, axum::Json(code)).into_response()
        }
        Err(failure) => {
            let detail = match &failure {
                Failure::Problem(problem) => problem.detail.as_str(),
                Failure::Broken(_) => "",
            };
            let told = json!({ "code": failure.code(), "detail": detail });
            (failure.status(), axum::Json(told)).into_response()
        }
    }
}

/// The next page; the same one if what was saved can't enter so.
async fn go_on(
    visitor: &Visitor,
    id: Uuid,
    draft: Uuid,
    part: Part,
    content: Content,
    fields: &Fields,
) -> Result<Response, Failure> {
    if fields.text("then") != "next" {
        return Ok(visitor.to_saying(&page_path(id, draft, ""), "Saved. Come back whenever you like."));
    }
    let desk = Desk::of(visitor, id, draft).await?;
    asked(&desk, &part)?;
    let errors = form::faults(&desk, &part, &content);
    if !errors.is_empty() {
        return Ok(page(visitor, &desk, &part, &content, &errors));
    }
    Ok(visitor.to(&desk.path(&next(&desk, &part))))
}

/// The end of the path of what comes after this part.
fn next(desk: &Desk, part: &Part) -> String {
    let parts = desk.programme.rulebook.as_ref().map(Part::all).unwrap_or_default();
    let after = parts.iter().position(|known| known == part).map_or(0, |at| at + 1);
    match parts.get(after) {
        Some(Part::Rules) if desk.takes_files() => "/attachments".to_owned(),
        Some(part) => part.path(),
        None => "/check".to_owned(),
    }
}

/// Makes the two handlers of a part's page.
macro_rules! page_of {
    ($get:ident, $post:ident, $part:expr) => {
        pub async fn $get(
            visitor: Visitor,
            Path((id, draft)): Path<(Uuid, Uuid)>,
        ) -> Result<Response, Failure> {
            show(visitor, id, draft, $part).await
        }

        pub async fn $post(
            visitor: Visitor,
            Path((id, draft)): Path<(Uuid, Uuid)>,
            headers: HeaderMap,
            fields: Fields,
        ) -> Result<Response, Failure> {
            write(visitor, id, draft, $part, &headers, &fields).await
        }
    };
}

page_of!(names, save_names, Part::Names);
page_of!(gate, save_gate, Part::Gate);
page_of!(rules, save_rules, Part::Rules);

pub async fn question(
    visitor: Visitor,
    Path((id, draft, question)): Path<(Uuid, Uuid, String)>,
) -> Result<Response, Failure> {
    show(visitor, id, draft, Part::Question(question)).await
}

pub async fn save_question(
    visitor: Visitor,
    Path((id, draft, question)): Path<(Uuid, Uuid, String)>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Failure> {
    write(visitor, id, draft, Part::Question(question), &headers, &fields).await
}

/// How much somebody wrote: “312 words”.
pub fn length(text: &str) -> Markup {
    html! { (crate::words::count(text.split_whitespace().count(), "word", "words")) }
}
