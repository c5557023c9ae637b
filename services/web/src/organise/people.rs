//! Who is in a programme, and what they may do.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::known::{me, organised};
use super::setup::{ask_in, invitation_faults};
use crate::api::{Listed, People, Phase, Pitch, Programme, Role};
use crate::components::{Button, Choice, Details, Errors, InsetText, Radios, Select, Table, Tag, Textarea};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form, key};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;

pub fn routes() -> Router {
    Router::new().route("/programmes/{programme}/organise/people", get(show).post(act))
}

/// A role, for people.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Organiser => "Organiser",
        Role::Approver => "Approver",
        Role::Helper => "Helper",
        Role::Teller => "Teller",
    }
}

fn code(role: Role) -> &'static str {
    match role {
        Role::Organiser => "organiser",
        Role::Approver => "approver",
        Role::Helper => "helper",
        Role::Teller => "teller",
    }
}

/// All that the page shows.
struct Seen {
    programme: Programme,
    names: Names,
    pitches: Vec<Pitch>,
}

async fn seen(visitor: &Visitor, id: Uuid) -> Result<Seen, Failure> {
    let path = format!("submissions/programmes/{id}/pitches?names=true&limit=1000");
    let pitches = visitor.api.find::<Listed<Pitch>>(&path);
    let (programme, names, pitches) =
        together!(organised(visitor, id), Names::of_members(&visitor.api, id), pitches)?;
    Ok(Seen { programme, names, pitches: pitches.map(|page| page.items).unwrap_or_default() })
}

async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let seen = seen(&visitor, id).await?;
    Ok(page(&visitor, &seen, &Fields::default(), &Errors::new()))
}

async fn act(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let here = format!("/programmes/{id}/organise/people");
    let at = format!("submissions/programmes/{id}");
    let member = json!({ "member": fields.text("member") });
    let post = async |path: &str, body: Value| -> Result<(), Failure> {
        let _: Value = visitor.api.post(&format!("{at}/{path}"), fields.key(), &body).await?;
        Ok(())
    };
    let mut errors = faults(&fields);
    if errors.is_empty() {
        let (result, says) = match fields.text("act") {
            "invite" => (ask_in(&visitor, id, &fields).await, "Invited. They get a letter."),
            "revoke" => {
                let body = json!({ "member": fields.text("member"), "role": fields.text("role") });
                (post("roles/revocation", body).await, "They no longer have that role.")
            }
            "conflict" => {
                let body = json!({ "pitch": fields.text("pitch"), "nature": fields.text("nature") });
                (
                    post("conflicts", body).await,
                    "Noted. From now on you see nothing of that pitch, and others decide about it.",
                )
            }
            "auditor" => {
                (post("auditors", member).await, "Proposed. Another organiser or an approver confirms it.")
            }
            "auditor-confirm" => {
                (post("auditors/confirmation", member).await, "Confirmed: they are an auditor.")
            }
            "auditor-dismiss" => (post("auditors/dismissal", member).await, "They are no longer an auditor."),
            _ => return Err(Failure::not_found("action")),
        };
        match result {
            Ok(()) => return Ok(visitor.to_saying(&here, says)),
            Err(failure) => errors = failure.for_the_form()?.to_errors(),
        }
    }
    let seen = seen(&visitor, id).await?;
    Ok(page(&visitor, &seen, &fields, &errors))
}

fn faults(fields: &Fields) -> Errors {
    let mut errors = Errors::new();
    let chosen = |name: &str| fields.text(name).parse::<Uuid>().is_ok();
    match fields.text("act") {
        "invite" => return invitation_faults(fields),
        "conflict" => {
            if !chosen("pitch") {
                errors.push("pitch", "Choose the pitch");
            }
            if fields.text("nature").is_empty() {
                errors.push("nature", "Say in a few words what it is");
            }
        }
        "auditor" if !chosen("member") => errors.push("member", "Choose who it should be"),
        _ => {}
    }
    errors
}

