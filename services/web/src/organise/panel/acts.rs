//! What is done about a panel.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Seen, matrix_of, overview};
use crate::components::{Button, Choice, Errors, Radios, Select};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::known::invite;
use crate::organise::setup::Reader;
use crate::page::form;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::reason;

const FOR_LEAVING: [&str; 4] = ["stood_down", "absent", "not_competent", "conflict_of_interest"];
const FOR_STANDING_ASIDE: [&str; 2] = ["conflict_of_interest", "not_competent"];

/// From the panel's page.
pub async fn act(visitor: Visitor, at: Path<(Uuid, String)>, fields: Fields) -> Result<Response, Failure> {
    let (id, round) = &*at;
    match carry_out(&visitor, *id, round, &fields).await? {
        Ok(says) => Ok(done(&visitor, *id, round, says)),
        Err(errors) => {
            let (seen, matrix) =
                together!(Seen::of(&visitor, *id, round), matrix_of(&visitor, *id, round, None))?;
            Ok(overview(&visitor, &seen, matrix.as_ref(), &fields, &errors))
        }
    }
}

/// From the page of changes.
pub async fn change(visitor: Visitor, at: Path<(Uuid, String)>, fields: Fields) -> Result<Response, Failure> {
    let (id, round) = &*at;
    match carry_out(&visitor, *id, round, &fields).await? {
        Ok(says) => Ok(done(&visitor, *id, round, says)),
        Err(errors) => Ok(changes_page(&visitor, &Seen::of(&visitor, *id, round).await?, &fields, &errors)),
    }
}

fn done(visitor: &Visitor, id: Uuid, round: &str, says: &str) -> Response {
    visitor.to_saying(&format!("/programmes/{id}/organise/panel/{round}"), says)
}

/// Does it, or says what is wrong with the form.
async fn carry_out(
    visitor: &Visitor,
    id: Uuid,
    round: &str,
    fields: &Fields,
) -> Result<Result<&'static str, Errors>, Failure> {
    let panel = format!("panels/programmes/{id}/rounds/{round}/panel");
    let order = match read(fields) {
        Ok(order) => order,
        Err(errors) => return Ok(Err(errors)),
    };
    let done = match order {
        Order::Ask => ask(visitor, id, &panel, fields).await,
        Order::Send { ref path, ref body, .. } => {
            let sent: Result<Value, Failure> =
                visitor.api.post(&format!("{panel}{path}"), fields.key(), body).await;
            sent.map(|_| ())
        }
    };
    match done {
        Ok(()) => Ok(Ok(match order {
            Order::Ask => "Asked. They get a letter with the way in.",
            Order::Send { says, .. } => says,
        })),
        Err(failure) => Ok(Err(failure.for_the_form()?.to_errors())),
    }
}

