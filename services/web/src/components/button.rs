//! Buttons, and links that look like one.

use maud::{Markup, PreEscaped, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// A button; with `href` a link that looks like one.
#[derive(Debug, Clone)]
pub struct Button {
    text: Content,
    href: Option<String>,
    name: Option<String>,
    value: Option<String>,
    kind: &'static str,
    start: bool,
    disabled: bool,
    prevents_double_click: bool,
    extra: Extra,
}

impl Button {
    /// A button that submits its form.
    pub fn new(text: impl Into<Content>) -> Self {
        Self {
            text: text.into(),
            href: None,
            name: None,
            value: None,
            kind: "submit",
            start: false,
            disabled: false,
            prevents_double_click: false,
            extra: Extra::default(),
        }
    }

    /// For what isn't the page's main action.
    pub fn secondary(self) -> Self {
        self.class("govuk-button--secondary")
    }

    /// For what can't be undone.
    pub fn warning(self) -> Self {
        self.class("govuk-button--warning")
    }

    /// For dark backgrounds.
    pub fn inverse(self) -> Self {
        self.class("govuk-button--inverse")
    }

    /// The call to begin, with an arrow.
    pub fn start(mut self) -> Self {
        self.start = true;
        self.class("govuk-button--start")
    }

    /// Makes it a link.
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// The name under which the form sends the value.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The value that the form sends if this button was used.
    pub fn value(mut self, value: impl ToString) -> Self {
        self.value = Some(value.to_string());
        self
    }

    /// `submit`, `button` or `reset`.
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Shows it, but lets nobody use it.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// Ignores a second click that follows at once.
    pub fn prevent_double_click(mut self) -> Self {
        self.prevents_double_click = true;
        self
    }

    extra_methods!();

    fn element(&self) -> Element {
        match &self.href {
            Some(href) => {
                Element::new("a").attr("href", href).attr("role", "button").attr("draggable", "false")
            }
            None => Element::new("button")
                .attr("type", self.kind)
                .maybe("value", self.value.as_ref())
                .maybe("name", self.name.as_ref())
                .flag("disabled", self.disabled)
                .maybe("aria-disabled", self.disabled.then_some("true"))
                .maybe("data-prevent-double-click", self.prevents_double_click.then_some("true")),
        }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        self.element()
            .class("govuk-button")
            .attr("data-module", "govuk-button")
            .extra(&self.extra)
            .body(html! { (self.text.markup()) @if self.start { (start_icon()) } })
    }
}

fn start_icon() -> Markup {
    html! {
        svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19"
            viewBox="0 0 33 40" aria-hidden="true" focusable="false" {
            (PreEscaped("<path fill=\"currentColor\" d=\"M0 0h13l20 20-20 20H0l20-20z\" />"))
        }
    }
}
