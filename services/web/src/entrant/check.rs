//! Check your answers, and submit.

use axum::extract::Path;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use uuid::Uuid;

use super::draft::{Attachment, Desk, api_path};
use super::too_late;
use crate::api::{Done, Pitch};
use crate::components::{Button, Errors, Row, SummaryList, WarningText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;
use crate::words::instant;

pub async fn show(visitor: Visitor, Path((id, draft)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    let desk = Desk::with_files(&visitor, id, draft).await?;
    Ok(page(&visitor, &desk, &Errors::default()))
}

fn page(visitor: &Visitor, desk: &Desk, errors: &Errors) -> Response {
    let complete = desk.draft.missing.is_empty();
    let body = html! {
        (answers(desk))
        @if complete {
            (form(&desk.path("/check"), html! {
                input type="hidden" name="_version" value=(desk.draft.version);
                h2.govuk-heading-m { "Submit it" }
                p.govuk-body {
                    "You get a receipt at once: a private copy that proves what you submitted, and when. "
                    @if let Some(deadline) = desk.draft.reopened(Timestamp::now()).or(desk.programme.deadline) {
                        "You can replace it or take it back until " (instant(deadline, desk.zone())) "."
                    }
                }
                (Button::new("Submit your pitch").prevent_double_click())
            }))
        } @else {
            (WarningText::new("It cannot be submitted yet. What is missing is marked above."))
            (Button::new("Back to the task list").secondary().href(desk.path("")))
        }
    };
    Page::new("Check your answers")
        .of(&desk.programme, Tab::Pitches)
        .back(desk.path(""), "Your pitch")
        .errors(errors)
        .style("entrant.css")
        .show(visitor, body)
}

/// All that will be submitted, with a way to change each.
fn answers(desk: &Desk) -> Markup {
    let content = &desk.draft.content;
    let row = |key: &str, field: &str, value: &str, part: &str| {
        let value = html! { div.plaudit-answer id=(field) { (value) } (fault(desk, field)) };
        Row::new(key, value).action("Change", desk.path(part), key.to_lowercase())
    };
    let mut list = SummaryList::new().row(row("Title", "title", &content.title, "/names")).row(row(
        "Team",
        "team_name",
        &content.team_name,
        "/names",
    ));
    for gate in desk.programme.rulebook.iter().flat_map(|rulebook| &rulebook.gate) {
        let said = match content.gate.get(&gate.id) {
            Some(true) => "Yes",
            Some(false) => "No",
            None => "",
        };
        list = list.row(row(&desk.wording.says(&gate.id), &format!("gate.{}", gate.id), said, "/gate"));
    }
    for question in desk.questions() {
        let text = content.answers.get(&question.id).map_or("", String::as_str);
        let (field, part) = (format!("answers.{}", question.id), format!("/questions/{}", question.id));
        list = list.row(row(&desk.wording.says(&question.id), &field, text, &part));
    }
    if desk.takes_files() {
        let said = |file: &Attachment| match file.complete {
            true if file.late => format!("{} (it came too late, and does not count by itself)", file.name),
            true => file.name.clone(),
            false => format!("{} (not complete: it does not come with the pitch)", file.name),
        };
        let names: Vec<String> = desk.files.iter().map(said).collect();
        let names = if names.is_empty() { "None".to_owned() } else { names.join("\n") };
        list = list.row(row("Files", "attachments", &names, "/attachments"));
    }
    let team = match desk.draft.collaborators.len() {
        0 => "Only you".to_owned(),
        mates => format!("You and {}", crate::words::count(mates, "team mate", "team mates")),
    };
    let rules = if content.accept_rules { "Accepted" } else { "" };
    let alone = if content.enter_at_deadline { "Yes, if it is complete" } else { "No" };
    let list = list
        .row(row("Team mates", "team", &team, "/team"))
        .row(row("The rules", "accept_rules", rules, "/rules"))
        .row(row("Enters by itself at the deadline", "enter_at_deadline", alone, "/rules"));
    html! { (list) }
}

fn fault(desk: &Desk, field: &str) -> Markup {
    let fault = desk.draft.missing.iter().find(|fault| fault.field == field);
    html! { @if let Some(fault) = fault { p.govuk-error-message { (fault.detail) } } }
}

pub async fn submit(
    visitor: Visitor,
    Path((id, draft)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let path = format!("{}/submission", api_path(id, draft));
    let none = serde_json::json!({});
    let sent = visitor.api.send(Method::POST, &path, fields.key(), fields.version(), &none).await;
    let failure = match sent {
        Ok(Done { position, .. }) => return Ok(is_in(&visitor, id, draft, position)),
        Err(failure) => failure,
    };
    if too_late::is(&failure) {
        return too_late::page(&visitor, id, draft, failure, &fields).await;
    }
    if failure.status() == StatusCode::NOT_FOUND {
        // Somebody in the team was quicker.
        let pitch = format!("submissions/programmes/{id}/pitches/{draft}");
        let Some(_) = visitor.api.find::<Pitch>(&pitch).await? else { return Err(failure) };
        return Ok(visitor.to(&format!("/programmes/{id}/pitches/{draft}")));
    }
    let mut errors = failure.for_the_form()?;
    if errors.code() == "changed-since" {
        errors.detail =
            "Something was saved since you looked. This is how it stands now: read it again, then submit it."
                .to_owned();
    }
    let desk = Desk::with_files(&visitor, id, draft).await?;
    Ok(page(&visitor, &desk, &errors.to_errors()))
}

fn is_in(visitor: &Visitor, id: Uuid, draft: Uuid, position: u64) -> Response {
    let path = format!("/programmes/{id}/pitches/{draft}?entry={position}");
    visitor.to_saying(&path, "Your pitch is in. Keep the receipt below.")
}
