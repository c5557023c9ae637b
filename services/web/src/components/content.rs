//! What stands inside a component.

use maud::{PreEscaped, Render};

/// Text or markup, already rendered. Made from anything maud can render: strings and numbers are escaped,
/// `Markup` and components are taken as they are. The empty content counts as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content(String);

impl Content {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The content for use inside `html!`.
    pub fn markup(&self) -> PreEscaped<&str> {
        PreEscaped(&self.0)
    }
}

// `Content` itself must never implement `Render`, or this would overlap with `From<T> for T`.
impl<T: Render> From<T> for Content {
    fn from(value: T) -> Self {
        Self(value.render().into_string())
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::Content;

    #[test]
    fn strings_are_escaped_and_markup_is_not() {
        assert_eq!(Content::from("<b>").markup().0, "&lt;b&gt;");
        assert_eq!(Content::from(html! { b { "A & B" } }).markup().0, "<b>A &amp; B</b>");
        assert_eq!(Content::from(7).markup().0, "7");
    }
}
