//! More, for those who want it.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// A line that opens to show more.
#[derive(Debug, Clone)]
pub struct Details {
    summary: Content,
    body: Content,
    open: bool,
    extra: Extra,
}

impl Details {
    /// A closed line with what lies behind it.
    pub fn new(summary: impl Into<Content>, body: impl Into<Content>) -> Self {
        Self { summary: summary.into(), body: body.into(), open: false, extra: Extra::default() }
    }

    /// Shown open at first.
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    extra_methods!();
}

impl Render for Details {
    fn render(&self) -> Markup {
        Element::classed("details", "govuk-details").extra(&self.extra).flag("open", self.open).body(html! {
            summary class="govuk-details__summary" {
                span class="govuk-details__summary-text" { (self.summary.markup()) }
            }
            div class="govuk-details__text" { (self.body.markup()) }
        })
    }
}
