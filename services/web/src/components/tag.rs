//! A status in a word.

use maud::{Markup, Render};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// A tag; blue unless given another colour. The colour is decoration: the word must say it all.
#[derive(Debug, Clone)]
pub struct Tag {
    text: Content,
    extra: Extra,
}

macro_rules! colours {
    ($($colour:ident)*) => {$(
        #[doc = concat!("A tag in ", stringify!($colour), ".")]
        pub fn $colour(self) -> Self {
            self.class(concat!("govuk-tag--", stringify!($colour)))
        }
    )*};
}

impl Tag {
    /// A tag with this word.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), extra: Extra::default() }
    }

    colours!(grey green teal blue purple magenta red orange yellow);

    extra_methods!();
}

impl Render for Tag {
    fn render(&self) -> Markup {
        Element::classed("strong", "govuk-tag").extra(&self.extra).body(self.text.markup())
    }
}
