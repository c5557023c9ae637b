//! Beginning: the gate questions first, then a draft. Whoever may not enter
//! learns it at once, and nothing of them is kept.

use axum::extract::{Path, Query};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::draft::{Draft, api_path, page_path, zone};
use super::form::yes_or_no;
use crate::api::{Gate, Phase, Programme};
use crate::components::{Button, Errors, InsetText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;
use crate::words::{Wording, instant, next_of};

/// The answers that came along through the sign-in.
#[derive(Default, Deserialize)]
pub struct Along {
    /// Ids of questions that were answered with yes, with commas between them.
    #[serde(default)]
    yes: String,
}

type Answers = BTreeMap<String, bool>;

pub async fn show(
    visitor: Visitor,
    Path(id): Path<Uuid>,
    Query(along): Query<Along>,
) -> Result<Response, Failure> {
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    if let Some(why) = closed(&programme, visitor.is_signed_in()) {
        return Ok(shut(&visitor, &programme, why, StatusCode::OK));
    }
    let begun = begun(&visitor, id).await?;
    let yes = along.yes.split(',').filter(|id| !id.is_empty()).map(|id| (id.to_owned(), true)).collect();
    Ok(page(&visitor, &programme, &begun, &yes, &Errors::default()))
}

/// The drafts that the visitor has here.
async fn begun(visitor: &Visitor, id: Uuid) -> Result<Vec<Draft>, Failure> {
    if !visitor.is_signed_in() {
        return Ok(Vec::new());
    }
    match visitor.api.list(&format!("submissions/programmes/{id}/drafts")).await {
        Ok(drafts) => Ok(drafts),
        // The session may have ended since; beginning asks for another.
        Err(failure) if matches!(failure.status().as_u16(), 401 | 403 | 404) => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

/// Why nobody, or not this visitor, can begin.
fn closed(programme: &Programme, signed_in: bool) -> Option<&'static str> {
    let over = programme.last_instant.is_some_and(|last| last < Timestamp::now());
    let invited_only = programme.rulebook.as_ref().is_some_and(|rulebook| rulebook.call == "invited");
    let invited = programme.you.as_ref().is_some_and(|you| you.invited);
    match programme.phase {
        Some(Phase::Published | Phase::Open) if over => Some(
            "The deadline has passed. If you began before it and something went wrong, write to the organisers.",
        ),
        Some(Phase::Published | Phase::Open) if programme.you_hold_a_key() => {
            Some("You help to run this programme, so you cannot enter it yourself.")
        }
        Some(Phase::Published | Phase::Open) if invited_only && signed_in && !invited => Some(
            "Only those whom the organisers invited may enter. If you were invited, sign in with the address that they wrote to.",
        ),
        Some(Phase::Published | Phase::Open) => None,
        Some(Phase::Cancelled) => Some("This programme was called off."),
        Some(Phase::Drafted) | None => Some("This programme has not opened yet."),
        Some(_) => Some("This programme no longer takes pitches."),
    }
}

/// Whoever looks is told; what is sent is refused, as the API would.
fn shut(visitor: &Visitor, programme: &Programme, why: &str, status: StatusCode) -> Response {
    let body = html! {
        p.govuk-body-l { (why) }
        p.govuk-body { a.govuk-link href={ "/programmes/" (programme.id) } { "About " (programme.name()) } }
    };
    Page::new("You cannot enter here").of(programme, Tab::Pitches).status(status).show(visitor, body)
}

fn gate(programme: &Programme) -> &[Gate] {
    programme.rulebook.as_ref().map_or(&[], |rulebook| &rulebook.gate)
}

fn page(
    visitor: &Visitor,
    programme: &Programme,
    begun: &[Draft],
    answers: &Answers,
    errors: &Errors,
) -> Response {
    let wording = Wording::of(programme);
    let questions = gate(programme);
    let ready = visitor.is_signed_in() && questions.iter().all(|gate| answers.get(&gate.id) == Some(&true));
    let body = html! {
        @if let Some(deadline) = programme.deadline {
            p.govuk-body-l { "You have until " (instant(deadline, zone(programme))) "." }
        }
        @if let Some(draft) = begun.first() { (InsetText::new(begun_before(programme.id, draft))) }
        (form(&format!("/programmes/{}/enter", programme.id), html! {
            @if questions.is_empty() {
                p.govuk-body { "Everything that you write is saved, and only your team sees it until you submit it." }
            } @else {
                p.govuk-body {
                    @if ready { "These are your answers. Begin, and they go with your pitch." }
                    @else { "First a question or two, to spare you the work if it is not for you. Nothing is kept until you begin." }
                }
                @for question in questions {
                    (yes_or_no(&wording, &question.id, answers.get(&question.id).copied(), errors))
                }
            }
            (Button::new("Begin your pitch").start().prevent_double_click())
        }))
        @if !visitor.is_signed_in() {
            p.govuk-body { "You will be asked for your email address, and need no password." }
        }
    };
    Page::new("Enter your pitch")
        .of(programme, Tab::Pitches)
        .back(format!("/programmes/{}", programme.id), "About the programme")
        .errors(errors)
        .show(visitor, body)
}

fn begun_before(programme: Uuid, draft: &Draft) -> Markup {
    let title = if draft.content.title.is_empty() { "your draft" } else { draft.content.title.as_str() };
    html! {
        "You have begun already. "
        a.govuk-link href=(page_path(programme, draft.id, "")) { "Go on with " (title) }
        ", or begin another below."
    }
}

pub async fn begin(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    if let Some(why) = closed(&programme, visitor.is_signed_in()) {
        return Ok(shut(&visitor, &programme, why, StatusCode::CONFLICT));
    }
    let (answers, errors) = answered(gate(&programme), &fields);
    if !errors.is_empty() {
        return Ok(page(&visitor, &programme, &[], &answers, &errors));
    }
    if answers.values().any(|yes| !yes) {
        return Ok(not_for_them(&visitor, &programme, &answers));
    }
    if !visitor.is_signed_in() {
        return Ok(through_sign_in(&visitor, id, &answers));
    }
    match begin_draft(&visitor, id, &answers, fields.key()).await {
        Ok(draft) => Ok(visitor.to(&page_path(id, draft, ""))),
        Err(failure) if failure.status() == StatusCode::UNAUTHORIZED => {
            Ok(through_sign_in(&visitor, id, &answers))
        }
        Err(failure) => {
            let problem = failure.for_the_form()?;
            Ok(page(&visitor, &programme, &[], &answers, &problem.to_errors()))
        }
    }
}

/// What was answered, and what was not.
fn answered(questions: &[Gate], fields: &Fields) -> (Answers, Errors) {
    let (mut answers, mut errors) = (Answers::new(), Errors::new());
    for question in questions {
        let name = format!("gate.{}", question.id);
        match fields.text(&name) {
            "yes" => drop(answers.insert(question.id.clone(), true)),
            "no" => drop(answers.insert(question.id.clone(), false)),
            _ => errors.push(name, "Say yes or no."),
        }
    }
    (answers, errors)
}

fn through_sign_in(visitor: &Visitor, id: Uuid, answers: &Answers) -> Response {
    let yes: Vec<&str> = answers.keys().map(String::as_str).collect();
    let back = format!("/programmes/{id}/enter?yes={}", yes.join(","));
    visitor.to(&format!("/sign-in?next={}", next_of(&back)))
}

/// Begins a draft, and saves the answers with it.
async fn begin_draft(visitor: &Visitor, id: Uuid, answers: &Answers, key: &str) -> Result<Uuid, Failure> {
    #[derive(Deserialize)]
    struct Begun {
        id: Uuid,
        version: u64,
    }
    let path = format!("submissions/programmes/{id}/drafts");
    let begun: Begun = visitor.api.post(&path, key, &json!({})).await?;
    if answers.is_empty() {
        return Ok(begun.id);
    }
    let (path, key) = (api_path(id, begun.id), format!("{key}/gate"));
    let content = json!({ "gate": answers });
    match visitor.api.send(Method::PUT, &path, &key, Some(begun.version), &content).await {
        Ok(Begun { .. }) => Ok(begun.id),
        // The form came twice, and more was saved since.
        Err(failure) if failure.status() == StatusCode::PRECONDITION_FAILED => Ok(begun.id),
        Err(failure) => Err(failure),
    }
}

fn not_for_them(visitor: &Visitor, programme: &Programme, answers: &Answers) -> Response {
    let wording = Wording::of(programme);
    let body = html! {
        p.govuk-body-l { "Thank you for being straight with us. This prize is only for those who can say yes to this:" }
        ul.govuk-list.govuk-list--bullet {
            @for (id, _) in answers.iter().filter(|(_, yes)| !**yes) { li { (wording.says(id)) } }
        }
        p.govuk-body { "Nothing that you answered was kept. If things change before the deadline, come back." }
        p.govuk-body { a.govuk-link href={ "/programmes/" (programme.id) "/rules" } { "Read the rules" } }
        p.govuk-body { a.govuk-link href={ "/programmes/" (programme.id) "/enter" } { "Change your answers" } }
        p.govuk-body { a.govuk-link href="/programmes" { "Look at other programmes" } }
    };
    Page::new("This one is not for you").of(programme, Tab::Pitches).show(visitor, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_needs_a_yes_or_a_no() {
        let gate = ["young", "co-operative"].map(|id| Gate { id: id.to_owned() });
        let (answers, errors) = answered(&gate, &Fields::parse(b"gate.young=no&gate.else=yes"));
        assert_eq!(answers.get("young"), Some(&false));
        assert_eq!(answers.len(), 1);
        assert_eq!(errors.get("gate.co-operative"), Some("Say yes or no."));
        let (answers, errors) = answered(&gate, &Fields::parse(b"gate.young=yes&gate.co-operative=yes"));
        assert!(errors.is_empty() && answers.values().all(|yes| *yes));
    }
}
