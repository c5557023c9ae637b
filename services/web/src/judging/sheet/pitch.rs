//! The pitch beside the sheet.

use maud::{Markup, html};

use super::Sheet;

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
    let pitch = format!("/{}/attachments/", sheet.reading.id);
    html! {
        @if !files.is_empty() {
            h2.govuk-heading-m { "Files" }
            ul.govuk-list {
                @for file in files {
                    li {
                        a.govuk-link download href=(sheet.desk.page(&format!("{pitch}{}", file.id))) { (file.name) }
                        " (" (size(file.size)) ")"
                    }
                }
            }
        }
    }
}

/// A file's size, rounded up.
fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} KB", bytes.div_ceil(1000))
    } else {
        format!("{} MB", bytes.div_ceil(1_000_000))
    }
}