fn page(visitor: &Visitor, seen: &Seen, fields: &Fields, errors: &Errors) -> Response {
    let programme = &seen.programme;
    let here = format!("/programmes/{}/organise/people", programme.id);
    let organiser = programme.you_are(Role::Organiser);
    let body = html! {
        (roles(seen, &here, organiser))
        @if organiser {
            h2.govuk-heading-m { "Invite somebody" }
            (form(&here, html! {
                (super::setup::invitation(fields, errors))
                (Button::new("Invite").name("act").value("invite").prevent_double_click())
            }))
        }
        @if programme.phase >= Some(Phase::Open) { (conflict(seen, &here, fields, errors)) }
        @if let Some(people) = &programme.people { (auditors(seen, people, &here, organiser, fields, errors)) }
    };
    Page::new("People and roles")
        .of(programme, Tab::Organise)
        .back(format!("/programmes/{}/organise", programme.id), "What needs doing")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

fn roles(seen: &Seen, here: &str, organiser: bool) -> Markup {
    let held = seen.programme.people.iter().flat_map(|people| &people.roles);
    let held: Vec<_> = held.filter(|held| !held.roles.is_empty()).collect();
    let mut table =
        Table::new().caption("Who runs it").first_cell_is_header().head(["Name", "Role", "Has signed in"]);
    for member in held.iter().copied() {
        let what: Vec<&str> = member.roles.iter().map(|role| role_name(*role)).collect();
        let joined = if seen.names.has_joined(member.member) { "Yes" } else { "Not yet" };
        table = table.row([seen.names.member(member.member), &what.join(", "), joined]);
    }
    let revoke = html! {
        @for member in held {
            @for role in &member.roles {
                form.plaudit-line method="post" action=(here) {
                    (key())
                    input type="hidden" name="member" value=(member.member);
                    input type="hidden" name="role" value=(code(*role));
                    span { (seen.names.member(member.member)) }
                    (Button::new(format!("End the role of {}", role_name(*role).to_lowercase())).secondary().name("act").value("revoke"))
                }
            }
        }
    };
    html! {
        div.plaudit-scroll tabindex="0" role="region" aria-label="Who runs it" { (table) }
        @if organiser { (Details::new("Take a role from somebody", revoke)) }
    }
}

fn conflict(seen: &Seen, here: &str, fields: &Fields, errors: &Errors) -> Markup {
    let own = seen.programme.you.as_ref().map(|you| you.conflicts.len()).unwrap_or_default();
    let pitches = seen.pitches.iter().filter_map(|pitch| {
        let team = pitch.team_name.as_deref().unwrap_or("a team");
        Some((pitch.id.to_string(), format!("{} – {team}", pitch.title.as_deref()?)))
    });
    let mut known = vec![(String::new(), "Choose a pitch".to_owned())];
    known.extend(pitches);
    let items: Vec<(&str, &str)> = known.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    let body = html! {
        p.govuk-body { "If you know a team, say so at once. You can’t take it back: from then on you see nothing of that pitch and decide nothing about it. Why stays sealed." }
        (form(here, html! {
            (Select::new("pitch", "Which pitch?", items).value(fields.raw("pitch")).errors(errors))
            (Textarea::new("nature", "What is your interest?").rows(2).value(fields.raw("nature")).errors(errors))
            (Button::new("Stand aside from this pitch").name("act").value("conflict").prevent_double_click())
        }))
    };
    let open = errors.get("pitch").or(errors.get("nature")).is_some();
    let details = Details::new("I have an interest in a pitch", body);
    html! {
        h2.govuk-heading-m { "Conflicts" }
        @if own > 0 { p.govuk-body { "You stand aside from " (crate::words::count(own, "pitch", "pitches")) "." } }
        (if open { details.open() } else { details })
    }
}

fn auditors(
    seen: &Seen,
    people: &People,
    here: &str,
    organiser: bool,
    fields: &Fields,
    errors: &Errors,
) -> Markup {
    let one = |member: Uuid, act: &str, button: &str| {
        html! {
            form.plaudit-line method="post" action=(here) {
                (key())
                input type="hidden" name="member" value=(member);
                span { (seen.names.member(member)) }
                (Button::new(button).secondary().name("act").value(act))
            }
        }
    };
    html! {
        h2.govuk-heading-m { "Auditors" }
        p.govuk-body { "An auditor has no part in any pitch and may check everything, unpublished marks included, once winners are announced. Two people admit one." }
        @for member in &people.auditors {
            @if organiser { (one(*member, "auditor-dismiss", "End the audit")) } @else { p.govuk-body { (seen.names.member(*member)) } }
        }
        @if let Some(proposed) = people.auditor_proposed {
            @let by = people.auditor_proposed_by;
            (InsetText::new(html! {
                @if let Some(by) = by { (seen.names.member(by)) } " proposes " (seen.names.member(proposed)) ". "
                @if by == Some(me(&seen.programme)) { (Tag::new("Another person must confirm this").yellow()) }
            }))
            @if by != Some(me(&seen.programme)) { (one(proposed, "auditor-confirm", "Confirm as auditor")) }
        }
        @if organiser && !seen.names.by_name().is_empty() {
            (Details::new("Propose an auditor", html! {
                p.govuk-body { "Invite them first if they are not on the list." }
                (form(here, html! {
                    (chooser("member", "Who?", &seen.names, fields, errors))
                    (Button::new("Propose as auditor").name("act").value("auditor"))
                }))
            }))
        }
    }
}

/// One of the members: radios for a few, a list for many.
pub fn chooser(name: &str, legend: &str, names: &Names, fields: &Fields, errors: &Errors) -> Markup {
    let known: Vec<(String, &str)> =
        names.by_name().into_iter().map(|(member, called)| (member.to_string(), called)).collect();
    if known.len() <= 7 {
        let items = known.iter().map(|(id, called)| Choice::new(id, *called));
        return html! { (Radios::new(name, legend).items(items).value(fields.raw(name)).errors(errors)) };
    }
    let first = [("", "Choose somebody")];
    let items = first.into_iter().chain(known.iter().map(|(id, called)| (id.as_str(), *called)));
    html! { (Select::new(name, legend, items).value(fields.raw(name)).errors(errors)) }
}
