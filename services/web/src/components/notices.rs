//! Words that stand out from the text around them.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// Text set apart by a bar at its side.
#[derive(Debug, Clone)]
pub struct InsetText {
    text: Content,
    extra: Extra,
}

impl InsetText {
    /// An inset text.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), extra: Extra::default() }
    }

    extra_methods!();
}

impl Render for InsetText {
    fn render(&self) -> Markup {
        Element::classed("div", "govuk-inset-text").extra(&self.extra).body(self.text.markup())
    }
}

/// A warning of what can follow.
#[derive(Debug, Clone)]
pub struct WarningText {
    text: Content,
    spoken: Content,
    extra: Extra,
}

impl WarningText {
    /// A warning.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), spoken: "Warning".into(), extra: Extra::default() }
    }

    /// What screen readers say in place of the icon; "Warning" unless told otherwise.
    pub fn spoken(mut self, spoken: impl Into<Content>) -> Self {
        self.spoken = spoken.into();
        self
    }

    extra_methods!();
}

impl Render for WarningText {
    fn render(&self) -> Markup {
        Element::classed("div", "govuk-warning-text").extra(&self.extra).body(html! {
            span class="govuk-warning-text__icon" aria-hidden="true" { "!" }
            strong class="govuk-warning-text__text" {
                span class="govuk-visually-hidden" { (self.spoken.markup()) }
                " " (self.text.markup())
            }
        })
    }
}
