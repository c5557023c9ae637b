//! The call: opened and closed by two, invitations, the deadline, the words.

use axum::Router;
use axum::extract::Path;
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::known::{deciders, invite, me, organised};
use super::setup::Reader;
use crate::api::{Phase, Programme, Role};
use crate::components::{
    Button, Choice, DateInput, Details, Errors, Input, InsetText, Radios, Tag, Textarea, WarningText,
};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{instant, reason};

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise/call", get(show).post(act))
        .route("/programmes/{programme}/organise/call/cancel", get(warn))
}

/// Why the deadline moves: causes outside the organisers' control.
const FOR_MOVING: [&str; 2] = ["service_fault", "outside_our_control"];
const FOR_AMENDING: [&str; 4] = ["clarification", "our_fault", "service_fault", "outside_our_control"];
const FOR_CANCELLING: [&str; 4] = ["too_few_pitches", "our_fault", "service_fault", "outside_our_control"];

async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (programme, names) = together!(organised(&visitor, id), Names::of_members(&visitor.api, id))?;
    Ok(page(&visitor, &programme, &names, &Fields::default(), &Errors::new()))
}

async fn act(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let (programme, names) = together!(organised(&visitor, id), Names::of_members(&visitor.api, id))?;
    let (result, says) = match read(&programme, &fields) {
        Err(errors) => return Ok(answer(&visitor, &programme, &names, &fields, &errors)),
        Ok(Order::Invite) => {
            (invited(&visitor, id, &fields).await, "Invited. They get a letter with the way in.")
        }
        Ok(Order::Send { path, body, says }) => {
            let path = format!("submissions/programmes/{id}/{path}");
            let sent: Result<Value, Failure> =
                visitor.api.send(Method::POST, &path, fields.key(), None, &body).await;
            (sent.map(|_| ()), says)
        }
    };
    match result {
        Ok(()) => Ok(visitor.to_saying(&format!("/programmes/{id}/organise/call"), says)),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            Ok(answer(&visitor, &programme, &names, &fields, &errors))
        }
    }
}

/// A refused cancellation is explained where it was asked for.
fn answer(
    visitor: &Visitor,
    programme: &Programme,
    names: &Names,
    fields: &Fields,
    errors: &Errors,
) -> Response {
    if fields.text("act") == "cancel" {
        warning(visitor, programme, fields, errors)
    } else {
        page(visitor, programme, names, fields, errors)
    }
}

/// What a form orders.
enum Order {
    Invite,
    Send { path: &'static str, body: Value, says: &'static str },
}

fn read(programme: &Programme, fields: &Fields) -> Result<Order, Errors> {
    let send = |path, says| Ok(Order::Send { path, body: json!({}), says });
    let mut reader = Reader::of(fields);
    let order = match fields.text("act") {
        "open" => {
            return send(
                "call/opening",
                "Proposed. Another person must confirm it; they see it when they sign in.",
            );
        }
        "open-confirm" => {
            return send("call/opening/confirmation", "The call is open. The rules are fixed from now on.");
        }
        "close" => return send("call/closing", "Proposed. Another person must confirm it."),
        "close-confirm" => return send("call/closing/confirmation", "The call is closed."),
        "invite" => {
            if !reader.text("email", 320, "Write their email address").contains('@')
                && reader.errors.is_empty()
            {
                reader.wrong("email", "Write an email address, such as name@example.org");
            }
            reader.text("name", 200, "Write their name");
            Order::Invite
        }
        "move" => {
            let at = reader.moment("deadline", "deadline_time");
            let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
            let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
            let deadline = at.and_then(|at| at.to_zoned(zone).ok()).map(|at| at.timestamp());
            let body = json!({ "deadline": deadline, "reason": chosen(&mut reader, "reason", &FOR_MOVING) });
            Order::Send { path: "call/deadline", body, says: "The deadline has moved. Entrants are told." }
        }
        "amend" => {
            let prose = reader.text("prose", 200_000, "The rules need words");
            let body =
                json!({ "prose": prose, "reason": chosen(&mut reader, "amend_reason", &FOR_AMENDING) });
            Order::Send {
                path: "rulebook/amendment",
                body,
                says: "The words have changed. Everybody can see that, and why.",
            }
        }
        _ => {
            let body = json!({ "reason": chosen(&mut reader, "cancel_reason", &FOR_CANCELLING) });
            if !fields.has("sure") {
                reader.wrong("sure", "Tick that you are sure: it can’t be undone");
            }
            Order::Send { path: "cancellation", body, says: "The programme is called off." }
        }
    };
    if reader.errors.is_empty() { Ok(order) } else { Err(reader.errors) }
}

fn chosen(reader: &mut Reader, name: &str, known: &[&str]) -> String {
    let chosen = reader.fields.text(name).to_owned();
    if !known.contains(&chosen.as_str()) {
        reader.wrong(name, "Choose why");
    }
    chosen
}

