//! The bar at the top of every page.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// The service's name and the ways to its parts.
#[derive(Debug, Clone)]
pub struct ServiceNavigation {
    service: Option<(String, Option<String>)>,
    items: Vec<NavigationItem>,
    id: String,
    label: Option<String>,
    menu_text: String,
    collapses: Option<bool>,
    start: Content,
    end: Content,
    end_inline: bool,
    navigation_start: Content,
    navigation_end: Content,
    extra: Extra,
}

/// A part of the service.
#[derive(Debug, Clone)]
pub struct NavigationItem {
    text: Content,
    href: Option<String>,
    current: Option<&'static str>,
}

impl NavigationItem {
    /// A link.
    pub fn link(text: impl Into<Content>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), current: None }
    }

    /// Words that lead nowhere.
    pub fn text(text: impl Into<Content>) -> Self {
        Self { text: text.into(), href: None, current: None }
    }

    /// The page that is shown.
    pub fn current(mut self) -> Self {
        self.current = Some("page");
        self
    }

    /// The part in which the page that is shown lies.
    pub fn active(mut self) -> Self {
        self.current = Some("true");
        self
    }

    fn render(&self) -> Markup {
        let text = html! {
            @if self.current.is_some() {
                strong class="govuk-service-navigation__active-fallback" { (self.text.markup()) }
            } @else { (self.text.markup()) }
        };
        let inner = match &self.href {
            Some(href) => Element::classed("a", "govuk-service-navigation__link").attr("href", href),
            None => Element::classed("span", "govuk-service-navigation__text"),
        };
        Element::classed("li", "govuk-service-navigation__item")
            .class_if(self.current.is_some(), "govuk-service-navigation__item--active")
            .body(inner.maybe("aria-current", self.current).body(text))
    }
}

impl Default for ServiceNavigation {
    fn default() -> Self {
        Self {
            service: None,
            items: Vec::new(),
            id: "navigation".to_owned(),
            label: None,
            menu_text: "Menu".to_owned(),
            collapses: None,
            start: Content::default(),
            end: Content::default(),
            end_inline: false,
            navigation_start: Content::default(),
            navigation_end: Content::default(),
            extra: Extra::default(),
        }
    }
}

impl ServiceNavigation {
    /// An empty bar.
    pub fn new() -> Self {
        Self::default()
    }

    /// The service's name, as a link if it has a page.
    pub fn service(mut self, name: impl Into<String>, href: Option<&str>) -> Self {
        self.service = Some((name.into(), href.map(str::to_owned)));
        self
    }

    /// Adds a part.
    pub fn item(mut self, item: NavigationItem) -> Self {
        self.items.push(item);
        self
    }

    /// Adds several parts.
    pub fn items(mut self, items: impl IntoIterator<Item = NavigationItem>) -> Self {
        self.items.extend(items);
        self
    }

    /// The list's id; `navigation` unless told otherwise.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// What screen readers call the navigation; as the menu button unless told otherwise.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The menu button's text on small screens; "Menu" unless told otherwise.
    pub fn menu_text(mut self, text: impl Into<String>) -> Self {
        self.menu_text = text.into();
        self
    }

    /// Whether small screens hide the list behind a button; they do if there is more than one item.
    pub fn collapses(mut self, collapses: bool) -> Self {
        self.collapses = Some(collapses);
        self
    }

    /// For dark backgrounds.
    pub fn inverse(self) -> Self {
        self.class("govuk-service-navigation--inverse")
    }

    /// What stands before the bar's own content.
    pub fn start(mut self, content: impl Into<Content>) -> Self {
        self.start = content.into();
        self
    }

    /// What stands after the bar's own content.
    pub fn end(mut self, content: impl Into<Content>) -> Self {
        self.end = content.into();
        self
    }

    /// What stands at the right of the bar's own content, where there is room.
    pub fn end_inline(mut self, content: impl Into<Content>) -> Self {
        self.end_inline = true;
        self.end(content)
    }

    /// List items before the parts.
    pub fn navigation_start(mut self, items: impl Into<Content>) -> Self {
        self.navigation_start = items.into();
        self
    }

    /// List items after the parts, such as one with the form that signs out.
    pub fn navigation_end(mut self, items: impl Into<Content>) -> Self {
        self.navigation_end = items.into();
        self
    }

    extra_methods!();

    fn name(&self) -> Markup {
        let Some((name, href)) = &self.service else { return html! {} };
        html! {
            span class="govuk-service-navigation__service-name" {
                @if let Some(href) = href { a href=(href) class="govuk-service-navigation__link" { (name) } }
                @else { span class="govuk-service-navigation__text" { (name) } }
            }
        }
    }

    fn navigation(&self) -> Markup {
        if self.items.is_empty() && self.navigation_start.is_empty() && self.navigation_end.is_empty() {
            return html! {};
        }
        html! {
            nav aria-label=(self.label.as_ref().unwrap_or(&self.menu_text))
                class="govuk-service-navigation__wrapper" {
                @if self.collapses.unwrap_or(self.items.len() > 1) {
                    button type="button"
                        class="govuk-service-navigation__toggle govuk-js-service-navigation-toggle"
                        aria-controls=(self.id) hidden aria-hidden="true" { (self.menu_text) }
                }
                ul class="govuk-service-navigation__list" id=(self.id) {
                    (self.navigation_start.markup())
                    @for item in &self.items { (item.render()) }
                    (self.navigation_end.markup())
                }
            }
        }
    }
}

impl Render for ServiceNavigation {
    fn render(&self) -> Markup {
        let container = Element::classed("div", "govuk-width-container")
            .class_if(self.end_inline, "govuk-service-navigation__inlining-container")
            .body(html! {
                (self.start.markup())
                div class="govuk-service-navigation__container" { (self.name()) (self.navigation()) }
                (self.end.markup())
            });
        // Only with more than links in it is the bar a landmark of its own.
        let is_section = self.service.is_some() || !self.start.is_empty() || !self.end.is_empty();
        let bar = if is_section {
            Element::new("section").attr("aria-label", "Service information")
        } else {
            Element::new("div")
        };
        bar.class("govuk-service-navigation")
            .attr("data-module", "govuk-service-navigation")
            .extra(&self.extra)
            .body(container)
    }
}
