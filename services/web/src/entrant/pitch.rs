//! A pitch of one's own: how it stands, what can be done, what came of it.

use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::award::{Award, announced, status_of};
use super::draft::zone;
use super::feedback;
use super::standing::Said;
use crate::api::{Phase, Pitch, Programme};
use crate::components::{Button, Details, InsetText, Row, SummaryList};
use crate::failure::Failure;
use crate::files;
use crate::page::{Page, Tab};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{Wording, count, instant, when};

/// A programme and a pitch of the reader's own.
pub struct Own {
    pub programme: Programme,
    pub pitch: Pitch,
    /// Send it with what changes it.
    pub version: Option<u64>,
}

impl Own {
    /// 404 unless the reader is in its team.
    pub async fn of(visitor: &Visitor, programme: Uuid, pitch: Uuid) -> Result<Self, Failure> {
        visitor.signed_in()?;
        let about = format!("submissions/programmes/{programme}");
        let path = format!("{about}/pitches/{pitch}");
        let (programme, pitch) =
            together!(visitor.api.get(&about), visitor.api.get_versioned::<Pitch>(&path))?;
        if pitch.body.receipt.is_none() {
            return Err(Failure::not_found("pitch"));
        }
        Ok(Self { programme, version: pitch.version, pitch: pitch.body })
    }

    /// Its page, with what follows.
    pub fn path(&self, rest: &str) -> String {
        format!("/programmes/{}/pitches/{}{rest}", self.programme.id, self.pitch.id)
    }

    /// Where the API has it.
    pub fn api_path(&self, rest: &str) -> String {
        format!("submissions/programmes/{}/pitches/{}{rest}", self.programme.id, self.pitch.id)
    }

    /// What people call it.
    pub fn title(&self) -> &str {
        self.pitch.title.as_deref().unwrap_or("Your pitch")
    }
}

/// Where the entry lies, if the reader has just made it.
#[derive(Deserialize)]
pub struct Made {
    entry: Option<u64>,
    answered: Option<String>,
}

pub async fn show(
    visitor: Visitor,
    Path((id, pitch)): Path<(Uuid, Uuid)>,
    Query(made): Query<Made>,
) -> Result<Response, Failure> {
    let (own, awards): (Own, Vec<Award>) = together!(Own::of(&visitor, id, pitch), announced(&visitor, id))?;
    let said = Said::of(&own.programme, &own.pitch, Timestamp::now());
    let feedback = feedback::of(&visitor, &own).await?;
    let sent = made.entry.is_some() || made.answered.is_some();
    let body = html! {
        // What this device kept of it has arrived.
        @if sent { div data-autosave-forget={ (pitch) "/" } {} }
        p { (said.tag()) }
        p.govuk-body-l { (said.means) }
        @for award in awards.iter().filter(|award| award.pitch == pitch) {
            (InsetText::new(html! {
                a.govuk-link.govuk-body-l href={ "/programmes/" (id) "/awards/" (award.id) } { (status_of(award)) }
            }))
        }
        @if own.programme.phase == Some(Phase::Concluded) {
            p.govuk-body { a.govuk-link href={ "/programmes/" (id) "/results" } { "See the results" } }
        }
        (question(&own, &said))
        (choices(&own, &said))
        (feedback)
        (receipt(&own, made.entry))
        (content(&own))
    };
    Ok(Page::new(own.title())
        .of(&own.programme, Tab::Pitches)
        .back(format!("/programmes/{id}/pitches"), "Your pitches")
        .style("entrant.css")
        .script("autosave.mjs")
        .show(&visitor, body))
}

fn question(own: &Own, said: &Said) -> Markup {
    let progress = own.pitch.progress.as_ref();
    let question = progress.and_then(|progress| progress.question.as_deref());
    let answer = progress.and_then(|progress| progress.answer.as_deref());
    html! {
        @if let Some(question) = question {
            h2.govuk-heading-m { "What the organisers asked" }
            div.plaudit-answer.govuk-body { (question) }
            @if let Some(answer) = answer {
                h3.govuk-heading-s { "What you answered" }
                div.plaudit-answer.govuk-body { (answer) }
            }
            @if said.asked { (Button::new("Answer the question").href(own.path("/answer"))) }
        }
    }
}

fn choices(own: &Own, said: &Said) -> Markup {
    html! {
        @if let Some(until) = said.replaceable {
            p.govuk-body { "You can change it until " (instant(until, zone(&own.programme))) "." }
            (Button::new("Replace it").secondary().href(own.path("/replace")))
        }
        @if said.withdrawable {
            p.govuk-body { a.govuk-link href=(own.path("/withdraw")) { "Withdraw it" } }
        }
    }
}

/// What proves it.
fn receipt(own: &Own, entry: Option<u64>) -> Markup {
    let (Some(receipt), zone) = (&own.pitch.receipt, zone(&own.programme)) else { return html! {} };
    let by_itself = own.pitch.progress.as_ref().is_some_and(|progress| progress.by_itself);
    let version = match (receipt.submission, by_itself) {
        (number, true) => format!("Version {number}, which entered by itself at the deadline"),
        (number, false) => format!("Version {number}"),
    };
    let rows = SummaryList::new()
        .row(Row::new("Submitted", version))
        .row(Row::new("Arrived", html! { (instant(receipt.received_at, zone)) }));
    html! {
        h2.govuk-heading-m { "Your receipt" }
        (rows)
        p.govuk-body {
            "The file is your private copy that proves it: with it you can show what you submitted and when, "
            "whatever becomes of this site. Keep it, and give it only to those who may read your pitch."
        }
        ul.govuk-list {
            li { a.govuk-link href=(own.path("/receipt")) download { "Download your receipt" } }
            @if let Some(position) = entry {
                li { a.govuk-link href={ (own.path("/receipt/")) (position) } download { "Download the log's receipt" } }
            }
        }
    }
}

fn content(own: &Own) -> Markup {
    let (Some(answers), wording) = (&own.pitch.answers, Wording::of(&own.programme)) else { return html! {} };
    let team = own.pitch.progress.as_ref().map_or(1, |progress| progress.team.len().max(1));
    let files = own.pitch.attachments.as_deref().filter(|files| !files.is_empty());
    let files = files.map(|files| Row::new("Files", files::list(own.programme.id, own.pitch.id, files)));
    let said = html! {
        (SummaryList::new()
            .row(Row::new("Team", own.pitch.team_name.as_deref().unwrap_or("–")))
            .row(Row::new("In it", count(team, "person", "people")))
            .rows(answers.iter().map(|(id, text)| Row::new(wording.says(id), html! { div.plaudit-answer { (text) } })))
            .rows(files))
    };
    let when = own.pitch.receipt.as_ref().map(|receipt| when(receipt.received_at, zone(&own.programme)));
    html! { (Details::new(format!("What you submitted on {}", when.unwrap_or_default()), said)) }
}
