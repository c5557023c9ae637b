//! What groups of inputs share: a legend, perhaps a hint and an error, and the inputs they describe.

use maud::{Markup, html};

use super::content::Content;
use super::fieldset::Fieldset;
use super::form;

/// The parts of a form group around several inputs. Without a fieldset the inputs stand alone.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) fieldset: Option<Fieldset>,
    pub(super) hint: Content,
    pub(super) error: Option<String>,
    pub(super) described_by: Option<String>,
    pub(super) group_class: String,
}

impl Question {
    pub(super) fn new(name: String, fieldset: Option<Fieldset>) -> Self {
        Self {
            id: name.clone(),
            name,
            fieldset,
            hint: Content::default(),
            error: None,
            described_by: None,
            group_class: String::new(),
        }
    }

    fn hint_id(&self) -> Option<String> {
        (!self.hint.is_empty()).then(|| format!("{}-hint", self.id))
    }

    fn error_id(&self) -> Option<String> {
        self.error.as_ref().map(|_| format!("{}-error", self.id))
    }

    /// The ids that describe the group.
    pub(super) fn describing_ids(&self) -> Option<String> {
        form::described_by(&[self.described_by.clone(), self.hint_id(), self.error_id()])
    }

    /// The ids that each input must name itself, because no fieldset does it for all.
    pub(super) fn ids_for_inputs(&self) -> Option<String> {
        if self.fieldset.is_some() { None } else { self.describing_ids() }
    }

    /// The whole form group.
    pub(super) fn group(&self, inputs: Markup) -> Markup {
        let inner = html! {
            @if let Some(id) = self.hint_id() { (form::hint(&id, "", &self.hint)) }
            @if let Some((id, error)) = self.error_id().zip(self.error.as_ref()) {
                (form::error_message(&id, error))
            }
            (inputs)
        };
        let body = match &self.fieldset {
            Some(fieldset) => html! { (fieldset.clone().described_by(self.describing_ids()).body(inner)) },
            None => inner,
        };
        super::element::Element::classed("div", "govuk-form-group")
            .class_if(self.error.is_some(), "govuk-form-group--error")
            .class(&self.group_class)
            .body(body)
    }
}

/// The methods that every group of inputs has, over its parts `question` and `extra`.
macro_rules! question_methods {
    () => {
        /// A hint under the legend.
        pub fn hint(mut self, hint: impl Into<$crate::components::Content>) -> Self {
            self.question.hint = hint.into();
            self
        }

        /// What is wrong with the answer, if anything.
        pub fn error(mut self, error: Option<impl Into<String>>) -> Self {
            self.question.error = error.map(Into::into);
            self
        }

        /// Makes the legend the page's only large heading.
        pub fn heading(mut self) -> Self {
            self.question.fieldset = self.question.fieldset.map($crate::components::Fieldset::heading);
            self
        }

        /// The legend's size.
        pub fn legend_size(mut self, size: $crate::components::Size) -> Self {
            self.question.fieldset = self.question.fieldset.map(|fieldset| fieldset.legend_size(size));
            self
        }

        /// An id other than the name, where the same name stands on a page twice.
        pub fn id(mut self, id: impl Into<String>) -> Self {
            self.question.id = id.into();
            self
        }

        /// The id of something else on the page that describes the question too.
        pub fn described_by(mut self, id: impl Into<String>) -> Self {
            self.question.described_by = Some(id.into());
            self
        }

        /// Adds classes to the form group around the inputs.
        pub fn group_class(mut self, classes: &str) -> Self {
            self.question.group_class = classes.to_owned();
            self
        }

        $crate::components::element::extra_methods!();
    };
}
pub(super) use question_methods;
