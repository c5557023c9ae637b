//! An entrant's own drafts and pitches, and what to do next.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use uuid::Uuid;

use super::award::{Award, announced, status_of};
use super::draft::{Draft, page_path, zone};
use super::standing::Said;
use crate::api::{Phase, Pitch, Programme};
use crate::components::{Button, Tag};
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{count, duration, instant, when};

pub async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let about = format!("submissions/programmes/{id}");
    let (drafts, pitches) = (format!("{about}/drafts"), format!("{about}/pitches"));
    let (programme, drafts, pitches, awards): (Programme, Vec<Draft>, Vec<Pitch>, Vec<Award>) = together!(
        visitor.api.get(&about),
        visitor.api.list(&drafts),
        visitor.api.list(&pitches),
        announced(&visitor, id)
    )?;
    let own: Vec<Pitch> = pitches.into_iter().filter(|pitch| pitch.receipt.is_some()).collect();
    // What came too late for a pitch that is in is shown with that.
    let mut drafts = drafts;
    drafts.retain(|draft| !own.iter().any(|pitch| pitch.id == draft.id));
    let body = html! {
        (deadline(&programme))
        (invited(&programme, drafts.is_empty() && own.is_empty()))
        @if !own.is_empty() {
            h2.govuk-heading-m { "Submitted" }
            ul.plaudit-cards { @for pitch in &own { (entered(&programme, pitch, &awards)) } }
        }
        @if !drafts.is_empty() {
            h2.govuk-heading-m { "Not submitted yet" }
            ul.plaudit-cards { @for draft in &drafts { (begun(&programme, draft)) } }
        }
        @if own.is_empty() && drafts.is_empty() { p.govuk-body-l { "You have not begun a pitch here." } }
        @if takes(&programme) {
            @let text = if own.is_empty() && drafts.is_empty() { "Begin your pitch" } else { "Begin another pitch" };
            (Button::new(text).href(format!("/programmes/{id}/enter")).secondary())
        }
    };
    Ok(Page::new("Your pitch")
        .of(&programme, Tab::Pitches)
        .style("entrant.css")
        .script("countdown.mjs")
        .show(&visitor, body))
}

/// Whether pitches can be begun now.
fn takes(programme: &Programme) -> bool {
    let in_time = programme.last_instant.is_none_or(|last| last >= Timestamp::now());
    matches!(programme.phase, Some(Phase::Published | Phase::Open)) && in_time && !programme.you_hold_a_key()
}

/// The deadline, and how far away it is; a module keeps counting.
pub fn deadline(programme: &Programme) -> Markup {
    let Some(deadline) = programme.deadline else { return html! {} };
    let zone = zone(programme);
    let now = Timestamp::now();
    let over = programme.last_instant.unwrap_or(deadline) < now || programme.phase > Some(Phase::Open);
    html! {
        div.entrant-deadline {
            @if over {
                @if deadline > now { p { strong { "The call is closed." } } }
                @else { p { strong { "The deadline has passed." } " It was " (instant(deadline, zone)) "." } }
            } @else {
                p {
                    strong data-countdown=(deadline) data-now=(now) { (duration(deadline.duration_since(now))) " left" }
                    " – until " (instant(deadline, zone))
                }
            }
        }
    }
}

fn invited(programme: &Programme, nothing_yet: bool) -> Markup {
    let asked = programme.you.as_ref().is_some_and(|you| you.invited) && takes(programme);
    html! {
        @if asked && nothing_yet {
            p.govuk-body-l { "The organisers have invited you to enter." }
            p.govuk-body {
                "Begin a pitch to accept, or "
                a.govuk-link href={ "/programmes/" (programme.id) "/invitation" } { "say that you will not enter" }
                "."
            }
        }
    }
}

fn entered(programme: &Programme, pitch: &Pitch, awards: &[Award]) -> Markup {
    let said = Said::of(programme, pitch, Timestamp::now());
    let path = format!("/programmes/{}/pitches/{}", programme.id, pitch.id);
    let award = awards.iter().find(|award| award.pitch == pitch.id);
    html! {
        li.plaudit-card.plaudit-card--strong {
            h3.govuk-heading-s { a.govuk-link href=(path) { (pitch.title.as_deref().unwrap_or("A pitch")) } }
            p { (said.tag()) }
            p { (said.means) }
            @if let Some(award) = award {
                p { a.govuk-link href={ "/programmes/" (programme.id) "/awards/" (award.id) } { (status_of(award)) } }
            }
            @if said.asked { p { a.govuk-link href={ (path) "/answer" } { "Answer the question" } } }
        }
    }
}

fn begun(programme: &Programme, draft: &Draft) -> Markup {
    let title =
        if draft.content.title.is_empty() { "Without a title yet" } else { draft.content.title.as_str() };
    html! {
        li.plaudit-card.plaudit-card--strong {
            h3.govuk-heading-s { a.govuk-link href=(page_path(programme.id, draft.id, "")) { (title) } }
            p { (state(programme, draft)) }
            p { "Saved on " (when(draft.saved_at, zone(programme))) "." }
            p { (prospect(programme, draft)) }
        }
    }
}

fn state(programme: &Programme, draft: &Draft) -> Tag {
    let missing = draft.missing.len();
    match draft.reopened(Timestamp::now()) {
        Some(_) => Tag::new("Reopened").yellow(),
        None if draft.late => Tag::new("Came too late").grey(),
        None if !takes(programme) => Tag::new("Not submitted").grey(),
        None if missing == 0 => Tag::new("Ready to submit").green(),
        None => Tag::new(count(missing, "thing to do", "things to do")).blue(),
    }
}

/// What becomes of a draft if nobody does anything.
pub fn prospect(programme: &Programme, draft: &Draft) -> String {
    let complete = draft.missing.is_empty();
    let said = match draft.reopened(Timestamp::now()) {
        Some(until) => {
            return format!("Two people have reopened it: submit it by {}.", when(until, zone(programme)));
        }
        None if draft.late => {
            "It is kept, and does not count by itself. If the lateness was not your fault, write to the organisers: two of them can reopen it."
        }
        None if !takes(programme) => "It was not complete at the deadline, so it did not enter.",
        None if !draft.content.enter_at_deadline => "It does not enter unless you submit it.",
        None if complete => "It enters by itself at the deadline if you do not submit it before.",
        None => "It does not enter until everything is there.",
    };
    said.to_owned()
}