enum Order {
    Ask,
    Send { path: String, body: Value, says: &'static str },
}

async fn ask(visitor: &Visitor, id: Uuid, panel: &str, fields: &Fields) -> Result<(), Failure> {
    let key = fields.key();
    let member =
        invite(visitor, id, &format!("{key}/place"), fields.text("email"), fields.text("name")).await?;
    let body = json!({
        "member": member,
        "office": fields.text("office"),
        "independent": fields.has("independent"),
        "cap": fields.text("cap").parse::<u32>().ok(),
    });
    let _: Value = visitor.api.post(&format!("{panel}/judges"), &format!("{key}/seat"), &body).await?;
    Ok(())
}

fn read(fields: &Fields) -> Result<Order, Errors> {
    let mut reader = Reader::of(fields);
    let send = |path: &str, body: Value, says| Order::Send { path: path.to_owned(), body, says };
    let order = match fields.text("act") {
        "convene" => send("", json!({}), "The panel is called together. Now ask judges."),
        "assign" => send("/assignments", json!({}), "Every pitch has its judges."),
        "ready" => send("/readiness", json!({}), "The panel is ready."),
        "ask" => {
            reader.text("name", 200, "Write their name");
            if !fields.text("email").contains('@') {
                reader.wrong("email", "Write their email address, such as name@example.org");
            }
            if !matches!(fields.text("office"), "judge" | "chair" | "deputy") {
                reader.wrong("office", "Choose an office");
            }
            reader.maybe_number("cap", 1..=10_000);
            Order::Ask
        }
        "allow" => {
            let (member, pitch) = (one(&mut reader, "member"), one(&mut reader, "pitch"));
            send(
                &format!("/judges/{member}/allowances"),
                json!({ "pitch": pitch }),
                "They may judge it. How many such cases there are is public.",
            )
        }
        "aside" => {
            let (member, pitch) = (one(&mut reader, "member"), one(&mut reader, "pitch"));
            let why = if fields.has("reason") {
                chosen(&mut reader, "reason", &FOR_STANDING_ASIDE)
            } else {
                FOR_STANDING_ASIDE[0].to_owned()
            };
            send(
                "/recusals",
                json!({ "member": member, "pitch": pitch, "reason": why }),
                "Noted: they stand aside from it, for good.",
            )
        }
        "leave" => {
            let member = one(&mut reader, "leaving");
            let why = chosen(&mut reader, "leaving_reason", &FOR_LEAVING);
            send(
                &format!("/judges/{member}/standing-down"),
                json!({ "reason": why }),
                "Their seat has ended.",
            )
        }
        _ => {
            let pitch = one(&mut reader, "moved");
            let (from, to) = (one(&mut reader, "from"), one(&mut reader, "to"));
            if from == to && reader.errors.is_empty() {
                reader.wrong("to", "Choose another judge than before");
            }
            send("/assignments/moves", json!({ "pitch": pitch, "from": from, "to": to }), "Moved.")
        }
    };
    if reader.errors.is_empty() { Ok(order) } else { Err(reader.errors) }
}

fn one(reader: &mut Reader, name: &str) -> Uuid {
    let chosen = reader.fields.text(name).parse();
    chosen.unwrap_or_else(|_| {
        reader.wrong(name, "Choose one from the list");
        Uuid::nil()
    })
}

fn chosen(reader: &mut Reader, name: &str, known: &[&str]) -> String {
    let chosen = reader.fields.text(name).to_owned();
    if !known.contains(&chosen.as_str()) {
        reader.wrong(name, "Choose why");
    }
    chosen
}

/// What is done one at a time and not every day.
pub fn changes_page(visitor: &Visitor, seen: &Seen, fields: &Fields, errors: &Errors) -> Response {
    let at = format!("{}/changes", seen.at());
    let assigned = seen.panel.as_ref().is_some_and(|panel| panel.state != "convened");
    let reasons = |name: &'static str, known: &[&str]| {
        let items = known.iter().map(|code| Choice::new(*code, reason(code)));
        Radios::new(name, "Why?").items(items).value(fields.raw(name)).errors(errors)
    };
    let body = html! {
        @if assigned {
            h2.govuk-heading-m { "Move a pitch to another judge" }
            (form(&at, html! {
                (pitches("moved", seen, fields, errors))
                (judges("from", "Who was to mark it?", seen, fields, errors))
                (judges("to", "Who marks it now?", seen, fields, errors))
                (Button::new("Move it").name("act").value("move").prevent_double_click())
            }))
        }
        h2.govuk-heading-m { "Somebody stands aside from a pitch" }
        p.govuk-body { "If a judge tells you so, or you find out. It can’t be taken back, and what they have marked of it is not counted." }
        (form(&at, html! {
            (judges("member", "Which judge?", seen, fields, errors))
            (pitches("pitch", seen, fields, errors))
            (reasons("reason", &FOR_STANDING_ASIDE))
            (Button::new("Note that they stand aside").name("act").value("aside").prevent_double_click())
        }))
        h2.govuk-heading-m { "End a seat" }
        p.govuk-body { "Others take over what they were to mark." }
        (form(&at, html! {
            (judges("leaving", "Whose?", seen, fields, errors))
            (reasons("leaving_reason", &FOR_LEAVING))
            (Button::new("End the seat").warning().name("act").value("leave").prevent_double_click())
        }))
    };
    seen.page(visitor, "Changes to the panel", errors, body)
}

fn judges(name: &str, label: &str, seen: &Seen, fields: &Fields, errors: &Errors) -> Markup {
    let known: Vec<(String, &str)> =
        seen.sitting().map(|seat| (seat.member.to_string(), seen.names.member(seat.member))).collect();
    let items =
        [("", "Choose a judge")].into_iter().chain(known.iter().map(|(id, called)| (id.as_str(), *called)));
    html! { (Select::new(name, label, items).value(fields.raw(name)).errors(errors)) }
}

fn pitches(name: &str, seen: &Seen, fields: &Fields, errors: &Errors) -> Markup {
    let eligible = seen.pitches.iter().filter(|pitch| {
        pitch.progress.as_ref().is_some_and(|progress| progress.standing.as_deref() == Some("eligible"))
    });
    let known: Vec<(String, &str)> =
        eligible.map(|pitch| (pitch.id.to_string(), seen.title(pitch.id))).collect();
    let items =
        [("", "Choose a pitch")].into_iter().chain(known.iter().map(|(id, called)| (id.as_str(), *called)));
    html! { (Select::new(name, "Which pitch?", items).value(fields.raw(name)).errors(errors)) }
}
