//! What somebody wrote, and who.

use maud::{Markup, html};

/// Words in their own lines, below whoever wrote them.
pub fn remark(by: &str, words: &str) -> Markup {
    html! {
        figure.plaudit-remark {
            figcaption.plaudit-remark__by { (by) }
            blockquote.plaudit-remark__words.plaudit-answer { (words) }
        }
    }
}
