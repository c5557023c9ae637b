//! An element whose classes and attributes are known only while rendering, which `html!` can't express.

use std::fmt::Display;

use maud::{Markup, PreEscaped, Render};

/// Classes and attributes that a page adds to a component's own.
#[derive(Debug, Clone, Default)]
pub(super) struct Extra {
    pub(super) classes: String,
    attributes: Vec<(&'static str, String)>,
}

impl Extra {
    /// Adds classes, separated by spaces.
    pub(super) fn class(&mut self, classes: &str) {
        push_classes(&mut self.classes, classes);
    }

    /// Adds an attribute.
    pub(super) fn attr(&mut self, name: &'static str, value: String) {
        self.attributes.push((name, value));
    }
}

fn push_classes(all: &mut String, more: &str) {
    if !all.is_empty() && !more.is_empty() {
        all.push(' ');
    }
    all.push_str(more);
}

/// One element being built. Names are ours and static; values are escaped.
pub(super) struct Element {
    name: &'static str,
    classes: String,
    attributes: String,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, classes: String::new(), attributes: String::new() }
    }

    /// An element with a first class.
    pub(super) fn classed(name: &'static str, class: &str) -> Self {
        Self::new(name).class(class)
    }

    pub(super) fn class(mut self, classes: &str) -> Self {
        push_classes(&mut self.classes, classes);
        self
    }

    pub(super) fn class_if(self, condition: bool, classes: &str) -> Self {
        if condition { self.class(classes) } else { self }
    }

    pub(super) fn attr(mut self, name: &str, value: impl Display) -> Self {
        self.attributes.push_str(&format!(" {name}=\""));
        value.to_string().render_to(&mut self.attributes);
        self.attributes.push('"');
        self
    }

    /// The attribute, if there is a value.
    pub(super) fn maybe(self, name: &str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// An attribute without value, if `on`.
    pub(super) fn flag(mut self, name: &str, on: bool) -> Self {
        if on {
            self.attributes.push(' ');
            self.attributes.push_str(name);
        }
        self
    }

    /// What the page adds.
    pub(super) fn extra(self, extra: &Extra) -> Self {
        let with_classes = self.class(&extra.classes);
        extra.attributes.iter().fold(with_classes, |element, (name, value)| element.attr(name, value))
    }

    /// An element that has no content and no end tag.
    pub(super) fn void(self) -> Markup {
        PreEscaped(self.start())
    }

    pub(super) fn body(self, content: impl Render) -> Markup {
        let mut out = self.start();
        content.render_to(&mut out);
        out.push_str(&format!("</{}>", self.name));
        PreEscaped(out)
    }

    fn start(&self) -> String {
        let class = match self.classes.as_str() {
            "" => String::new(),
            classes => format!(" class=\"{}\"", classes.render().0),
        };
        format!("<{}{class}{}>", self.name, self.attributes)
    }
}

/// The heading element of a level from 1 to 6; what lies outside is brought inside.
pub(super) fn heading(level: u8) -> Element {
    Element::new(match level {
        0 | 1 => "h1",
        2 => "h2",
        3 => "h3",
        4 => "h4",
        5 => "h5",
        _ => "h6",
    })
}

/// The methods that every component has for what a page adds, over its field `extra`.
macro_rules! extra_methods {
    () => {
        /// Adds classes, separated by spaces.
        pub fn class(mut self, classes: &str) -> Self {
            self.extra.class(classes);
            self
        }

        /// Adds an attribute; its value is escaped.
        pub fn attr(mut self, name: &'static str, value: impl ToString) -> Self {
            self.extra.attr(name, value.to_string());
            self
        }
    };
}
pub(super) use extra_methods;

#[cfg(test)]
mod tests {
    use super::Element;

    #[test]
    fn a_value_cannot_leave_its_attribute() {
        let link = Element::classed("a", "x\"y").attr("href", "\"><script>").body("<i>");
        assert_eq!(link.0, "<a class=\"x&quot;y\" href=\"&quot;&gt;&lt;script&gt;\">&lt;i&gt;</a>");
    }
}
