//! The last page of something that was done, or a question before it is.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods, heading};

/// A panel: a confirmation, or with `interruption` a stop before going on.
#[derive(Debug, Clone)]
pub struct Panel {
    title: Content,
    body: Content,
    interruption: bool,
    actions: Content,
    heading_level: u8,
    extra: Extra,
}

impl Panel {
    /// A confirmation with this title.
    pub fn new(title: impl Into<Content>) -> Self {
        Self {
            title: title.into(),
            body: Content::default(),
            interruption: false,
            actions: Content::default(),
            heading_level: 1,
            extra: Extra::default(),
        }
    }

    /// What stands under the title.
    pub fn body(mut self, body: impl Into<Content>) -> Self {
        self.body = body.into();
        self
    }

    /// Stops people before they go on, with what they can do: inverse buttons, and links of the classes
    /// `govuk-link govuk-link--inverse`.
    pub fn interruption(mut self, actions: impl Into<Content>) -> Self {
        self.interruption = true;
        self.actions = actions.into();
        self
    }

    /// The title's heading level; 1 unless told otherwise.
    pub fn heading_level(mut self, level: u8) -> Self {
        self.heading_level = level;
        self
    }

    extra_methods!();
}

impl Render for Panel {
    fn render(&self) -> Markup {
        let class = if self.interruption { "govuk-panel--interruption" } else { "govuk-panel--confirmation" };
        Element::classed("div", "govuk-panel").class(class).extra(&self.extra).body(html! {
            (heading(self.heading_level).class("govuk-panel__title").body(self.title.markup()))
            @if !self.body.is_empty() { div class="govuk-panel__body" { (self.body.markup()) } }
            @if !self.actions.is_empty() {
                div class="govuk-panel__actions" {
                    div class="govuk-button-group" { (self.actions.markup()) }
                }
            }
        })
    }
}