async fn invited(visitor: &Visitor, id: Uuid, fields: &Fields) -> Result<(), Failure> {
    let key = fields.key();
    let member =
        invite(visitor, id, &format!("{key}/place"), fields.text("email"), fields.text("name")).await?;
    let path = format!("submissions/programmes/{id}/call/invitees");
    let body = json!({ "member": member });
    let _: Value = visitor.api.post(&path, &format!("{key}/invitee"), &body).await?;
    Ok(())
}

fn page(
    visitor: &Visitor,
    programme: &Programme,
    names: &Names,
    fields: &Fields,
    errors: &Errors,
) -> Response {
    let at = format!("/programmes/{}/organise", programme.id);
    let here = format!("{at}/call");
    let organiser = programme.you_are(Role::Organiser);
    let invited_call = programme.rulebook.as_ref().is_some_and(|rulebook| rulebook.call == "invited");
    let phase = programme.phase;
    let running = matches!(phase, Some(Phase::Published | Phase::Open));
    let body = html! {
        @if phase == Some(Phase::Drafted) {
            p.govuk-body { "First " a.govuk-link href={ (at) "/setup" } { "publish the rules" } "." }
        }
        @if phase == Some(Phase::Published) { (opening(programme, names, &here)) }
        (dates(programme))
        @if invited_call && running { (entrants(programme, names, &here, organiser, fields, errors)) }
        @if phase == Some(Phase::Open) {
            @if invited_call { (closing(programme, names, &here)) }
            @if organiser { (deadline(&here, fields, errors)) }
        }
        @if organiser && phase >= Some(Phase::Open) && phase < Some(Phase::Concluded) { (amendment(programme, &here, fields, errors)) }
        (changes(programme))
        @if organiser && phase < Some(Phase::Concluded) {
            h2.govuk-heading-m { "Call it off" }
            p.govuk-body { a.govuk-link href={ (here) "/cancel" } { "Call the programme off" } }
        }
    };
    Page::new("The call")
        .of(programme, Tab::Organise)
        .back(at, "What needs doing")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

/// Something that one proposes and another confirms: whoever proposed it has
/// no button.
fn two(
    programme: &Programme,
    names: &Names,
    here: &str,
    proposed_by: Option<Uuid>,
    (act, propose, confirm): (&str, &str, &str),
) -> Markup {
    let own = me(programme);
    html! {
        @match proposed_by {
            None => {
                @if programme.you_are(Role::Organiser) {
                    (form(here, html! { (Button::new(propose).name("act").value(act).prevent_double_click()) }))
                } @else { p.govuk-body { "An organiser must propose it." } }
            }
            Some(by) if by == own => {
                p.govuk-body { (Tag::new("Waiting for a second person").yellow()) }
                p.govuk-body { "You have proposed this. Another organiser or an approver must confirm it." }
            }
            Some(by) => {
                p.govuk-body { strong { (names.member(by)) } " has proposed this. If you agree, confirm it." }
                (form(here, html! { (Button::new(confirm).name("act").value(format!("{act}-confirm")).prevent_double_click()) }))
            }
        }
    }
}

fn opening(programme: &Programme, names: &Names, here: &str) -> Markup {
    let proposed = programme.people.as_ref().and_then(|people| people.opening_proposed_by);
    html! {
        h2.govuk-heading-m { "Open the call" }
        p.govuk-body { "Two people open it. From then on the " a.govuk-link href={ "/programmes/" (programme.id) "/rules" } { "rules" } " are fixed: read them once more." }
        @if deciders(programme).len() < 2 {
            (InsetText::new(html! { "You are alone. " a.govuk-link href={ "/programmes/" (programme.id) "/organise/setup/people" } { "Ask a second person in" } " first." }))
        } @else {
            (two(programme, names, here, proposed, ("open", "Propose to open the call", "Confirm: open the call")))
        }
    }
}

fn closing(programme: &Programme, names: &Names, here: &str) -> Markup {
    let proposed = programme.people.as_ref().and_then(|people| people.closing_proposed_by);
    html! {
        h2.govuk-heading-m { "Close it early" }
        p.govuk-body { "Once everybody who was invited has handed in or declined, two people may close the call before its deadline." }
        (two(programme, names, here, proposed, ("close", "Propose to close the call now", "Confirm: close the call now")))
    }
}

fn dates(programme: &Programme) -> Markup {
    let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    html! {
        @if let Some(deadline) = programme.deadline { p.govuk-body { "Pitches can be handed in until " (instant(deadline, zone)) "." } }
        @if let Some(closed) = programme.closed_at { p.govuk-body { "The call closed on " (instant(closed, zone)) "." } }
    }
}

fn entrants(
    programme: &Programme,
    names: &Names,
    here: &str,
    organiser: bool,
    fields: &Fields,
    errors: &Errors,
) -> Markup {
    let invited = programme.people.iter().flat_map(|people| &people.invited);
    html! {
        h2.govuk-heading-m { "Who is invited" }
        ul.govuk-list {
            @for one in invited {
                li { (names.member(one.member)) " " @if one.declined { (Tag::new("Declined").grey()) } @else if !names.has_joined(one.member) { (Tag::new("Invited").blue()) } @else { (Tag::new("Has signed in").green()) } }
            }
        }
        @if organiser {
            (form(here, html! {
                (Input::new("name", "Name").value(fields.raw("name")).errors(errors).width(20))
                (Input::new("email", "Email address").kind("email").autocomplete("off").spellcheck(false).value(fields.raw("email")).errors(errors))
                (Button::new("Invite to enter").secondary().name("act").value("invite").prevent_double_click())
            }))
        }
    }
}

fn reasons(name: &str, legend: &str, known: &[&str], fields: &Fields, errors: &Errors) -> Radios {
    let items = known.iter().map(|code| Choice::new(*code, reason(code)));
    Radios::new(name, legend).items(items).value(fields.raw(name)).errors(errors)
}

fn opened(details: Details, errors: &Errors, names: &[&str]) -> Markup {
    let wrong = names.iter().any(|name| errors.get(name).is_some());
    html! { (if wrong { details.open() } else { details }) }
}

fn deadline(here: &str, fields: &Fields, errors: &Errors) -> Markup {
    let part = |part: &str| fields.raw(&format!("deadline.{part}")).to_owned();
    let body = form(
        here,
        html! {
            p.govuk-body { "Only later, and only for a cause outside your control. Everybody who has entered is told, and may replace their pitch." }
            (DateInput::new("deadline", "The new day").values(part("day"), part("month"), part("year")).errors(errors))
            (Input::new("deadline_time", "At what time").hint("For example, 17:30").value(fields.raw("deadline_time")).errors(errors).width(5))
            (reasons("reason", "Why?", &FOR_MOVING, fields, errors))
            (Button::new("Move the deadline").name("act").value("move").prevent_double_click())
        },
    );
    opened(Details::new("Move the deadline", body), errors, &["deadline", "deadline_time", "reason"])
}

fn amendment(programme: &Programme, here: &str, fields: &Fields, errors: &Errors) -> Markup {
    let prose = if fields.has("prose") {
        fields.raw("prose")
    } else {
        programme.prose.as_deref().unwrap_or_default()
    };
    let body = form(
        here,
        html! {
            p.govuk-body { "Numbers, weights and dates are fixed. Words may be made clearer: the change is public, with its reason, and entrants are told." }
            (Textarea::new("prose", "The rules’ words").rows(16).hint("A line that begins with a name and a colon, such as “first-prize: First prize”, says what that part is called. Keep the names.").value(prose).errors(errors))
            (reasons("amend_reason", "Why?", &FOR_AMENDING, fields, errors))
            (Button::new("Change the words").name("act").value("amend").prevent_double_click())
        },
    );
    opened(Details::new("Make the rules’ words clearer", body), errors, &["prose", "amend_reason"])
}

fn changes(programme: &Programme) -> Markup {
    let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    html! {
        @if !programme.changes.is_empty() {
            h2.govuk-heading-m { "What has changed since it opened" }
            ul.govuk-list.govuk-list--bullet {
                @for change in &programme.changes {
                    li {
                        (instant(change.at, zone)) ": "
                        @match change.change.as_str() {
                            "rulebook_amended" => "the words were changed",
                            "deadline_moved" => "the deadline moved",
                            _ => "the programme was called off",
                        }
                        @if let Some(code) = &change.reason { " – " (reason(code)) }
                    }
                }
            }
        }
    }
}

async fn warn(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let programme = organised(&visitor, id).await?;
    Ok(warning(&visitor, &programme, &Fields::default(), &Errors::new()))
}

fn warning(visitor: &Visitor, programme: &Programme, fields: &Fields, errors: &Errors) -> Response {
    let here = format!("/programmes/{}/organise/call", programme.id);
    let body = html! {
        (WarningText::new("This can’t be undone. Nothing about the programme changes any more, everybody who has entered is told, and the reason is public."))
        (form(&here, html! {
            (reasons("cancel_reason", "Why?", &FOR_CANCELLING, fields, errors))
            (crate::components::Checkboxes::bare("sure").item(Choice::new("yes", format!("Yes, call off “{}”", programme.name()))).errors(errors))
            div.govuk-button-group {
                (Button::new("Call the programme off").warning().name("act").value("cancel").prevent_double_click())
                a.govuk-link href=(here) { "Go back" }
            }
        }))
    };
    Page::new("Call the programme off")
        .of(programme, Tab::Organise)
        .back(here, "The call")
        .errors(errors)
        .show(visitor, body)
}
