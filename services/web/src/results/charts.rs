//! Charts, drawn on the server as SVG with a table behind each.
//!
//! Names, values and captions are text of the page, so that they wrap, grow
//! and follow the theme; lengths are in per cent of the width, so that a chart
//! is as wide as it can be and its strokes stay as they are. Colour never says
//! anything alone.

mod by_criterion;
mod by_judge;
mod number;
mod rank_flow;

use maud::{Markup, html};

pub use by_criterion::{CriterionBar, by_criterion};
pub use by_judge::{JudgeMarks, by_judge};
pub use rank_flow::{Column, rank_flow};

use crate::components::{Details, Table};

/// What a chart shows, once more as a table.
fn behind(table: Table) -> Markup {
    let scrolls = html! {
        div.plaudit-scroll tabindex="0" role="region" aria-label="The numbers as a table" { (table) }
    };
    html! { (Details::new("The numbers as a table", scrolls)) }
}
