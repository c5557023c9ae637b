//! A step's form as it is shown: with what was saved, or what was typed.

use jiff::civil::DateTime;
use maud::{Markup, html};

use super::reader::numbers;
use crate::components::{Button, DateInput, Errors, Input, Textarea};
use crate::fields::Fields;

/// What is in the fields, and what is wrong with them.
pub struct View<'a> {
    pub fields: &'a Fields,
    pub errors: &'a Errors,
}

impl View<'_> {
    pub fn input(&self, name: &str, label: &str) -> Input {
        Input::new(name, label).value(self.fields.raw(name)).errors(self.errors)
    }

    pub fn area(&self, name: &str, label: &str) -> Textarea {
        Textarea::new(name, label).value(self.fields.raw(name)).errors(self.errors)
    }

    /// A day, and beside it a time of day.
    pub fn moment(&self, name: &str, legend: &str, time: &str, hint: &str) -> Markup {
        let part = |part: &str| self.fields.raw(&format!("{name}.{part}")).to_owned();
        html! {
            (DateInput::new(name, legend).hint(hint).values(part("day"), part("month"), part("year")).errors(self.errors))
            (self.input(time, "At what time").hint("For example, 17:30 or 5:30pm").width(5))
        }
    }

    /// A list's rows, at least one, each with a button that takes it out, and
    /// one that adds another.
    pub fn rows(&self, list: &str, called: &str, row: impl Fn(&str) -> Markup) -> Markup {
        let mut rows = numbers(self.fields, list);
        if rows.is_empty() {
            rows.insert(1);
        }
        html! {
            @for (at, number) in rows.iter().enumerate() {
                @let prefix = format!("{list}.{number}");
                fieldset.govuk-fieldset.plaudit-row {
                    legend.govuk-fieldset__legend.govuk-fieldset__legend--s { (capital(called)) " " (at + 1) }
                    (row(&prefix))
                    (Button::new(html! { "Remove" span.govuk-visually-hidden { " " (called) " " (at + 1) } })
                        .secondary().name("_less").value(&prefix))
                }
            }
            (Button::new(format!("Add another {called}")).secondary().name("_more").value(list))
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default() + letters.as_str()
}

/// Fields in the making.
#[derive(Default)]
pub struct Filling(Fields);

impl Filling {
    pub fn put(&mut self, name: impl Into<String>, value: impl ToString) {
        self.0.0.push((name.into(), value.to_string()));
    }

    /// A ticked box.
    pub fn tick(&mut self, name: impl Into<String>, ticked: bool) {
        if ticked {
            self.put(name, "yes");
        }
    }

    pub fn maybe(&mut self, name: impl Into<String>, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    pub fn moment(&mut self, name: &str, time: &str, at: DateTime) {
        self.put(format!("{name}.day"), at.day());
        self.put(format!("{name}.month"), at.month());
        self.put(format!("{name}.year"), at.year());
        self.put(time, format!("{:02}:{:02}", at.hour(), at.minute()));
    }

    pub fn done(self) -> Fields {
        self.0
    }
}
