//! A round's marking: opened, followed without seeing a mark, locked, and its
//! marks opened by two.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::known::{me, organised};
use super::seen::{JudgeProgress, Progress, Round};
use crate::api::{self, Programme, Role};
use crate::components::{Button, Checkboxes, Choice, Details, Errors, InsetText, Tag};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{Wording, count, instant};

pub fn routes() -> Router {
    Router::new().route("/programmes/{programme}/organise/rounds/{round}", get(show).post(act))
}

/// All that the page shows.
struct Seen {
    programme: Programme,
    rules: api::Round,
    names: Names,
    round: Option<Round>,
}

async fn seen(visitor: &Visitor, id: Uuid, round: &str) -> Result<Seen, Failure> {
    let path = format!("scoring/programmes/{id}/rounds/{round}");
    let (programme, names, found) = together!(
        organised(visitor, id),
        Names::of_members(&visitor.api, id),
        visitor.api.find::<Round>(&path)
    )?;
    let rules = programme.round(round).cloned().ok_or_else(|| Failure::not_found("round"))?;
    Ok(Seen { programme, rules, names, round: found })
}

async fn show(visitor: Visitor, Path((id, round)): Path<(Uuid, String)>) -> Result<Response, Failure> {
    let seen = seen(&visitor, id, &round).await?;
    Ok(page(&visitor, &seen, &Errors::new()))
}

async fn act(
    visitor: Visitor,
    Path((id, round)): Path<(Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let at = format!("scoring/programmes/{id}/rounds/{round}");
    let here = format!("/programmes/{id}/organise/rounds/{round}");
    let seen = seen(&visitor, id, &round).await?;
    let missing = seen.progress().map_or(0, |progress| progress.missing);
    let (path, body, says) = match fields.text("act") {
        "open" => (format!("{at}/opening"), json!({}), "The marking is open. Judges are told."),
        "lock" if missing > 0 && !fields.has("sure") => {
            let mut errors = Errors::new();
            errors.push("sure", "Tick that you want to lock it although score sheets are missing");
            return Ok(page(&visitor, &seen, &errors));
        }
        "lock" => (format!("{at}/lock"), json!({}), "Locked: no mark changes any more."),
        "nudge" => {
            let path = format!("notify/programmes/{id}/letters/nudge");
            (path, nudged(&seen, &fields), "A letter goes to each judge who has something missing.")
        }
        "unseal" => (format!("{at}/unsealing"), json!({}), "Proposed. Another person must confirm it."),
        _ => (
            format!("{at}/unsealing/confirmation"),
            json!({}),
            "The marks are open. The result follows by itself.",
        ),
    };
    let done: Result<Value, Failure> = visitor.api.post(&path, fields.key(), &body).await;
    match done {
        Ok(_) => Ok(visitor.to_saying(&here, says)),
        Err(failure) => Ok(page(&visitor, &seen, &failure.for_the_form()?.to_errors())),
    }
}

/// One judge, or all of this round who have something missing.
fn nudged(seen: &Seen, fields: &Fields) -> Value {
    let behind =
        seen.progress().into_iter().flat_map(|progress| &progress.judges).filter(|judge| judge.missing() > 0);
    let members: Vec<Uuid> = match fields.text("member").parse::<Uuid>() {
        Ok(member) => vec![member],
        Err(_) => behind.map(|judge| judge.member).collect(),
    };
    json!({ "members": members })
}

impl Seen {
    fn progress(&self) -> Option<&Progress> {
        self.round.as_ref()?.progress.as_ref()
    }

    fn zone(&self) -> &str {
        self.programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str())
    }
}

impl JudgeProgress {
    fn missing(&self) -> usize {
        self.expected.saturating_sub(self.sealed + self.abstained)
    }
}

