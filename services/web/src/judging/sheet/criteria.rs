//! The fields of a sheet: a mark a criterion, and two comments.

use maud::{Markup, html};

use super::total::grades;
use super::{Filled, Sheet};
use crate::api::Criterion;
use crate::components::Textarea;

use super::super::decimal::Decimal;

/// Every criterion, in the rulebook's order.
pub fn markup(sheet: &Sheet, filled: &Filled) -> Markup {
    let grades = grades(&sheet.desk.rules.tally.scale);
    html! {
        @for criterion in &sheet.desk.rules.tally.criteria {
            (one(sheet, filled, criterion, grades.as_deref()))
        }
    }
}

fn one(sheet: &Sheet, filled: &Filled, criterion: &Criterion, grades: Option<&[Decimal]>) -> Markup {
    let name = format!("marks.{}", criterion.id);
    let (hint, wrong) = (format!("{name}-hint"), format!("{name}-error"));
    let error = filled.errors.get(&name);
    let said_by = error.map_or_else(|| hint.clone(), |_| format!("{hint} {wrong}"));
    let scale = &sheet.desk.rules.tally.scale;
    let mark = filled.content.marks.get(&criterion.id).map_or("", String::as_str);
    let explained = sheet.desk.wording.explained(&criterion.id);
    html! {
        fieldset.govuk-fieldset.plaudit-criterion data-weight=(criterion.weight) aria-describedby=(said_by) {
            legend.plaudit-criterion__name {
                (sheet.desk.wording.criterion(&criterion.id))
                " " span.plaudit-criterion__weight { "weight " (criterion.weight) }
            }
            div.govuk-hint #(hint) {
                @if !explained.is_empty() { span.plaudit-criterion__guidance { (explained) } }
                span.plaudit-criterion__scale { "From " (scale.min) " to " (scale.max) ", in steps of " (scale.step) }
            }
            @if let Some(error) = error {
                p.govuk-error-message #(wrong) { span.govuk-visually-hidden { "Error:" } " " (error) }
            }
            @match grades {
                Some(grades) => (buttons(&name, grades, mark)),
                None => (number(sheet, criterion, &name, mark)),
            }
        }
    }
}

fn buttons(name: &str, grades: &[Decimal], mark: &str) -> Markup {
    let mark = Decimal::parse(mark);
    html! {
        div.plaudit-grades {
            @for (at, grade) in grades.iter().enumerate() {
                label.plaudit-grade {
                    input id=[(at == 0).then_some(name)] type="radio" name=(name) value=(grade)
                        checked[mark.is_some_and(|mark| mark == *grade)];
                    span { (grade) }
                }
            }
        }
    }
}

/// A long scale: a number, to which the module adds a slider.
fn number(sheet: &Sheet, criterion: &Criterion, name: &str, mark: &str) -> Markup {
    let scale = &sheet.desk.rules.tally.scale;
    html! {
        div.plaudit-number {
            input.govuk-input.govuk-input--width-5 #(name) name=(name) value=(mark) inputmode="decimal" autocomplete="off"
                data-min=(scale.min) data-max=(scale.max) data-step=(scale.step)
                aria-label={ "Mark for " (sheet.desk.wording.criterion(&criterion.id)) };
        }
    }
}

/// The two comments, apart, with who reads each.
pub fn comments(filled: &Filled) -> Markup {
    html! {
        (Textarea::new("comment_to_panel", "For the panel")
            .hint("The panel and those who run the prize read it, once the marks are open. If you like.")
            .rows(3).value(&filled.content.comment_to_panel).errors(&filled.errors))
        (Textarea::new("comment_to_entrant", "For the entrant")
            .hint("Reaches this entrant with the announcement, without your name beside it; it may have to be disclosed. If you like.")
            .rows(3).value(&filled.content.comment_to_entrant).errors(&filled.errors))
    }
}
