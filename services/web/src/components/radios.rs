//! One of a few choices.

use maud::{Markup, Render};

use super::choice::{Choices, Kind, choices_methods};
use super::content::Content;
use super::element::Extra;
use super::fieldset::Fieldset;
use super::question::Question;

/// Radios under their legend.
#[derive(Debug, Clone)]
pub struct Radios {
    question: Question,
    choices: Choices,
    extra: Extra,
}

impl Radios {
    /// Radios of this name.
    pub fn new(name: impl Into<String>, legend: impl Into<Content>) -> Self {
        Self::with(name.into(), Some(Fieldset::new(legend)))
    }

    /// Radios without fieldset, for a page that already stands in one.
    pub fn bare(name: impl Into<String>) -> Self {
        Self::with(name.into(), None)
    }

    fn with(name: String, fieldset: Option<Fieldset>) -> Self {
        Self {
            question: Question::new(name, fieldset),
            choices: Choices::new(Kind::Radio),
            extra: Extra::default(),
        }
    }

    /// The value that is chosen.
    pub fn value(mut self, value: impl ToString) -> Self {
        self.choices.values = vec![value.to_string()];
        self
    }

    /// Beside each other, for two short choices.
    pub fn inline(self) -> Self {
        self.class("govuk-radios--inline")
    }

    choices_methods!();
}

impl Render for Radios {
    fn render(&self) -> Markup {
        self.question.group(self.choices.render(&self.question, &self.extra))
    }
}
