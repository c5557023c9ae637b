//! One pitch, and everything that can be decided about it.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{all, chosen, next, reasons};
use crate::api::{Phase, Pitch, Programme, Role};
use crate::components::{Button, Details, Errors, InsetText, Textarea};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::files;
use crate::organise::known::{me, organised_around};
use crate::organise::pitches::standing;
use crate::organise::setup::Reader;
use crate::page::{Page, Tab, form};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{Wording, reason};

const FOR_REFUSING: [&str; 5] = ["gate_not_met", "incomplete", "duplicate", "out_of_scope", "rules_broken"];
const FOR_PUTTING_OUT: [&str; 4] = ["gate_not_met", "duplicate", "out_of_scope", "rules_broken"];

/// One pitch, its programme, and who is who.
struct Seen {
    programme: Programme,
    pitch: Pitch,
    names: Names,
}

async fn seen(visitor: &Visitor, id: Uuid, pitch: Uuid) -> Result<Seen, Failure> {
    let path = format!("submissions/programmes/{id}/pitches/{pitch}");
    let (programme, pitch, names) = together!(
        organised_around(visitor, id, &path),
        visitor.api.get(&path),
        Names::of_members(&visitor.api, id)
    )?;
    Ok(Seen { programme, pitch, names })
}

pub async fn show(visitor: Visitor, Path((id, pitch)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    let seen = seen(&visitor, id, pitch).await?;
    Ok(page(&visitor, &seen, &Fields::default(), &Errors::new()))
}

pub async fn act(
    visitor: Visitor,
    Path((id, pitch)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let errors = match read(&fields) {
        Ok(Order { path, body, says }) => {
            let path = format!("submissions/programmes/{id}/pitches/{pitch}/{path}");
            let done: Result<Value, Failure> = visitor.api.post(&path, fields.key(), &body).await;
            match done {
                Ok(_) => return onwards(&visitor, id, pitch, &fields, says).await,
                Err(failure) => failure.for_the_form()?.to_errors(),
            }
        }
        Err(errors) => errors,
    };
    let seen = seen(&visitor, id, pitch).await?;
    Ok(page(&visitor, &seen, &fields, &errors))
}

/// After a decision comes the next pitch; after anything else the same.
async fn onwards(
    visitor: &Visitor,
    id: Uuid,
    pitch: Uuid,
    fields: &Fields,
    says: &str,
) -> Result<Response, Failure> {
    let at = format!("/programmes/{id}/organise/screening");
    if !matches!(fields.text("act"), "eligible" | "refuse" | "ask") {
        return Ok(visitor.to_saying(&format!("/programmes/{id}/organise/pitches?show=proposals"), says));
    }
    Ok(match next(&all(visitor, id).await?, Some(pitch)) {
        Some(next) => visitor.to_saying(&format!("{at}/{next}"), says),
        None => visitor.to_saying(&at, says),
    })
}

struct Order {
    path: &'static str,
    body: Value,
    says: &'static str,
}

fn read(fields: &Fields) -> Result<Order, Errors> {
    let mut reader = Reader::of(fields);
    let order = match fields.text("act") {
        "eligible" => {
            let again = Some("made_in_error").filter(|_| fields.has("again"));
            Order {
                path: "screening",
                body: json!({ "outcome": "eligible", "reason": again }),
                says: "It may go forward.",
            }
        }
        "refuse" => {
            let words = Some(reader.optional("words", 5_000)).filter(|words| !words.is_empty());
            let body = json!({ "outcome": "ineligible", "reason": chosen(&mut reader, "reason", &FOR_REFUSING), "words": words });
            Order { path: "screening", body, says: "It may not go forward. The team is told why." }
        }
        "ask" => {
            let question = reader.text("question", 5_000, "Write what you want to know");
            Order { path: "query", body: json!({ "question": question }), says: "The team is asked." }
        }
        "put-out" => {
            let reason = chosen(&mut reader, "out_reason", &FOR_PUTTING_OUT);
            Order {
                path: "disqualification",
                body: json!({ "reason": reason }),
                says: "Proposed. Another person must confirm it.",
            }
        }
        "put-out-confirm" => {
            Order { path: "disqualification/confirmation", body: json!({}), says: "The pitch is out." }
        }
        _ => Order {
            path: "reopening/confirmation",
            body: json!({}),
            says: "Reopened: the team can hand in again.",
        },
    };
    if reader.errors.is_empty() { Ok(order) } else { Err(reader.errors) }
}

fn page(visitor: &Visitor, seen: &Seen, fields: &Fields, errors: &Errors) -> Response {
    let Seen { programme, pitch, .. } = seen;
    let at = format!("/programmes/{}/organise", programme.id);
    let title = pitch.title.clone().unwrap_or_else(|| "A pitch that you stand aside from".to_owned());
    let body = html! {
        p.govuk-body { @if let Some(team) = &pitch.team_name { (team) " " } (standing(pitch)) }
        @if pitch.progress.is_none() {
            (InsetText::new("You have a conflict with this pitch: others decide about it, and you see nothing of it."))
        } @else {
            (content(programme, pitch))
            (decisions(seen, &at, fields, errors))
        }
    };
    Page::new(title)
        .of(programme, Tab::Organise)
        .back(format!("{at}/screening"), "Checking pitches")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

/// What the team says: the gate's answers first.
fn content(programme: &Programme, pitch: &Pitch) -> Markup {
    let wording = Wording::of(programme);
    let rulebook = programme.rulebook.as_ref();
    html! {
        @for gate in rulebook.iter().flat_map(|rulebook| &rulebook.gate) {
            p.govuk-body { strong { (wording.says(&gate.id)) } " Yes" }
        }
        @for question in rulebook.iter().flat_map(|rulebook| &rulebook.form) {
            @let answer = pitch.answers.as_ref().and_then(|answers| answers.get(&question.id));
            h2.govuk-heading-s { (wording.says(&question.id)) }
            p.govuk-body.plaudit-answer { (answer.map_or("(not answered)", String::as_str)) }
        }
        @if let Some(files) = pitch.attachments.as_deref().filter(|files| !files.is_empty()) {
            h2.govuk-heading-s { "Files" }
            (files::list(programme.id, pitch.id, files))
        }
        @if let Some(progress) = &pitch.progress {
            @if let Some(question) = &progress.question {
                h2.govuk-heading-s { "You asked" }
                p.govuk-body.plaudit-answer { (question) }
                @if let Some(answer) = &progress.answer {
                    h2.govuk-heading-s { "They answered" }
                    p.govuk-body.plaudit-answer { (answer) }
                }
            }
        }
    }
}

fn decisions(seen: &Seen, at: &str, fields: &Fields, errors: &Errors) -> Markup {
    let Seen { programme, pitch, names } = seen;
    let here = format!("{at}/screening/{}", pitch.id);
    let organiser = programme.you_are(Role::Organiser);
    let progress = pitch.progress.as_ref();
    let standing = progress.and_then(|progress| progress.standing.as_deref());
    let looked = progress.and_then(|progress| progress.screening.as_ref());
    let own = me(programme);
    html! {
        @if let Some(looked) = looked {
            (InsetText::new(html! {
                (names.member(looked.by)) " decided: " @if looked.outcome == "eligible" { "it may go forward." } @else { "it may not go forward." }
                @if let Some(code) = &looked.reason { " " (reason(code)) "." }
                @if let Some(words) = &looked.words { " “" (words) "”" }
            }))
        }
        @if organiser && programme.phase == Some(Phase::Closed) {
            @match (standing, looked) {
                (Some("submitted" | "answered" | "queried"), _) => (first_look(&here, standing != Some("queried"), fields, errors)),
                (Some("ineligible"), Some(looked)) if looked.again => { p.govuk-body { "It has been looked at twice: that was the last time." } }
                (Some("ineligible"), Some(looked)) if looked.by == own => { p.govuk-body { "If the team objects, another organiser may look at it once more." } }
                (Some("ineligible"), _) => (second_look(&here, fields, errors)),
                _ => {}
            }
        }
        (proposals(seen, &here))
        @if organiser && programme.phase >= Some(Phase::Closed) && !matches!(standing, Some("withdrawn" | "disqualified")) {
            h2.govuk-heading-m { "What two people decide" }
            (out(&here, fields, errors))
            p.govuk-body { a.govuk-link href={ (here) "/reopening" } { "Reopen it, so that the team can hand in again" } }
        }
    }
}

fn opened(details: Details, errors: &Errors, names: &[&str]) -> Markup {
    let wrong = names.iter().any(|name| errors.get(name).is_some());
    html! { (if wrong { details.open() } else { details }) }
}

fn refusal(here: &str, fields: &Fields, errors: &Errors) -> Markup {
    let body = form(
        here,
        html! {
            (reasons("reason", &FOR_REFUSING, fields, errors))
            (Textarea::new("words", "In your words, to the team (optional)").rows(3).value(fields.raw("words")).errors(errors))
            (Button::new("It may not go forward").name("act").value("refuse").prevent_double_click())
        },
    );
    opened(Details::new("It may not go forward", body), errors, &["reason", "words"])
}

fn first_look(here: &str, may_ask: bool, fields: &Fields, errors: &Errors) -> Markup {
    let question = form(
        here,
        html! {
            (Textarea::new("question", "What do you want to know?").rows(3).value(fields.raw("question")).errors(errors))
            (Button::new("Ask the team").name("act").value("ask").prevent_double_click())
        },
    );
    html! {
        h2.govuk-heading-m { "Does it keep to the rules?" }
        p.govuk-body { "This is not about how good it is." }
        (form(here, html! { (Button::new("It may go forward").name("act").value("eligible").prevent_double_click()) }))
        (refusal(here, fields, errors))
        @if may_ask { (opened(Details::new("Ask the team something first", question), errors, &["question"])) }
    }
}

fn second_look(here: &str, fields: &Fields, errors: &Errors) -> Markup {
    html! {
        h2.govuk-heading-m { "A second look" }
        p.govuk-body { "A refusal may be looked at once more, by another person. What you decide stays." }
        (form(here, html! {
            input type="hidden" name="again" value="yes";
            (Button::new("The first decision was a mistake: it may go forward").name("act").value("eligible").prevent_double_click())
        }))
        (refusal(here, fields, errors))
    }
}

fn out(here: &str, fields: &Fields, errors: &Errors) -> Markup {
    let body = form(
        here,
        html! {
            p.govuk-body { "A pitch that broke the rules can be put out at any time before the result. The reason is public." }
            (reasons("out_reason", &FOR_PUTTING_OUT, fields, errors))
            (Button::new("Propose to put it out").warning().name("act").value("put-out").prevent_double_click())
        },
    );
    opened(Details::new("Put it out of the competition", body), errors, &["out_reason"])
}

/// What waits for a second person; whoever proposed it has no button.
fn proposals(seen: &Seen, here: &str) -> Markup {
    let Some(both) = &seen.pitch.proposals else { return html! {} };
    let own = me(&seen.programme);
    let known = [
        (&both.disqualification, "to put it out", "put-out-confirm", "Confirm: put it out"),
        (&both.reopening, "to reopen it", "reopen-confirm", "Confirm: reopen it"),
    ];
    html! {
        @for (proposal, what, act, button) in known {
            @if let Some(proposal) = proposal {
                h2.govuk-heading-m { "Waiting for a second person" }
                p.govuk-body {
                    (seen.names.member(proposal.by)) " proposes " (what) "."
                    @if let Some(code) = &proposal.reason { " " (reason(code)) "." }
                    @if let Some(until) = proposal.until { " Until " (crate::words::instant(until, seen.programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str()))) "." }
                }
                @if proposal.by == own {
                    p.govuk-body { "Another organiser or an approver must confirm it." }
                } @else {
                    (form(here, html! { (Button::new(button).name("act").value(act).prevent_double_click()) }))
                }
            }
        }
    }
}
