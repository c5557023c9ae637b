//! What arrives after the last instant, or after the pitch has entered: it is
//! kept or at least shown, and explained.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use uuid::Uuid;

use super::draft::{Draft, page_path, zone};
use super::pitch::Own;
use crate::api::{Pitch, Programme};
use crate::components::InsetText;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{instant, lateness, when};

/// Whether a refusal is about the deadline.
pub fn is(failure: &Failure) -> bool {
    matches!(failure.code(), "late-kept" | "too-late" | "call-closed" | "enters-by-itself")
}

/// Says what became of what was sent.
pub async fn page(
    visitor: &Visitor,
    programme: Uuid,
    draft: Uuid,
    failure: Failure,
    fields: &Fields,
) -> Result<Response, Failure> {
    let about = about(programme);
    let (entered, saved) = (format!("{about}/pitches/{draft}"), format!("{about}/drafts/{draft}"));
    let (programme, entered, saved): (Programme, Option<Pitch>, Option<Draft>) =
        together!(visitor.api.get(&about), visitor.api.find(&entered), visitor.api.find(&saved))?;
    let now = Timestamp::now();
    if !is(&failure) && entered.is_none() && programme.last_instant.is_none_or(|last| last >= now) {
        return Err(failure);
    }
    let kept = failure.code() == "late-kept";
    let came = saved.filter(|saved| kept && saved.late).map_or(now, |saved| saved.saved_at);
    let by_itself = failure.code() == "enters-by-itself";
    let title = match (&entered, kept) {
        (Some(_), _) => "This pitch is in already",
        (None, _) if by_itself => "It enters by itself",
        (None, true) => "It came too late, and is kept",
        (None, false) => "It came too late",
    };
    let body = html! {
        @if let Some(pitch) = &entered { (is_in(&programme, pitch)) }
        @else if by_itself {
            p.govuk-body-l {
                "You pressed the button after the last instant. But your draft was complete before it: as it was saved then, "
                "it enters by itself in a moment, when the call closes."
            }
        }
        @else { (how_late(&programme, came, kept)) }
        (sent(fields))
        @if kept && entered.is_none() {
            p.govuk-body { a.govuk-link href=(page_path(programme.id, draft, "")) { "Back to what is kept" } }
        }
    };
    Ok(Page::new(title)
        .of(&programme, Tab::Pitches)
        .back(format!("/programmes/{}/pitches", programme.id), "Your pitches")
        .status(StatusCode::CONFLICT)
        .style("entrant.css")
        .show(visitor, body))
}

/// The same of a version that was to take the place of what is in.
pub fn of_version(visitor: &Visitor, own: &Own, failure: &Failure, fields: &Fields) -> Response {
    let kept = failure.code() == "late-kept";
    let body = html! {
        p.govuk-body-l { "What you had submitted before is in, and stays in as it was." }
        (how_late(&own.programme, Timestamp::now(), kept))
        (sent(fields))
    };
    Page::new("This version came too late")
        .of(&own.programme, Tab::Pitches)
        .back(own.path(""), "Your pitch")
        .status(StatusCode::CONFLICT)
        .style("entrant.css")
        .show(visitor, body)
}

fn about(programme: Uuid) -> String {
    format!("submissions/programmes/{programme}")
}

fn is_in(programme: &Programme, pitch: &Pitch) -> Markup {
    let by_itself = pitch.progress.as_ref().is_some_and(|progress| progress.by_itself);
    html! {
        p.govuk-body-l {
            @if by_itself { "It entered by itself at the deadline, as it was saved then." }
            @else { "Somebody in your team submitted it while you were writing." }
        }
        p.govuk-body {
            a.govuk-link href={ "/programmes/" (programme.id) "/pitches/" (pitch.id) } { "Go to your pitch" }
            ", where you can replace it until the deadline."
        }
    }
}

fn how_late(programme: &Programme, now: Timestamp, kept: bool) -> Markup {
    let zone = zone(programme);
    html! {
        @if let Some(last) = programme.last_instant {
            p.govuk-body-l {
                "It arrived on " (when(now, zone)) ", " (lateness(now.duration_since(last))) " after the last instant, which was "
                (instant(last, zone)) "."
            }
        }
        @if kept {
            (InsetText::new("It is kept as it arrived, and does not count by itself. The organisers see that it came, not what it says."))
            p.govuk-body {
                "If the lateness was not your fault, write to the organisers. Two of them can reopen your pitch; "
                "then what was kept is there for you to submit. The trail shows that they did, and why."
            }
        } @else {
            p.govuk-body {
                "It could not be saved. If the lateness was not your fault, write to the organisers: two of them can "
                "reopen a pitch, and the trail shows that they did, and why."
            }
        }
    }
}

/// What somebody wrote stays on the page, to be copied.
fn sent(fields: &Fields) -> Markup {
    let written =
        |name: &str| name.starts_with("answers.") || matches!(name, "title" | "team_name" | "answer");
    let texts: Vec<_> =
        fields.0.iter().filter(|(name, text)| written(name) && !text.trim().is_empty()).collect();
    html! {
        @if !texts.is_empty() {
            h2.govuk-heading-m { "What you sent" }
            @for (_, text) in texts { div.plaudit-answer.govuk-body.entrant-theirs { (text) } }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_was_sent_is_on_the_page() {
        let fields = Fields(vec![
            ("_key".to_owned(), "secret".to_owned()),
            ("answers.pitch".to_owned(), "<b>We</b> weave".to_owned()),
        ]);
        let page = sent(&fields).0;
        assert!(page.contains("&lt;b&gt;We&lt;/b&gt; weave") && !page.contains("secret"), "{page}");
    }
}
