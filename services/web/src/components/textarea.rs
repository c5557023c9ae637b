//! Several lines of text, with or without a count of what is left.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::Extra;
use super::field::{Field, field_methods};
use super::form;

/// A text area with its label.
#[derive(Debug, Clone)]
pub struct Textarea {
    field: Field,
    rows: u8,
    value: String,
    autocomplete: Option<&'static str>,
    spellcheck: Option<bool>,
    limit: Option<Limit>,
    threshold: Option<u8>,
    extra: Extra,
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    Characters(u32),
    Words(u32),
}

impl Textarea {
    /// A text area of this name, five rows high.
    pub fn new(name: impl Into<String>, label: impl Into<Content>) -> Self {
        Self {
            field: Field::new(name.into(), label.into()),
            rows: 5,
            value: String::new(),
            autocomplete: None,
            spellcheck: None,
            limit: None,
            threshold: None,
            extra: Extra::default(),
        }
    }

    /// Its height.
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// What stands in it.
    pub fn value(mut self, value: impl ToString) -> Self {
        self.value = value.to_string();
        self
    }

    /// What the browser may fill in, in HTML's words.
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// Whether the browser checks the spelling.
    pub fn spellcheck(mut self, checked: bool) -> Self {
        self.spellcheck = Some(checked);
        self
    }

    /// Counts down from this many characters. The script counts UTF-16 units, which are never fewer than the
    /// characters a server counts: what it lets through isn't refused later for its length.
    pub fn most_characters(mut self, most: u32) -> Self {
        self.limit = Some(Limit::Characters(most));
        self
    }

    /// Counts down from this many words.
    pub fn most_words(mut self, most: u32) -> Self {
        self.limit = Some(Limit::Words(most));
        self
    }

    /// Shows the count only once this many per cent of the limit are used.
    pub fn threshold(mut self, percent: u8) -> Self {
        self.threshold = Some(percent);
        self
    }

    field_methods!();

    fn textarea(&self, field: &Field) -> Markup {
        let class = if self.limit.is_some() { "govuk-js-character-count" } else { "" };
        // A parser drops the first newline after the tag, so one that belongs to the text needs another.
        let lost = if self.value.starts_with('\n') { "\n" } else { "" };
        field
            .control("textarea", "govuk-textarea", &self.extra)
            .class(class)
            .attr("rows", self.rows)
            .maybe("spellcheck", self.spellcheck)
            .maybe("autocomplete", self.autocomplete)
            .body(html! { (lost) (self.value) })
    }

    fn counted(&self, limit: Limit) -> Markup {
        let info = format!("{}-info", self.field.id);
        let mut field = self.field.clone();
        // The count comes first among what describes the field, as in govuk-frontend.
        field.described_by = form::described_by(&[Some(info.clone()), self.field.described_by.clone()]);
        let group = field.group().class("govuk-character-count").attr("data-module", "govuk-character-count");
        let (group, most, what) = match limit {
            Limit::Characters(most) => (group.attr("data-maxlength", most), most, "characters"),
            Limit::Words(most) => {
                (group.attr("data-maxlength", most).attr("data-count-type", "words"), most, "words")
            }
        };
        let message = Content::from(format!("You can enter up to {most} {what}"));
        group.maybe("data-threshold", self.threshold).body(html! {
            (field.around(self.textarea(&field)))
            (form::hint(&info, "govuk-character-count__message", &message))
        })
    }
}

impl Render for Textarea {
    fn render(&self) -> Markup {
        match self.limit {
            Some(limit) => self.counted(limit),
            None => self.field.group().body(self.field.around(self.textarea(&self.field))),
        }
    }
}

#[cfg(test)]
mod tests {
    use maud::{Render, html};

    use super::Textarea;

    #[test]
    fn a_first_empty_line_survives_the_parser() {
        let page = Textarea::new("pitch", "Your pitch").value("\nA line").render().0;
        assert!(page.contains(">\n\nA line</textarea>"), "{page}");
    }

    #[test]
    fn a_value_cannot_end_the_text_area() {
        let page = Textarea::new("pitch", html! {}).value("</textarea>").render().0;
        assert!(page.contains("&lt;/textarea&gt;</textarea>"), "{page}");
    }
}
