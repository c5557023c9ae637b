//! The links before a page's content.

use maud::{Markup, Render};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// The link to the page before.
#[derive(Debug, Clone)]
pub struct BackLink {
    href: String,
    text: Content,
    extra: Extra,
}

impl BackLink {
    /// A link that says "Back".
    pub fn new(href: impl Into<String>) -> Self {
        Self { href: href.into(), text: "Back".into(), extra: Extra::default() }
    }

    /// Other words than "Back".
    pub fn text(mut self, text: impl Into<Content>) -> Self {
        self.text = text.into();
        self
    }

    /// For dark backgrounds.
    pub fn inverse(self) -> Self {
        self.class("govuk-back-link--inverse")
    }

    extra_methods!();
}

impl Render for BackLink {
    fn render(&self) -> Markup {
        Element::classed("a", "govuk-back-link")
            .attr("href", &self.href)
            .extra(&self.extra)
            .body(self.text.markup())
    }
}

/// The link past the navigation, seen only with the keyboard.
#[derive(Debug, Clone)]
pub struct SkipLink {
    href: String,
    text: Content,
    extra: Extra,
}

impl SkipLink {
    /// A link to the content of this id, which says "Skip to main content".
    pub fn new(id: &str) -> Self {
        Self { href: format!("#{id}"), text: "Skip to main content".into(), extra: Extra::default() }
    }

    /// Other words than "Skip to main content".
    pub fn text(mut self, text: impl Into<Content>) -> Self {
        self.text = text.into();
        self
    }

    extra_methods!();
}

impl Render for SkipLink {
    fn render(&self) -> Markup {
        Element::classed("a", "govuk-skip-link")
            .attr("href", &self.href)
            .attr("data-module", "govuk-skip-link")
            .extra(&self.extra)
            .body(self.text.markup())
    }
}
