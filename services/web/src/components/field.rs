//! What single fields share: a label, perhaps a hint and an error, and the control they describe.

use maud::{Markup, html};

use super::content::Content;
use super::element::{Element, Extra};
use super::form::{self, Size};

/// The parts of a form group around one control.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) label: Content,
    pub(super) label_class: String,
    pub(super) heading: bool,
    pub(super) hint: Content,
    pub(super) error: Option<String>,
    pub(super) described_by: Option<String>,
    pub(super) group_class: String,
}

impl Field {
    pub(super) fn new(name: String, label: Content) -> Self {
        Self {
            id: name.clone(),
            name,
            label,
            label_class: String::new(),
            heading: false,
            hint: Content::default(),
            error: None,
            described_by: None,
            group_class: String::new(),
        }
    }

    pub(super) fn size(&mut self, size: Size) {
        self.label_class = size.class("govuk-label");
    }

    fn hint_id(&self) -> Option<String> {
        (!self.hint.is_empty()).then(|| format!("{}-hint", self.id))
    }

    fn error_id(&self) -> Option<String> {
        self.error.as_ref().map(|_| format!("{}-error", self.id))
    }

    /// The control's element with what the field knows about it.
    pub(super) fn control(&self, name: &'static str, class: &str, extra: &Extra) -> Element {
        let described_by = form::described_by(&[self.described_by.clone(), self.hint_id(), self.error_id()]);
        Element::classed(name, class)
            .class_if(self.error.is_some(), &format!("{class}--error"))
            .attr("id", &self.id)
            .attr("name", &self.name)
            .maybe("aria-describedby", described_by)
            .extra(extra)
    }

    fn label(&self) -> Markup {
        let label = form::label(&self.id, &self.label_class, &self.label);
        if self.heading {
            html! { h1 class="govuk-label-wrapper" { (label) } }
        } else {
            label
        }
    }

    /// The form group's element.
    pub(super) fn group(&self) -> Element {
        Element::classed("div", "govuk-form-group")
            .class_if(self.error.is_some(), "govuk-form-group--error")
            .class(&self.group_class)
    }

    /// What stands in the form group.
    pub(super) fn around(&self, control: Markup) -> Markup {
        html! {
            @if !self.label.is_empty() { (self.label()) }
            @if let Some(id) = self.hint_id() { (form::hint(&id, "", &self.hint)) }
            @if let Some((id, error)) = self.error_id().zip(self.error.as_ref()) {
                (form::error_message(&id, error))
            }
            (control)
        }
    }
}

/// The methods that every single field has, over its parts `field` and `extra`.
macro_rules! field_methods {
    () => {
        /// A hint under the label.
        pub fn hint(mut self, hint: impl Into<$crate::components::Content>) -> Self {
            self.field.hint = hint.into();
            self
        }

        /// What is wrong with this field, if anything.
        pub fn error(mut self, error: Option<impl Into<String>>) -> Self {
            self.field.error = error.map(Into::into);
            self
        }

        /// Takes this field's own message out of a form's errors.
        pub fn errors(self, errors: &$crate::components::Errors) -> Self {
            let error = errors.get(&self.field.name).map(str::to_owned);
            self.error(error)
        }

        /// Makes the label the page's only large heading.
        pub fn heading(mut self) -> Self {
            self.field.heading = true;
            self.label_size($crate::components::Size::L)
        }

        /// The label's size.
        pub fn label_size(mut self, size: $crate::components::Size) -> Self {
            self.field.size(size);
            self
        }

        /// Shows the label to screen readers only, where the page already makes it plain to the eye.
        pub fn label_hidden(mut self) -> Self {
            self.field.label_class = "govuk-visually-hidden".to_owned();
            self
        }

        /// An id other than the name, where the same name stands on a page twice.
        pub fn id(mut self, id: impl Into<String>) -> Self {
            self.field.id = id.into();
            self
        }

        /// The id of something else on the page that describes this field too.
        pub fn described_by(mut self, id: impl Into<String>) -> Self {
            self.field.described_by = Some(id.into());
            self
        }

        /// Adds classes to the form group around the field.
        pub fn group_class(mut self, classes: &str) -> Self {
            self.field.group_class = classes.to_owned();
            self
        }

        $crate::components::element::extra_methods!();
    };
}
pub(super) use field_methods;