fn page(visitor: &Visitor, seen: &Seen, errors: &Errors) -> Response {
    let organise = format!("/programmes/{}/organise", seen.programme.id);
    let here = format!("{organise}/rounds/{}", seen.rules.id);
    let name = Wording::of(&seen.programme).says(&seen.rules.id);
    let phase = seen.round.as_ref().map_or("waiting", |round| round.phase.as_str());
    let body = html! {
        (dates(seen))
        @match phase {
            "open" => {
                (progress(seen, &here))
                @if seen.programme.you_are(Role::Organiser) { (lock(seen, &here, errors)) }
            }
            "locked" => {
                (progress(seen, &here))
                (unseal(seen, &here))
            }
            "unsealed" => {
                (progress(seen, &here))
                @if seen.round.as_ref().is_some_and(|round| round.declared_at.is_some()) {
                    p.govuk-body { (Button::new("Look at the result").href(format!("/programmes/{}/results", seen.programme.id))) }
                    p.govuk-body { a.govuk-link href={ (here) "/comments" } { "Read what the judges wrote" } }
                    p.govuk-body { a.govuk-link href={ (organise) "/awards" } { "Go on to the awards" } }
                } @else {
                    p.govuk-body { "The result is being worked out. Load this page again in a moment." }
                }
            }
            "voided" => (InsetText::new("This round does not count.")),
            _ => (before(seen, &here, phase)),
        }
    };
    Page::new(format!("Marking: {name}"))
        .of(&seen.programme, Tab::Organise)
        .back(organise, "What needs doing")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

fn before(seen: &Seen, here: &str, phase: &str) -> Markup {
    let panel = format!("/programmes/{}/organise/panel/{}", seen.programme.id, seen.rules.id);
    html! {
        @if phase == "ready" && seen.programme.you_are(Role::Organiser) {
            p.govuk-body { "The panel is ready. Once the marking is open, judges can hand in score sheets, again and again until you lock it. Nobody sees a mark before two people open them." }
            (form(here, html! { (Button::new("Open the marking").name("act").value("open").prevent_double_click()) }))
        } @else {
            p.govuk-body { "The marking opens once the " a.govuk-link href=(panel) { "panel" } " is ready." }
            @if seen.programme.you_are(Role::Organiser) {
                (Details::new("The panel is ready already", form(here, html! {
                    p.govuk-body { "It may take a moment until that is known here." }
                    (Button::new("Open the marking").secondary().name("act").value("open").prevent_double_click())
                })))
            }
        }
    }
}

fn dates(seen: &Seen) -> Markup {
    let Some(round) = &seen.round else { return html! {} };
    let known = [
        ("Opened", round.opened_at),
        ("Locked", round.locked_at),
        ("Marks opened", round.unsealed_at),
        ("Result", round.declared_at),
    ];
    html! {
        @if round.opened_at.is_some() {
            ul.plaudit-steps {
                @for (what, at) in known {
                    @if let Some(at) = at { li { strong { (what) } span { (instant(at, seen.zone())) } } }
                }
            }
        }
    }
}

/// How far each judge is, and never a mark.
fn progress(seen: &Seen, here: &str) -> Markup {
    let Some(progress) = seen.progress() else { return html! {} };
    let open = seen.round.as_ref().is_some_and(|round| round.phase == "open");
    let organiser = seen.programme.you_are(Role::Organiser);
    html! {
        div.plaudit-scroll tabindex="0" role="region" aria-label="How far each judge is" {
            table.plaudit-bars {
                caption { (progress.expected.saturating_sub(progress.missing)) " of " (count(progress.expected, "score sheet is", "score sheets are")) " in" }
                thead { tr { th scope="col" { "Judge" } th scope="col" { "In" } th scope="col" { "No marks given" } th scope="col" { "How far" } } }
                tbody {
                    @for judge in &progress.judges {
                        tr {
                            th scope="row" { (seen.names.member(judge.member)) }
                            td { (judge.sealed + judge.abstained) " of " (judge.expected) }
                            td { (judge.abstained) }
                            td.plaudit-bars__bar { (bar(judge)) }
                        }
                    }
                }
            }
        }
        @if progress.set_aside > 0 { p.govuk-body { (count(progress.set_aside, "score sheet is", "score sheets are")) " not counted, because the judge stands aside." } }
        @if open && progress.missing > 0 && organiser {
            (form(here, html! {
                (Button::new("Remind those who have some missing").secondary().name("act").value("nudge").prevent_double_click())
            }))
        }
    }
}

/// The table has the numbers; this is for the eye.
fn bar(judge: &JudgeProgress) -> Markup {
    let all = judge.expected.max(1);
    let (sealed, given) = (judge.sealed * 100 / all, (judge.sealed + judge.abstained) * 100 / all);
    html! {
        svg.plaudit-bar viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.plaudit-bar__all x="0" y="0" width="100" height="14" {}
            rect.plaudit-bar__none x="0" y="0" width=(given) height="14" {}
            rect.plaudit-bar__in x="0" y="0" width=(sealed) height="14" {}
        }
    }
}

/// What the rules do with score sheets that are missing.
pub fn missing_means(rules: &api::Round) -> String {
    let least = match rules.tally.least_marks {
        0 | 1 => "a pitch without any is listed without a rank".to_owned(),
        least => format!("a pitch with fewer than {least} is listed without a rank"),
    };
    format!("A missing score sheet is not a zero: what counts are those that are in, and {least}.")
}

fn lock(seen: &Seen, here: &str, errors: &Errors) -> Markup {
    let missing = seen.progress().map_or(0, |progress| progress.missing);
    html! {
        h2.govuk-heading-m { "Lock the marking" }
        p.govuk-body { "From then on nobody can hand in or change anything." }
        (form(here, html! {
            @if missing > 0 {
                p.govuk-body { (Tag::new(format!("{missing} missing")).red()) " " (missing_means(&seen.rules)) }
                (Checkboxes::bare("sure").item(Choice::new("yes", format!("Lock it without {}", count(missing, "score sheet", "score sheets")))).errors(errors))
            }
            (Button::new("Lock the marking").name("act").value("lock").prevent_double_click())
        }))
    }
}

fn unseal(seen: &Seen, here: &str) -> Markup {
    let progress = seen.progress();
    let late = progress.map_or(0, |progress| progress.late_facts);
    let button = |act: &str, text: &str| {
        form(here, html! { (Button::new(text).name("act").value(act).prevent_double_click()) })
    };
    html! {
        h2.govuk-heading-m { "Open the marks" }
        p.govuk-body { "Two people open them. Each shows afresh that it is them. The result follows by itself, by the rules." }
        @if late > 0 {
            (InsetText::new(format!("After the lock came {} from the panel or about a pitch: look at the panel before you go on.", count(late, "more word", "more words"))))
        }
        @match progress.and_then(|progress| progress.unsealing_proposed_by) {
            None => (button("unseal", "Propose to open the marks")),
            Some(by) if by == me(&seen.programme) => {
                p.govuk-body { (Tag::new("Waiting for a second person").yellow()) }
                p.govuk-body { "You have proposed this. Another organiser or an approver must confirm it." }
            }
            Some(by) => {
                p.govuk-body { strong { (seen.names.member(by)) } " has proposed to open the marks. If you agree, confirm it." }
                (button("unseal-confirm", "Open the marks"))
            }
        }
    }
}
