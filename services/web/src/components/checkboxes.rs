//! Any of a few choices.

use maud::{Markup, Render};

use super::choice::{Choices, Kind, choices_methods};
use super::content::Content;
use super::element::Extra;
use super::fieldset::Fieldset;
use super::question::Question;

/// Checkboxes under their legend.
#[derive(Debug, Clone)]
pub struct Checkboxes {
    question: Question,
    choices: Choices,
    extra: Extra,
}

impl Checkboxes {
    /// Checkboxes of this name.
    pub fn new(name: impl Into<String>, legend: impl Into<Content>) -> Self {
        Self::with(name.into(), Some(Fieldset::new(legend)))
    }

    /// Checkboxes without fieldset: one to agree with, say.
    pub fn bare(name: impl Into<String>) -> Self {
        Self::with(name.into(), None)
    }

    fn with(name: String, fieldset: Option<Fieldset>) -> Self {
        Self {
            question: Question::new(name, fieldset),
            choices: Choices::new(Kind::Checkbox),
            extra: Extra::default(),
        }
    }

    /// The values that are chosen.
    pub fn values(mut self, values: impl IntoIterator<Item = impl ToString>) -> Self {
        self.choices.values = values.into_iter().map(|value| value.to_string()).collect();
        self
    }

    choices_methods!();
}

impl Render for Checkboxes {
    fn render(&self) -> Markup {
        self.question.group(self.choices.render(&self.question, &self.extra))
    }
}
