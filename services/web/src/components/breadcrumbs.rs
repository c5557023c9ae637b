//! Where a page stands among the others.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// The pages above this one, from the top.
#[derive(Debug, Clone, Default)]
pub struct Breadcrumbs {
    items: Vec<(Content, Option<String>)>,
    collapse: bool,
    label: Option<String>,
    extra: Extra,
}

impl Breadcrumbs {
    /// No pages yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a page above this one.
    pub fn link(mut self, text: impl Into<Content>, href: impl Into<String>) -> Self {
        self.items.push((text.into(), Some(href.into())));
        self
    }

    /// Adds this page itself.
    pub fn here(mut self, text: impl Into<Content>) -> Self {
        self.items.push((text.into(), None));
        self
    }

    /// Shows only the first and the last on small screens.
    pub fn collapse_on_mobile(mut self) -> Self {
        self.collapse = true;
        self
    }

    /// What screen readers call it; "Breadcrumb" unless told otherwise.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// For dark backgrounds.
    pub fn inverse(self) -> Self {
        self.class("govuk-breadcrumbs--inverse")
    }

    extra_methods!();
}

impl Render for Breadcrumbs {
    fn render(&self) -> Markup {
        Element::classed("nav", "govuk-breadcrumbs")
            .class_if(self.collapse, "govuk-breadcrumbs--collapse-on-mobile")
            .extra(&self.extra)
            .attr("aria-label", self.label.as_deref().unwrap_or("Breadcrumb"))
            .body(html! {
                ol class="govuk-breadcrumbs__list" {
                    @for (text, href) in &self.items {
                        @if let Some(href) = href {
                            li class="govuk-breadcrumbs__list-item" {
                                a class="govuk-breadcrumbs__link" href=(href) { (text.markup()) }
                            }
                        } @else {
                            li class="govuk-breadcrumbs__list-item" aria-current="page" { (text.markup()) }
                        }
                    }
                }
            })
    }
}
