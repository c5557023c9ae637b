//! The wizard: a task list of short pages, kept as a draft until the rules are
//! published.

mod advanced;
mod ask;
mod check;
mod copied;
mod draft;
mod judging;
mod people;
mod plan;
mod prize;
mod publish;
mod reader;
mod rulebook;
mod rules;
#[cfg(test)]
mod tests;
mod view;
mod who;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use copied::plan as copied;
pub use draft::keep;
pub use people::{ask_in, invitation, invitation_faults};
pub use plan::{Plan, Template};
pub use reader::Reader;

use crate::api::{Phase, Programme};
use crate::components::{Button, Errors, InsetText, Tag, Task, TaskList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;
use draft::{Kept, kept};
use reader::reshaped;
use view::View;

pub fn routes() -> Router {
    const SETUP: &str = "/programmes/{programme}/organise/setup";
    Router::new()
        .route(SETUP, get(tasks))
        .route(&format!("{SETUP}/{{step}}"), get(show).post(save))
        .route(&format!("{SETUP}/people"), get(people::show).post(people::act))
        .route(&format!("{SETUP}/check"), get(publish::check))
        .route(&format!("{SETUP}/publish"), post(publish::publish))
}

/// One of the wizard's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Prize,
    Who,
    Ask,
    Judging,
    Rules,
}

const STEPS: [Step; 5] = [Step::Prize, Step::Who, Step::Ask, Step::Judging, Step::Rules];

impl Step {
    fn named(path: &str) -> Result<Self, Failure> {
        STEPS.into_iter().find(|step| step.path() == path).ok_or_else(|| Failure::not_found("page"))
    }

    fn path(self) -> &'static str {
        match self {
            Self::Prize => "prize",
            Self::Who => "who",
            Self::Ask => "questions",
            Self::Judging => "judging",
            Self::Rules => "rules",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Prize => "The prize",
            Self::Who => "Who may enter and by when",
            Self::Ask => "What you ask",
            Self::Judging => "How pitches are judged",
            Self::Rules => "Rules that decide the rest",
        }
    }

    fn fields(self, plan: &Plan) -> Fields {
        match self {
            Self::Prize => prize::fields(plan),
            Self::Who => who::fields(plan),
            Self::Ask => ask::fields(plan),
            Self::Judging => judging::fields(plan),
            Self::Rules => rules::fields(plan),
        }
    }

    /// Takes a form into a plan; what is wrong is said, and then the plan is
    /// not to be kept.
    fn read(self, fields: &Fields, plan: &mut Plan, now: Timestamp) -> Errors {
        let mut reader = Reader::of(fields);
        match self {
            Self::Prize => prize::read(&mut reader, plan),
            Self::Who => who::read(&mut reader, plan, now),
            Self::Ask => ask::read(&mut reader, plan),
            Self::Judging => judging::read(&mut reader, plan),
            Self::Rules => rules::read(&mut reader, plan),
        }
        plan.done.insert(self);
        reader.errors
    }

    fn form(self, view: &View, title: &str) -> Markup {
        match self {
            Self::Prize => prize::form(view, title),
            Self::Who => who::form(view),
            Self::Ask => ask::form(view),
            Self::Judging => judging::form(view),
            Self::Rules => rules::form(view),
        }
    }
}

fn at(programme: Uuid) -> String {
    format!("/programmes/{programme}/organise/setup")
}

async fn tasks(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (programme, Kept { plan, .. }) = kept(&visitor, id).await?;
    let at = at(id);
    let mut list = TaskList::new();
    for step in STEPS {
        let done = plan.done.contains(&step);
        let status = if done { Tag::new("Done").green() } else { Tag::new("Filled in for you").blue() };
        list = list.task(Task::new(step.title(), status).href(format!("{at}/{}", step.path())));
    }
    let two = super::known::deciders(&programme).len() >= 2;
    let status = if two { Tag::new("Done").green() } else { Tag::new("A second person is needed").yellow() };
    list = list.task(
        Task::new("Who runs it with you", status)
            .hint("Two people sign whatever decides: opening the call, opening the marks, each award.")
            .href(format!("{at}/people")),
    );
    let public = programme.phase > Some(Phase::Drafted);
    let check = if public { Tag::new("Public").green() } else { Tag::new("Not public yet").grey() };
    list = list.task(Task::new("Check the rules and publish them", check).href(format!("{at}/check")));
    let fixed = programme.phase > Some(Phase::Published);
    let body = html! {
        @if fixed {
            (InsetText::new("The call has opened: these rules are fixed. Their words can still be made clearer on the page about the call."))
        } @else {
            p.govuk-body-l { "Everything is filled in already. Change what is different for you, ask a second person in, and publish the rules." }
        }
        (list)
        p.govuk-body { "What you save is kept for you and your fellow organisers, on every device. Nobody else sees it before you publish." }
    };
    Ok(Page::new("Set up your prize")
        .of(&programme, Tab::Organise)
        .back(format!("/programmes/{id}/organise"), "What needs doing")
        .show(&visitor, body))
}

async fn show(visitor: Visitor, Path((id, step)): Path<(Uuid, String)>) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let (programme, Kept { plan, version }) = kept(&visitor, id).await?;
    Ok(page(&visitor, &programme, step, &step.fields(&plan), &Errors::new(), version))
}

async fn save(
    visitor: Visitor,
    Path((id, step)): Path<(Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let (programme, Kept { mut plan, version }) = kept(&visitor, id).await?;
    let seen = fields.version().unwrap_or(version);
    if let Some(reshaped) = reshaped(&fields) {
        return Ok(page(&visitor, &programme, step, &reshaped, &Errors::new(), seen));
    }
    let mut errors = step.read(&fields, &mut plan, Timestamp::now());
    if !errors.is_empty() {
        return Ok(page(&visitor, &programme, step, &fields, &errors, seen));
    }
    match draft::keep(&visitor.api, id, fields.key(), seen, &plan).await {
        Ok(()) => Ok(visitor.to_saying(&at(id), "Saved.")),
        Err(failure) if failure.code() == "changed-since" => {
            errors.push_general("Somebody, perhaps you on another device, saved something meanwhile. Nothing is overwritten yet: what you typed is below. Compare it with what is saved, then save again.");
            Ok(page(&visitor, &programme, step, &fields, &errors, version))
        }
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            Ok(page(&visitor, &programme, step, &fields, &errors, seen))
        }
    }
}

fn page(
    visitor: &Visitor,
    programme: &Programme,
    step: Step,
    fields: &Fields,
    errors: &Errors,
    version: u64,
) -> Response {
    let at = at(programme.id);
    let body = form(
        &format!("{at}/{}", step.path()),
        html! {
            // What Enter presses: without it, the first “Remove”.
            button type="submit" hidden { "Save" }
            input type="hidden" name="_version" value=(version);
            (step.form(&View { fields, errors }, programme.name()))
            div.govuk-button-group.plaudit-save {
                (Button::new("Save and go on").prevent_double_click())
                a.govuk-link href=(at) { "Leave without saving" }
            }
        },
    );
    Page::new(step.title())
        .of(programme, Tab::Organise)
        .back(at, "Set up your prize")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}
