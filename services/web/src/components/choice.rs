//! What radios and checkboxes have in common: choices, with what they reveal.

use maud::{Markup, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};
use super::form;
use super::question::Question;

/// One radio or checkbox.
#[derive(Debug, Clone)]
pub struct Choice {
    value: String,
    label: Content,
    hint: Content,
    checked: Option<bool>,
    disabled: bool,
    exclusive: bool,
    id: Option<String>,
    name: Option<String>,
    reveals: Content,
    extra: Extra,
}

impl Choice {
    /// A choice that sends this value.
    pub fn new(value: impl ToString, label: impl Into<Content>) -> Self {
        Self {
            value: value.to_string(),
            label: label.into(),
            hint: Content::default(),
            checked: None,
            disabled: false,
            exclusive: false,
            id: None,
            name: None,
            reveals: Content::default(),
            extra: Extra::default(),
        }
    }

    /// A hint under the choice's label.
    pub fn hint(mut self, hint: impl Into<Content>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Says whether it is checked, whatever the group's value is.
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = Some(checked);
        self
    }

    /// Shows it, but lets nobody choose it.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// "None of these": a checkbox that unchecks the others.
    pub fn exclusive(mut self) -> Self {
        self.exclusive = true;
        self
    }

    /// Its own id instead of one made of the group's name.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// A checkbox's own name instead of the group's.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What is shown while it is chosen, usually one more field.
    pub fn reveals(mut self, content: impl Into<Content>) -> Self {
        self.reveals = content.into();
        self
    }

    extra_methods!();
}

/// The kind of input that a group's choices are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Radio,
    Checkbox,
}

impl Kind {
    fn input_type(self) -> &'static str {
        match self {
            Self::Radio => "radio",
            Self::Checkbox => "checkbox",
        }
    }

    fn block(self) -> &'static str {
        match self {
            Self::Radio => "govuk-radios",
            Self::Checkbox => "govuk-checkboxes",
        }
    }
}

#[derive(Debug, Clone)]
enum Entry {
    Choice(Box<Choice>),
    Divider(String),
}

/// The choices of a group in their order, with dividers between them.
#[derive(Debug, Clone)]
pub(super) struct Choices {
    kind: Kind,
    entries: Vec<Entry>,
    pub(super) values: Vec<String>,
}

impl Choices {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, entries: Vec::new(), values: Vec::new() }
    }

    pub(super) fn push(&mut self, choice: Choice) {
        self.entries.push(Entry::Choice(Box::new(choice)));
    }

    pub(super) fn divide(&mut self, text: String) {
        self.entries.push(Entry::Divider(text));
    }

    /// The class of this kind of group with govuk-frontend's suffix.
    pub(super) fn modifier(&self, suffix: &str) -> String {
        format!("{}--{suffix}", self.kind.block())
    }

    /// The group around its choices.
    pub(super) fn render(&self, question: &Question, extra: &Extra) -> Markup {
        let block = self.kind.block();
        Element::classed("div", block).extra(extra).attr("data-module", block).body(html! {
            @for (entry, number) in self.entries.iter().zip(1..) {
                @match entry {
                    Entry::Divider(text) => div class={ (block) "__divider" } { (text) },
                    Entry::Choice(choice) => (self.choice(choice, question, number)),
                }
            }
        })
    }

    fn choice(&self, choice: &Choice, question: &Question, number: u32) -> Markup {
        let block = self.kind.block();
        let id = match (&choice.id, number) {
            (Some(id), _) => id.clone(),
            // The first has no number, so that an error summary can link to it by the group's name.
            (None, 1) => question.id.clone(),
            (None, number) => format!("{}-{number}", question.id),
        };
        let checked = choice.checked.unwrap_or_else(|| self.values.contains(&choice.value));
        let hint_id = (!choice.hint.is_empty()).then(|| format!("{id}-item-hint"));
        let conditional_id = (!choice.reveals.is_empty()).then(|| format!("conditional-{id}"));
        html! {
            div class={ (block) "__item" } {
                (self.input(choice, question, &id, checked))
                (form::label(&id, &format!("{block}__label"), &choice.label))
                @if let Some(hint_id) = hint_id {
                    (form::hint(&hint_id, &format!("{block}__hint"), &choice.hint))
                }
            }
            @if let Some(conditional_id) = conditional_id {
                (Element::classed("div", &format!("{block}__conditional"))
                    .class_if(!checked, &format!("{block}__conditional--hidden"))
                    .attr("id", &conditional_id)
                    .body(choice.reveals.markup()))
            }
        }
    }

    fn input(&self, choice: &Choice, question: &Question, id: &str, checked: bool) -> Markup {
        let hint_id = (!choice.hint.is_empty()).then(|| format!("{id}-item-hint"));
        // A lone group of radios has nothing to carry its description; each checkbox can carry it.
        let group_ids = (self.kind == Kind::Checkbox).then(|| question.ids_for_inputs()).flatten();
        Element::classed("input", &format!("{}__input", self.kind.block()))
            .attr("id", id)
            .attr("name", choice.name.as_ref().unwrap_or(&question.name))
            .attr("type", self.kind.input_type())
            .attr("value", &choice.value)
            .flag("checked", checked)
            .flag("disabled", choice.disabled)
            .maybe("data-aria-controls", (!choice.reveals.is_empty()).then(|| format!("conditional-{id}")))
            .maybe("data-behaviour", choice.exclusive.then_some("exclusive"))
            .maybe("aria-describedby", form::described_by(&[group_ids, hint_id]))
            .extra(&choice.extra)
            .void()
    }
}

/// The methods that radios and checkboxes share, over their parts `question`, `choices` and `extra`.
macro_rules! choices_methods {
    () => {
        /// Adds a choice.
        pub fn item(mut self, choice: $crate::components::Choice) -> Self {
            self.choices.push(choice);
            self
        }

        /// Adds several choices.
        pub fn items(mut self, choices: impl IntoIterator<Item = $crate::components::Choice>) -> Self {
            choices.into_iter().for_each(|choice| self.choices.push(choice));
            self
        }

        /// Adds a word between choices, such as "or".
        pub fn divider(mut self, text: impl Into<String>) -> Self {
            self.choices.divide(text.into());
            self
        }

        /// Small inputs.
        pub fn small(self) -> Self {
            let class = self.choices.modifier("small");
            self.class(&class)
        }

        /// Takes this question's own message out of a form's errors.
        pub fn errors(self, errors: &$crate::components::Errors) -> Self {
            let error = errors.get(&self.question.name).map(str::to_owned);
            self.error(error)
        }

        $crate::components::question::question_methods!();
    };
}
pub(super) use choices_methods;
