//! A draft's task list: what is done, and what is still to do.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use super::draft::Desk;
use super::hub::{deadline, prospect};
use super::writing::length;
use crate::components::{Button, InsetText, Tag, Task, TaskList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm};
use crate::visitor::Visitor;
use crate::words::{count, when};

pub async fn show(visitor: Visitor, Path((id, draft)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    let desk = Desk::with_files(&visitor, id, draft).await?;
    let title = match desk.draft.content.title.as_str() {
        "" => "Your pitch",
        title => title,
    };
    let body = html! {
        (deadline(&desk.programme))
        @if desk.draft.late || desk.draft.reopened_until.is_some() {
            (InsetText::new(prospect(&desk.programme, &desk.draft)))
        }
        p.govuk-body { (progress(&desk)) " Saved on " (when(desk.draft.saved_at, desk.zone())) "." }
        (tasks(&desk))
        p.govuk-body {
            a.govuk-link href={ "/programmes/" (id) "/pitches" } { "All your pitches" }
            @if desk.draft.author.is_none() || desk.draft.author == desk.programme.you.as_ref().map(|you| you.member) {
                " · " a.govuk-link href=(desk.path("/delete")) { "Delete this draft" }
            }
        }
    };
    Ok(Page::new(title)
        .of(&desk.programme, Tab::Pitches)
        .style("entrant.css")
        .script("countdown.mjs")
        .show(&visitor, body))
}

fn progress(desk: &Desk) -> String {
    match desk.draft.missing.len() {
        0 => "Everything is there: check it and submit it.".to_owned(),
        missing => format!("{} still to do.", count(missing, "thing", "things")),
    }
}

fn tasks(desk: &Desk) -> Markup {
    let content = &desk.draft.content;
    let lacks = |field: &str| desk.draft.lacks(field);
    let names = lacks("title") || lacks("team_name");
    let mut list = TaskList::new();
    if desk.draft.missing.iter().any(|fault| fault.field.starts_with("gate.")) {
        list = list.task(task("Who may enter", true, false).href(desk.path("/gate")));
    }
    let begun = !content.title.is_empty() || !content.team_name.is_empty();
    list = list.task(task("Your team and your title", names, begun).href(desk.path("/names")));
    for question in desk.questions() {
        let text = content.answers.get(&question.id).map_or("", String::as_str);
        let begun = !text.trim().is_empty();
        let faulty = lacks(&format!("answers.{}", question.id));
        let status = match (begun, faulty, question.required) {
            (false, _, false) => html! { (Tag::new("Optional").grey()) },
            (begun, faulty, _) => status(faulty, begun),
        };
        let task = Task::new(desk.wording.says(&question.id), status);
        let task = task.href(desk.path(&format!("/questions/{}", question.id)));
        list = list.task(if begun { task.hint(length(text)) } else { task });
    }
    if desk.takes_files() {
        list = list.task(Task::new("Files (optional)", files(desk)).href(desk.path("/attachments")));
    }
    let mates = desk.draft.collaborators.len();
    let status = if mates == 0 { "Only you".to_owned() } else { count(mates + 1, "person", "people") };
    list = list
        .task(Task::new("Team mates (optional)", status).href(desk.path("/team")))
        .task(task("The rules", lacks("accept_rules"), false).href(desk.path("/rules")));
    html! { (list) (Button::new("Check your answers").href(desk.path("/check"))) }
}

fn files(desk: &Desk) -> Markup {
    let complete = desk.files.iter().filter(|file| file.complete).count();
    html! {
        @if complete < desk.files.len() { (Tag::new("Not complete").yellow()) }
        @else if complete == 0 { "None yet" }
        @else { (count(complete, "file", "files")) }
    }
}

fn task(title: &str, faulty: bool, begun: bool) -> Task {
    Task::new(title, status(faulty, begun))
}

fn status(faulty: bool, begun: bool) -> Markup {
    match (faulty, begun) {
        (false, _) => html! { "Done" },
        (true, true) => html! { (Tag::new("Not finished").yellow()) },
        (true, false) => html! { (Tag::new("To do").blue()) },
    }
}

pub async fn delete(visitor: Visitor, Path((id, draft)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    let desk = Desk::of(&visitor, id, draft).await?;
    let body = html! {
        p.govuk-body-l { "Everything in it goes, for your team too. It cannot be brought back." }
        (confirm(&desk.path("/delete"), Button::new("Delete this draft").warning()))
        p.govuk-body { a.govuk-link href=(desk.path("")) { "Keep it" } }
    };
    Ok(Page::new("Delete this draft?")
        .of(&desk.programme, Tab::Pitches)
        .back(desk.path(""), "Your pitch")
        .show(&visitor, body))
}

pub async fn deleted(
    visitor: Visitor,
    Path((id, draft)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let path = super::draft::api_path(id, draft);
    let none = serde_json::json!({});
    let () = visitor.api.send(axum::http::Method::DELETE, &path, fields.key(), None, &none).await?;
    Ok(visitor.to_saying(&format!("/programmes/{id}/pitches"), "The draft is deleted."))
}
