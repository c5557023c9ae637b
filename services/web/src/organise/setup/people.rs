//! Who runs it with you.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::draft::{Kept, keep, kept};
use super::{Plan, at};
use crate::api::{Programme, Role};
use crate::components::{Button, Choice, Errors, Input, Radios, Row, SummaryList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::known::{deciders, invite};
use crate::page::{Page, Tab, form};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;

pub async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let ((programme, Kept { plan, .. }), names) =
        together!(kept(&visitor, id), Names::of_members(&visitor.api, id))?;
    Ok(page(&visitor, &programme, &names, &plan, &Fields::default(), &Errors::new()))
}

pub async fn act(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let ((programme, Kept { plan, version }), names) =
        together!(kept(&visitor, id), Names::of_members(&visitor.api, id))?;
    let (result, says) = if fields.text("act") == "stand-in" {
        let plan = Plan { stand_in: fields.text("stand_in").chars().take(200).collect(), ..plan.clone() };
        (keep(&visitor.api, id, fields.key(), version, &plan).await, "Saved.")
    } else {
        let wrong = invitation_faults(&fields);
        if !wrong.is_empty() {
            return Ok(page(&visitor, &programme, &names, &plan, &fields, &wrong));
        }
        (
            ask_in(&visitor, id, &fields).await,
            "Invited. They get a letter, and can sign as soon as they have signed in.",
        )
    };
    match result {
        Ok(()) => Ok(visitor.to_saying(&format!("{}/people", at(id)), says)),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            Ok(page(&visitor, &programme, &names, &plan, &fields, &errors))
        }
    }
}

/// What is wrong with an invitation before anybody is asked.
pub fn invitation_faults(fields: &Fields) -> Errors {
    let mut errors = Errors::new();
    if fields.text("name").is_empty() {
        errors.push("name", "Write their name");
    }
    if !fields.text("email").contains('@') {
        errors.push("email", "Write their email address, such as name@example.org");
    }
    if !matches!(fields.text("role"), "organiser" | "approver" | "helper" | "teller") {
        errors.push("role", "Choose what they do");
    }
    errors
}

/// A place in the programme, and with it a role.
pub async fn ask_in(visitor: &Visitor, id: Uuid, fields: &Fields) -> Result<(), Failure> {
    let key = fields.key();
    let member =
        invite(visitor, id, &format!("{key}/place"), fields.text("email"), fields.text("name")).await?;
    let body = json!({ "member": member, "role": fields.text("role") });
    let path = format!("submissions/programmes/{id}/roles");
    let _: Value = visitor.api.post(&path, &format!("{key}/role"), &body).await?;
    Ok(())
}

fn page(
    visitor: &Visitor,
    programme: &Programme,
    names: &Names,
    plan: &Plan,
    fields: &Fields,
    errors: &Errors,
) -> Response {
    let here = format!("{}/people", at(programme.id));
    let signing = deciders(programme);
    let body = html! {
        p.govuk-body-l { "Two people sign whatever decides. The second may be a fellow organiser, or an approver: a trustee, treasurer or funder who only confirms." }
        (there(programme, names))
        h2.govuk-heading-m { "Ask somebody in" }
        (form(&here, html! {
            (invitation(fields, errors))
            (Button::new("Invite").name("act").value("invite").prevent_double_click())
        }))
        @if programme.you_are(Role::Organiser) {
            h2.govuk-heading-m { "If one of you has a conflict" }
            (form(&here, html! {
                (Input::new("stand_in", "Who signs instead?").width(20)
                    .hint("Somebody who knows none of the teams. It is said in the public rules. With only two people, a conflict of one of them stops every decision about that pitch.")
                    .value(if fields.has("stand_in") { fields.raw("stand_in") } else { &plan.stand_in }).errors(errors))
                (Button::new("Save").secondary().name("act").value("stand-in"))
            }))
        }
        @if signing.len() >= 2 { p.govuk-body { (Button::new("Go on").href(at(programme.id))) } }
    };
    Page::new("Who runs it with you")
        .of(programme, Tab::Organise)
        .back(at(programme.id), "Set up your prize")
        .errors(errors)
        .show(visitor, body)
}

/// The fields of an invitation by email, for those who run it.
pub fn invitation(fields: &Fields, errors: &Errors) -> Markup {
    html! {
        (Input::new("name", "Their name").value(fields.raw("name")).errors(errors).width(20))
        (Input::new("email", "Their email address").kind("email").autocomplete("off").spellcheck(false).value(fields.raw("email")).errors(errors))
        (Radios::new("role", "What they do")
            .item(Choice::new("organiser", "Organiser").hint("Does everything that you can do"))
            .item(Choice::new("approver", "Approver").hint("Only confirms what organisers propose"))
            .value(fields.raw("role")).errors(errors))
    }
}

fn there(programme: &Programme, names: &Names) -> Markup {
    let roles = programme.people.iter().flat_map(|people| &people.roles);
    let rows = roles.map(|held| {
        let what: Vec<&str> =
            held.roles.iter().map(|role| crate::organise::people::role_name(*role)).collect();
        let joined = if names.has_joined(held.member) { "" } else { " – invited, has not signed in yet" };
        Row::new(names.member(held.member), format!("{}{joined}", what.join(", ")))
    });
    html! { (SummaryList::new().rows(rows)) }
}
