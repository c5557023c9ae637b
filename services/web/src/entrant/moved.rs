//! Somebody else saved here in between: both texts beside each other, and the
//! person chooses.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use super::draft::{Content, Desk, Draft, zone};
use super::form;
use super::part::Part;
use crate::api::Programme;
use crate::components::{Button, Input, Textarea};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, key};
use crate::visitor::Visitor;
use crate::words::{Wording, when};

/// Asks which of the two is to stay.
pub async fn page(
    visitor: &Visitor,
    programme: Uuid,
    part: &Part,
    now: &Draft,
    fields: &Fields,
) -> Result<Response, Failure> {
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{programme}")).await?;
    let wording = Wording::of(&programme);
    let desk = Desk { programme, draft: now.clone(), wording, files: Vec::new() };
    let mut mine = now.content.clone();
    part.write(fields, &mut mine);
    let you = desk.programme.you.as_ref().map(|you| you.member);
    let who = if now.saved_by.is_none() || now.saved_by == you {
        "You saved other words in another tab or on another device"
    } else {
        "Somebody in your team saved other words"
    };
    let body = html! {
        p.govuk-body-l {
            (who) ", on " (when(now.saved_at, zone(&desk.programme)))
            ". Nothing has been overwritten: both are here. Choose, or bring them together on the left."
        }
        (both(&desk, part, &mine))
    };
    Ok(Page::new(format!("{}: which words are to stay?", form::title(&desk, part)))
        .of(&desk.programme, Tab::Pitches)
        .status(StatusCode::CONFLICT)
        .style("entrant.css")
        .script("autosave.mjs")
        .wide()
        .show(visitor, body))
}

fn both(desk: &Desk, part: &Part, mine: &Content) -> Markup {
    let path = desk.path(&part.path());
    let (mine, saved) = (part.read(mine), part.read(&desk.draft.content));
    let value = |values: &[(String, String)], name: &str| {
        values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    html! {
        form method="post" action=(path) novalidate autocomplete="off"
            data-autosave={ (desk.draft.id) (part.path()) } data-autosave-only="device" data-unsaved data-settles {
            (key())
            input type="hidden" name="_version" value=(desk.draft.version);
            input type="hidden" name="_was" value=(part.mark(&desk.draft.content));
            div.entrant-both {
                section aria-labelledby="yours" {
                    h2.govuk-heading-m #yours { "Yours" }
                    @for (name, text) in &mine { (editable(desk, part, name, text)) }
                    (Button::new("Save yours").name("then").value("next"))
                }
                section aria-labelledby="saved" {
                    h2.govuk-heading-m #saved { "Saved now" }
                    @for (name, _) in &mine {
                        h3.govuk-heading-s { (label(desk, name)) }
                        div.plaudit-answer.govuk-body.entrant-theirs { (said(&value(&saved, name))) }
                    }
                    (Button::new("Keep what is saved").secondary().href(format!("{path}?kept=saved")))
                }
            }
        }
    }
}

fn editable(desk: &Desk, part: &Part, name: &str, text: &str) -> Markup {
    match part {
        Part::Question(_) => html! { (Textarea::new(name, label(desk, name)).value(text).rows(16)) },
        Part::Names => html! { (Input::new(name, label(desk, name)).value(text)) },
        Part::Gate | Part::Rules => html! {
            h3.govuk-heading-s { (label(desk, name)) }
            p.govuk-body { (said(text)) }
            input type="hidden" name=(name) value=(text);
        },
    }
}

fn label(desk: &Desk, name: &str) -> String {
    match name {
        "title" => "Title".to_owned(),
        "team_name" => "Team".to_owned(),
        "accept_rules" => "The rules are accepted".to_owned(),
        "enter_at_deadline" => "It may enter by itself at the deadline".to_owned(),
        other => desk.wording.says(other.split_once('.').map_or(other, |(_, id)| id)),
    }
}

fn said(text: &str) -> &str {
    match text {
        "yes" => "Yes",
        "no" => "No",
        "" => "(nothing)",
        other => other,
    }
}
