//! A date that somebody knows by heart, in three fields.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra};
use super::errors::Errors;
use super::fieldset::Fieldset;
use super::input::Input;
use super::question::{Question, question_methods};

/// Day, month and year, sent as `name.day`, `name.month` and `name.year`. The day's id is the name itself
/// (and the container has none), so that an error summary's link to the date reaches the first field.
#[derive(Debug, Clone)]
pub struct DateInput {
    question: Question,
    values: [String; 3],
    wrong: [bool; 3],
    extra: Extra,
}

const PARTS: [(&str, &str, u8); 3] = [("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4)];

impl DateInput {
    /// A date of this name.
    pub fn new(name: impl Into<String>, legend: impl Into<Content>) -> Self {
        // Some screen readers leave out the description of a fieldset of text inputs unless it is a group.
        Self::with(name.into(), Some(Fieldset::new(legend).role("group")))
    }

    /// A date without fieldset, for a page that already stands in one.
    pub fn bare(name: impl Into<String>) -> Self {
        Self::with(name.into(), None)
    }

    fn with(name: String, fieldset: Option<Fieldset>) -> Self {
        Self {
            question: Question::new(name, fieldset),
            values: Default::default(),
            wrong: [false; 3],
            extra: Extra::default(),
        }
    }

    /// What stands in the three fields; an empty string where nothing does.
    pub fn values(mut self, day: impl ToString, month: impl ToString, year: impl ToString) -> Self {
        self.values = [day.to_string(), month.to_string(), year.to_string()];
        self
    }

    /// Which of the fields are wrong; all of them if there is an error and none is named.
    pub fn wrong(mut self, day: bool, month: bool, year: bool) -> Self {
        self.wrong = [day, month, year];
        self
    }

    /// Takes the messages of the date and of its fields out of a form's errors, and shows the first.
    pub fn errors(mut self, errors: &Errors) -> Self {
        let name = self.question.name.clone();
        let of_parts = PARTS.map(|(part, ..)| errors.get(&format!("{name}.{part}")));
        self.wrong = of_parts.map(|error| error.is_some());
        let first = errors.get(&name).or_else(|| of_parts.into_iter().flatten().next());
        self.error(first)
    }

    question_methods!();

    fn input(&self, at: usize) -> Markup {
        let (part, label, width) = PARTS[at];
        let id = match part {
            "day" => self.question.id.clone(),
            part => format!("{}.{part}", self.question.id),
        };
        let all_wrong = self.question.error.is_some() && self.wrong == [false; 3];
        let mut input = Input::new(format!("{}.{part}", self.question.name), label)
            .id(id)
            .class("govuk-date-input__input")
            .width(width)
            .inputmode("numeric");
        input.field.label_class = "govuk-date-input__label".to_owned();
        if all_wrong || self.wrong[at] {
            input = input.class("govuk-input--error");
        }
        if !self.values[at].is_empty() {
            input = input.value(&self.values[at]);
        }
        html! { div class="govuk-date-input__item" { (input) } }
    }
}

impl Render for DateInput {
    fn render(&self) -> Markup {
        let inputs = Element::classed("div", "govuk-date-input")
            .extra(&self.extra)
            .body(html! { @for at in 0..PARTS.len() { (self.input(at)) } });
        self.question.group(inputs)
    }
}
