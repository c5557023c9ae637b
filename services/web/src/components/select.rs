//! One of a long list.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra};
use super::field::{Field, field_methods};

/// A select with its label. Radios are easier for people where the list is short.
#[derive(Debug, Clone)]
pub struct Select {
    field: Field,
    items: Vec<SelectItem>,
    value: Option<String>,
    extra: Extra,
}

/// One option of a select: `(value, label)`, or built with `new`.
#[derive(Debug, Clone)]
pub struct SelectItem {
    value: String,
    label: String,
    selected: Option<bool>,
    disabled: bool,
}

impl SelectItem {
    /// An option.
    pub fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into(), selected: None, disabled: false }
    }

    /// Says whether it is selected, whatever the select's value is.
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = Some(selected);
        self
    }

    /// Shows it, but lets nobody choose it.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

impl<V: ToString, L: Into<String>> From<(V, L)> for SelectItem {
    fn from((value, label): (V, L)) -> Self {
        Self::new(value, label)
    }
}

impl Select {
    /// A select of this name with these options.
    pub fn new(
        name: impl Into<String>,
        label: impl Into<Content>,
        items: impl IntoIterator<Item = impl Into<SelectItem>>,
    ) -> Self {
        Self {
            field: Field::new(name.into(), label.into()),
            items: items.into_iter().map(Into::into).collect(),
            value: None,
            extra: Extra::default(),
        }
    }

    /// The value of the option that is selected.
    pub fn value(mut self, value: impl ToString) -> Self {
        self.value = Some(value.to_string());
        self
    }

    field_methods!();

    fn option(&self, item: &SelectItem) -> Markup {
        let is_value = self.value.as_ref() == Some(&item.value);
        Element::new("option")
            .attr("value", &item.value)
            .flag("selected", item.selected.unwrap_or(is_value))
            .flag("disabled", item.disabled)
            .body(&item.label)
    }
}

impl Render for Select {
    fn render(&self) -> Markup {
        let options = html! { @for item in &self.items { (self.option(item)) } };
        let select = self.field.control("select", "govuk-select", &self.extra).body(options);
        self.field.group().body(self.field.around(select))
    }
}
