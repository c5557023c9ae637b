//! The words around a form's fields.

use maud::{Markup, html};

use super::content::Content;
use super::element::Element;

/// How large a label, legend or caption is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Small and bold.
    S,
    /// Medium.
    M,
    /// Large: a page's heading.
    L,
    /// Extra large.
    Xl,
}

impl Size {
    /// The class of this size: the block's class with govuk-frontend's suffix.
    pub(super) fn class(self, block: &str) -> String {
        let suffix = match self {
            Self::S => "s",
            Self::M => "m",
            Self::L => "l",
            Self::Xl => "xl",
        };
        format!("{block}--{suffix}")
    }
}

/// The label of the field with this id.
pub(super) fn label(target: &str, classes: &str, text: &Content) -> Markup {
    Element::classed("label", "govuk-label").class(classes).attr("for", target).body(text.markup())
}

/// A hint; fields name it in `aria-describedby`.
pub(super) fn hint(id: &str, classes: &str, text: &Content) -> Markup {
    Element::classed("div", "govuk-hint").class(classes).attr("id", id).body(text.markup())
}

/// An error message; fields name it in `aria-describedby`.
pub(super) fn error_message(id: &str, text: &str) -> Markup {
    html! {
        p id=(id) class="govuk-error-message" {
            span class="govuk-visually-hidden" { "Error:" } " " (text)
        }
    }
}

/// The ids that describe a field, as `aria-describedby` wants them; nothing if there are none.
pub(super) fn described_by(ids: &[Option<String>]) -> Option<String> {
    let ids: Vec<&str> = ids.iter().flatten().map(String::as_str).filter(|id| !id.is_empty()).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
