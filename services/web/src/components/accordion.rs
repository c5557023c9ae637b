//! Sections that open and close.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods, heading};

/// An accordion. The browser remembers by its id what somebody has opened.
#[derive(Debug, Clone)]
pub struct Accordion {
    id: String,
    sections: Vec<Section>,
    heading_level: u8,
    forgets: bool,
    extra: Extra,
}

#[derive(Debug, Clone)]
struct Section {
    heading: Content,
    summary: Content,
    content: Content,
    expanded: bool,
}

impl Accordion {
    /// An empty accordion of this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            sections: Vec::new(),
            heading_level: 2,
            forgets: false,
            extra: Extra::default(),
        }
    }

    /// The sections' heading level; 2 unless told otherwise.
    pub fn heading_level(mut self, level: u8) -> Self {
        self.heading_level = level;
        self
    }

    /// Adds a section.
    pub fn section(mut self, heading: impl Into<Content>, content: impl Into<Content>) -> Self {
        self.sections.push(Section {
            heading: heading.into(),
            summary: Content::default(),
            content: content.into(),
            expanded: false,
        });
        self
    }

    /// Gives the section added last a line under its heading.
    pub fn summary(mut self, summary: impl Into<Content>) -> Self {
        if let Some(section) = self.sections.last_mut() {
            section.summary = summary.into();
        }
        self
    }

    /// Opens the section added last.
    pub fn expanded(mut self) -> Self {
        if let Some(section) = self.sections.last_mut() {
            section.expanded = true;
        }
        self
    }

    /// Keeps the browser from remembering what was open.
    pub fn forget(mut self) -> Self {
        self.forgets = true;
        self
    }

    extra_methods!();

    fn one_section(&self, section: &Section, number: u32) -> Markup {
        let id = &self.id;
        let title = heading(self.heading_level).class("govuk-accordion__section-heading").body(html! {
            span class="govuk-accordion__section-button" id={ (id) "-heading-" (number) } {
                (section.heading.markup())
            }
        });
        Element::classed("div", "govuk-accordion__section")
            .class_if(section.expanded, "govuk-accordion__section--expanded")
            .body(html! {
                div class="govuk-accordion__section-header" {
                    (title)
                    @if !section.summary.is_empty() {
                        div class="govuk-accordion__section-summary govuk-body"
                            id={ (id) "-summary-" (number) } { (section.summary.markup()) }
                    }
                }
                div id={ (id) "-content-" (number) } class="govuk-accordion__section-content" {
                    (section.content.markup())
                }
            })
    }
}

impl Render for Accordion {
    fn render(&self) -> Markup {
        Element::classed("div", "govuk-accordion")
            .attr("data-module", "govuk-accordion")
            .attr("id", &self.id)
            .maybe("data-remember-expanded", self.forgets.then_some("false"))
            .extra(&self.extra)
            .body(html! {
                @for (section, number) in self.sections.iter().zip(1..) {
                    (self.one_section(section, number))
                }
            })
    }
}
