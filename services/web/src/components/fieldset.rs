//! Fields that belong together, under one legend.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};
use super::form::Size;

/// A fieldset with its legend.
#[derive(Debug, Clone)]
pub struct Fieldset {
    legend: Content,
    legend_size: Option<Size>,
    heading: bool,
    role: Option<&'static str>,
    described_by: Option<String>,
    body: Content,
    extra: Extra,
}

impl Fieldset {
    /// An empty fieldset with this legend.
    pub fn new(legend: impl Into<Content>) -> Self {
        Self {
            legend: legend.into(),
            legend_size: None,
            heading: false,
            role: None,
            described_by: None,
            body: Content::default(),
            extra: Extra::default(),
        }
    }

    /// What stands in the fieldset.
    pub fn body(mut self, body: impl Into<Content>) -> Self {
        self.body = body.into();
        self
    }

    /// Makes the legend the page's only large heading.
    pub fn heading(mut self) -> Self {
        self.heading = true;
        self.legend_size(Size::L)
    }

    /// The legend's size.
    pub fn legend_size(mut self, size: Size) -> Self {
        self.legend_size = Some(size);
        self
    }

    /// The fieldset's role: `group` where it holds text inputs, or some readers leave its description out.
    pub fn role(mut self, role: &'static str) -> Self {
        self.role = Some(role);
        self
    }

    /// The ids of what describes the fieldset, separated by spaces.
    pub fn described_by(mut self, ids: Option<impl Into<String>>) -> Self {
        self.described_by = ids.map(Into::into);
        self
    }

    extra_methods!();
}

impl Render for Fieldset {
    fn render(&self) -> Markup {
        let size = self.legend_size.map(|size| size.class("govuk-fieldset__legend")).unwrap_or_default();
        let legend = Element::classed("legend", "govuk-fieldset__legend").class(&size).body(html! {
            @if self.heading { h1 class="govuk-fieldset__heading" { (self.legend.markup()) } }
            @else { (self.legend.markup()) }
        });
        Element::classed("fieldset", "govuk-fieldset")
            .maybe("role", self.role)
            .maybe("aria-describedby", self.described_by.as_ref())
            .extra(&self.extra)
            .body(html! { (legend) (self.body.markup()) })
    }
}
