//! One line of text.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra};
use super::field::{Field, field_methods};

/// A text input with its label.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) field: Field,
    kind: &'static str,
    value: Option<String>,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    spellcheck: Option<bool>,
    prefix: Content,
    suffix: Content,
    extra: Extra,
}

impl Input {
    /// A text input of this name.
    pub fn new(name: impl Into<String>, label: impl Into<Content>) -> Self {
        Self {
            field: Field::new(name.into(), label.into()),
            kind: "text",
            value: None,
            autocomplete: None,
            inputmode: None,
            spellcheck: None,
            prefix: Content::default(),
            suffix: Content::default(),
            extra: Extra::default(),
        }
    }

    /// What stands in it.
    pub fn value(mut self, value: impl ToString) -> Self {
        self.value = Some(value.to_string());
        self
    }

    /// The input's type: `email`, `tel`, `password` and so on. For numbers rather use
    /// `inputmode("numeric")`: a number input changes when somebody scrolls over it.
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Room for about this many characters: 2, 3, 4, 5, 10, 20 or 30.
    pub fn width(self, characters: u8) -> Self {
        self.class(&format!("govuk-input--width-{characters}"))
    }

    /// What the browser may fill in, in HTML's words (`email`, `name`, `one-time-code`).
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// The keyboard that a phone shows: `numeric`, `decimal`, `email` …
    pub fn inputmode(mut self, mode: &'static str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    /// Whether the browser checks the spelling; better not for names and codes.
    pub fn spellcheck(mut self, checked: bool) -> Self {
        self.spellcheck = Some(checked);
        self
    }

    /// A unit before the input. Screen readers don't hear it: the label must say it too.
    pub fn prefix(mut self, prefix: impl Into<Content>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// A unit after the input. Screen readers don't hear it: the label must say it too.
    pub fn suffix(mut self, suffix: impl Into<Content>) -> Self {
        self.suffix = suffix.into();
        self
    }

    field_methods!();

    fn input(&self) -> Markup {
        self.field
            .control("input", "govuk-input", &self.extra)
            .attr("type", self.kind)
            .maybe("spellcheck", self.spellcheck)
            .maybe("value", self.value.as_ref())
            .maybe("autocomplete", self.autocomplete)
            .maybe("inputmode", self.inputmode)
            .void()
    }
}

impl Render for Input {
    fn render(&self) -> Markup {
        let control = if self.prefix.is_empty() && self.suffix.is_empty() {
            self.input()
        } else {
            html! {
                div class="govuk-input__wrapper" {
                    (affix("govuk-input__prefix", &self.prefix))
                    (self.input())
                    (affix("govuk-input__suffix", &self.suffix))
                }
            }
        };
        self.field.group().body(self.field.around(control))
    }
}

fn affix(class: &str, text: &Content) -> Markup {
    if text.is_empty() {
        return html! {};
    }
    Element::classed("div", class).attr("aria-hidden", "true").body(text.markup())
}
