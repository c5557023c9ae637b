//! The last look at the rules, and their publication.

use axum::extract::Path;
use axum::http::Method;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use super::draft::{Kept, kept};
use super::{Plan, at, check, rulebook};
use crate::api::{Phase, Programme, Role};
use crate::components::{Button, Errors, InsetText};
use crate::failure::{Failure, Problem};
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm};
use crate::visitor::Visitor;

pub async fn check(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (programme, Kept { plan, .. }) = kept(&visitor, id).await?;
    Ok(page(&visitor, &programme, &plan, None))
}

pub async fn publish(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let (programme, Kept { plan, .. }) = kept(&visitor, id).await?;
    let Some(body) = rulebook::publication(&plan, programme.name()) else {
        return Ok(visitor.to(&format!("{}/who", at(id))));
    };
    let path = format!("submissions/programmes/{id}/rulebook");
    let done: Result<Value, Failure> = visitor.api.send(Method::PUT, &path, fields.key(), None, &body).await;
    match done {
        Ok(_) => Ok(visitor.to_saying(
            &format!("/programmes/{id}/organise"),
            "The rules are public. Nothing decides the outcome now but what they say.",
        )),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            Ok(page(&visitor, &programme, &plan, Some(&problem)))
        }
    }
}

fn page(visitor: &Visitor, programme: &Programme, plan: &Plan, problem: Option<&Problem>) -> Response {
    let (id, at) = (programme.id, at(programme.id));
    let public = programme.phase > Some(Phase::Drafted);
    let fixed = programme.phase > Some(Phase::Published);
    let mut errors = Errors::new();
    if let Some(problem) = problem {
        errors.push_general(if problem.errors.is_empty() {
            problem.detail.clone()
        } else {
            "The rules can’t be published yet. See below what to change.".to_owned()
        });
    }
    let body = html! {
        @if let Some(problem) = problem { (faults(problem, &at)) }
        @if fixed {
            (InsetText::new(html! { "The call has opened, so the rules are fixed. " a.govuk-link href={ "/programmes/" (id) "/rules" } { "Read them as the public does" } "." }))
        } @else {
            p.govuk-body-l { "This is what everybody will read." }
        }
        (check::rulebook(plan, programme.name(), &at))
        @if !fixed && programme.you_are(Role::Organiser) {
            @if public {
                p.govuk-body { "Rules are public already. Publishing puts these in their place; both stay in the trail." }
            } @else {
                p.govuk-body { "From then on everybody can read them. Until the call opens you can still publish better ones; then they are fixed." }
            }
            (confirm(&format!("{at}/publish"), Button::new(if public { "Publish these rules instead" } else { "Publish the rules" })))
        }
    };
    Page::new("Check the rules")
        .of(programme, Tab::Organise)
        .back(at, "Set up your prize")
        .errors(&errors)
        .show(visitor, body)
}

/// What publishing found wrong, each with the way to where it is asked.
fn faults(problem: &Problem, at: &str) -> Markup {
    html! {
        @if !problem.errors.is_empty() {
            h2.govuk-heading-m { "What to change" }
            ul.govuk-list.govuk-list--bullet {
                @for error in &problem.errors {
                    @let (step, input) = rulebook::asked_in(&error.field);
                    li { a.govuk-link href={ (at) "/" (step.path()) "#" (input) } { (step.title()) } ": " (error.detail) }
                }
            }
        }
    }
}
