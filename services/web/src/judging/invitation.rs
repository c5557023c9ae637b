//! The invitation to a panel: what it asks, and yes or no.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::desk::Desk;
use super::rounds::seat_name;
use crate::api::Done;
use crate::components::{Button, Checkboxes, Choice, Errors, InsetText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;
use crate::words::count;

/// The invitation, with what was wrong with the answer.
pub fn show(visitor: &Visitor, desk: &Desk, errors: &Errors) -> Response {
    let title = format!("Will you judge {}?", desk.programme.name());
    let body = html! {
        div.govuk-grid-row { div.govuk-grid-column-two-thirds {
            p.govuk-body-l { "The organisers ask you to judge the round " strong { (desk.name()) } ", as " (as_what(desk)) "." }
            (what_it_takes(desk))
            h2.govuk-heading-m { "What you would mark" }
            (criteria(desk))
            h2.govuk-heading-m { "What you promise" }
            ul.govuk-list.govuk-list--bullet {
                li { "What entrants write, what you mark and what the panel says stays between you and the panel." }
                li { "You say before you read anything whom you know, and stand aside where you could not be fair." }
            }
            h2.govuk-heading-m { "What others see of you" }
            p.govuk-body { "The names of judges are published, or given to whoever asks. Until the marks are opened nobody sees yours, the organisers included. What you write for an entrant reaches them with the announcement." }
            (answer(desk, errors))
        } }
    };
    Page::new(title)
        .of(&desk.programme, Tab::Judging)
        .back(format!("/programmes/{}/judging", desk.programme.id), "Judging")
        .errors(errors)
        .show(visitor, body)
}

fn as_what(desk: &Desk) -> String {
    let name = seat_name(&desk.seat).to_lowercase();
    let article = if name.starts_with('i') { "an" } else { "a" };
    if name == "chair" { "its chair".to_owned() } else { format!("{article} {name}") }
}

fn what_it_takes(desk: &Desk) -> Markup {
    let pitches = desk.programme.screening.as_ref().map(|screened| screened.eligible as usize);
    let kind = match desk.rules.kind.as_str() {
        "desk" => "You read each pitch by yourself, when it suits you.",
        "interview" => "You meet each team, then mark.",
        _ => "You hear each pitch live, ask, then mark.",
    };
    let share = match (pitches, desk.rules.judges_per_pitch) {
        (Some(all), 0) => format!("You would mark {}.", count(all, "pitch", "pitches")),
        (Some(all), each) => {
            let each = count(each as usize, "judge", "judges");
            format!(
                "There are {}, and {each} to each: you would mark your share of them.",
                count(all, "pitch", "pitches")
            )
        }
        (None, _) => {
            "How many pitches there are is known once the call is closed and they are checked.".to_owned()
        }
    };
    let anonymous = if desk.anonymous { " You are not told whose a pitch is." } else { "" };
    html! { p.govuk-body { (kind) " " (share) (anonymous) } }
}

/// What is marked, with weights.
pub fn criteria(desk: &Desk) -> Markup {
    let scale = &desk.rules.tally.scale;
    html! {
        ul.govuk-list.govuk-list--bullet {
            @for criterion in &desk.rules.tally.criteria {
                li { (desk.wording.criterion(&criterion.id)) ", weight " (criterion.weight) }
            }
        }
        p.govuk-body { "Each from " (scale.min) " to " (scale.max) ", in steps of " (scale.step) "." }
    }
}

fn answer(desk: &Desk, errors: &Errors) -> Markup {
    let promise = Choice::new("true", "I will keep what I read, mark and hear in confidence");
    html! {
        (form(&desk.page("/acceptance"), html! {
            (Checkboxes::new("confidentiality", "Your answer").item(promise).errors(errors))
            (Button::new("Accept").prevent_double_click())
        }))
        (form(&desk.page("/refusal"), html! {
            (InsetText::new("If you would rather not, or cannot, say no: the organisers then ask somebody else. You need give no reason."))
            (Button::new("Decline").secondary().prevent_double_click())
        }))
    }
}

pub async fn accept(
    visitor: Visitor,
    Path((programme, round)): Path<(Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let desk = Desk::open(&visitor, programme, &round).await?;
    if !fields.has("confidentiality") {
        let mut errors = Errors::new();
        errors.push("confidentiality", "Tick the box to accept: nobody judges without this promise");
        return Ok(show(&visitor, &desk, &errors));
    }
    let path = desk.of_panel("/acceptance");
    let body = json!({ "confidentiality": true });
    match visitor.api.post::<Done>(&path, fields.key(), &body).await {
        Ok(_) => Ok(visitor.to_saying(&desk.page("/interests"), "Thank you: you are on the panel.")),
        Err(failure) => Ok(show(&visitor, &desk, &failure.for_the_form()?.to_errors())),
    }
}

pub async fn decline(
    visitor: Visitor,
    Path((programme, round)): Path<(Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let desk = Desk::open(&visitor, programme, &round).await?;
    match visitor.api.post::<Done>(&desk.of_panel("/refusal"), fields.key(), &json!({})).await {
        Ok(_) => Ok(visitor.to_saying(
            &format!("/programmes/{programme}/judging"),
            "You have declined. The organisers can see it.",
        )),
        Err(failure) => Ok(show(&visitor, &desk, &failure.for_the_form()?.to_errors())),
    }
}
