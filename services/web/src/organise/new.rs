//! A new programme: its name, and where its rules come from.

use std::collections::BTreeSet;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use maud::html;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::setup::{Plan, Template, copied, keep};
use crate::api::{Done, Programme};
use crate::components::{Button, Choice, Errors, Input, Radios, Select};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, form};
use crate::together::together;
use crate::visitor::Visitor;

pub fn routes() -> Router {
    Router::new().route("/programmes/new", get(show).post(create))
}

/// What accounts keeps of somebody, as far as it matters here.
#[derive(Deserialize)]
struct Everything {
    memberships: Vec<Membership>,
}

#[derive(Deserialize)]
struct Membership {
    programme: Uuid,
}

/// Programmes with public rules in which the visitor has a place.
async fn earlier(visitor: &Visitor) -> Result<Vec<Programme>, Failure> {
    let own = visitor.api.get::<Everything>("accounts/me/everything");
    let public = visitor.api.list::<Programme>("submissions/programmes");
    let (own, public) = together!(own, public)?;
    let own: BTreeSet<Uuid> = own.memberships.iter().map(|membership| membership.programme).collect();
    Ok(public.into_iter().filter(|programme| own.contains(&programme.id)).collect())
}

async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let earlier = earlier(&visitor).await?;
    Ok(page(&visitor, &earlier, &Fields::default(), &Errors::new()))
}

async fn create(visitor: Visitor, fields: Fields) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let mut errors = Errors::new();
    if !(1..=200).contains(&fields.text("title").chars().count()) {
        errors.push("title", "Give the prize a name of up to 200 characters");
    }
    let now = Timestamp::now();
    let plan = match fields.text("template") {
        "evening" => Some(Plan::of(Template::Evening, now)),
        "open" => Some(Plan::of(Template::Open, now)),
        "copy" => copy_of(&visitor, fields.text("copy"), now).await?,
        _ => None,
    };
    match plan {
        Some(plan) if errors.is_empty() => match begin(&visitor, &fields, &plan).await {
            Ok(id) => return Ok(visitor.to(&format!("/programmes/{id}/organise/setup"))),
            Err(failure) => errors = failure.for_the_form()?.to_errors(),
        },
        Some(_) => {}
        None if fields.text("template") == "copy" => errors.push("copy", "Choose which one to copy"),
        None => errors.push("template", "Choose how to begin"),
    }
    let earlier = earlier(&visitor).await?;
    Ok(page(&visitor, &earlier, &fields, &errors))
}

async fn copy_of(visitor: &Visitor, id: &str, now: Timestamp) -> Result<Option<Plan>, Failure> {
    let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
    let programme: Option<Programme> = visitor.api.find(&format!("submissions/programmes/{id}")).await?;
    Ok(programme.and_then(|programme| copied(&programme, now)))
}

/// The programme, and in its draft what the template says. Sent again, both
/// are what they were.
async fn begin(visitor: &Visitor, fields: &Fields, plan: &Plan) -> Result<Uuid, Failure> {
    let body = json!({ "title": fields.text("title") });
    let done: Done = visitor.api.post("submissions/programmes", fields.key(), &body).await?;
    match keep(&visitor.api, done.id, &format!("{}/draft", fields.key()), 0, plan).await {
        // Kept the first time, and perhaps changed since.
        Err(failure) if matches!(failure.code(), "changed-since" | "key-reused") => Ok(done.id),
        kept => kept.map(|()| done.id),
    }
}

fn page(visitor: &Visitor, earlier: &[Programme], fields: &Fields, errors: &Errors) -> Response {
    let known: Vec<(String, &str)> =
        earlier.iter().map(|programme| (programme.id.to_string(), programme.name())).collect();
    let copies = known.iter().map(|(id, name)| (id.as_str(), *name));
    let which = Select::new("copy", "Which earlier one?", copies)
        .hint("Only if you begin like an earlier one")
        .value(fields.raw("copy"))
        .errors(errors);
    let mut templates = Radios::new("template", "How to begin")
        .item(Choice::new("evening", "One prize, one evening").hint(
            "£2,000, three finalists whom you invite, one evening in front of a panel. Ready in ten minutes.",
        ))
        .item(
            Choice::new("open", "An open prize")
                .hint("Anybody enters until a deadline. Judges read at their desks, three to a pitch."),
        );
    if !earlier.is_empty() {
        templates = templates.item(
            Choice::new("copy", "Like an earlier one")
                .hint("Its rules and words with new dates, and no people."),
        );
    }
    let body = html! {
        p.govuk-body-l { "Everything can be changed on the next pages, and nothing is public before you publish it." }
        (form("/programmes/new", html! {
            (Input::new("title", "What is the prize called?").hint("This is public, and stays as it is.").value(fields.raw("title")).errors(errors))
            (templates.value(fields.raw("template")).errors(errors))
            @if !earlier.is_empty() { (which) }
            (Button::new("Begin").prevent_double_click())
        }))
    };
    Page::new("Run a prize").errors(errors).show(visitor, body)
}
