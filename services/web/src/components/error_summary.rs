//! The list of what is wrong, at the top of a page whose form was refused.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};
use super::errors::{Errors, anchor};

/// All errors of a form with links to their fields; renders nothing if there are none.
#[derive(Debug, Clone)]
pub struct ErrorSummary {
    title: Content,
    description: Content,
    items: Vec<(Option<String>, Content)>,
    takes_focus: Option<bool>,
    extra: Extra,
}

impl ErrorSummary {
    /// The summary of these errors.
    pub fn of(errors: &Errors) -> Self {
        let items = errors.iter().map(|(field, message)| (field.map(anchor), message.into()));
        Self {
            title: "There is a problem".into(),
            description: Content::default(),
            items: items.collect(),
            takes_focus: None,
            extra: Extra::default(),
        }
    }

    /// A title other than "There is a problem".
    pub fn title(mut self, title: impl Into<Content>) -> Self {
        self.title = title.into();
        self
    }

    /// A sentence between the title and the list.
    pub fn description(mut self, description: impl Into<Content>) -> Self {
        self.description = description.into();
        self
    }

    /// Whether the summary takes the focus when the page opens; it does unless told otherwise.
    pub fn takes_focus(mut self, takes_focus: bool) -> Self {
        self.takes_focus = Some(takes_focus);
        self
    }

    extra_methods!();
}

impl Render for ErrorSummary {
    fn render(&self) -> Markup {
        if self.items.is_empty() && self.description.is_empty() {
            return html! {};
        }
        Element::classed("div", "govuk-error-summary")
            .maybe("data-disable-auto-focus", self.takes_focus.map(|takes| !takes))
            .extra(&self.extra)
            .attr("data-module", "govuk-error-summary")
            .body(html! {
                div role="alert" {
                    h2 class="govuk-error-summary__title" { (self.title.markup()) }
                    div class="govuk-error-summary__body" {
                        @if !self.description.is_empty() { p { (self.description.markup()) } }
                        @if !self.items.is_empty() {
                            ul class="govuk-list govuk-error-summary__list" {
                                @for (anchor, message) in &self.items { (item(anchor.as_deref(), message)) }
                            }
                        }
                    }
                }
            })
    }
}

fn item(anchor: Option<&str>, message: &Content) -> Markup {
    html! {
        li {
            @if let Some(anchor) = anchor { a href=(anchor) { (message.markup()) } }
            @else { (message.markup()) }
        }
    }
}
