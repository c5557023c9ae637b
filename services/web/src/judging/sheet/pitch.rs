//! The pitch beside the sheet.

use maud::{Markup, html};

use super::Sheet;
use crate::files;

/// What the pitch says, and what comes with it.
pub fn markup(sheet: &Sheet) -> Markup {
    let questions = sheet.desk.programme.rulebook.as_ref().map_or(&[][..], |rulebook| &rulebook.form);
    let answers = sheet.reading.answers.as_ref();
    let wording = &sheet.desk.wording;
    html! {
        @for question in questions {
            @if let Some(answer) = answers.and_then(|answers| answers.get(&question.id)) {
                h2.govuk-heading-m { (wording.says(&question.id)) }
                div.plaudit-answer.plaudit-prose { (answer) }
            }
        }
        @if answers.is_none() {
            p.govuk-body { "What this pitch says is no longer kept." }
        }
        (attachments(sheet))
    }
}

fn attachments(sheet: &Sheet) -> Markup {
    let files = sheet.reading.attachments.as_deref().unwrap_or_default();
    html! {
        @if !files.is_empty() {
            h2.govuk-heading-m { "Files" }
            (files::list(sheet.desk.programme.id, sheet.reading.id, files))
        }
    }
}
