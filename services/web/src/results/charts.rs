//! Charts, drawn on the server.

use maud::{Markup, html};

use crate::api::Scale;

/// A judge's marks.
pub struct JudgeMarks {
    pub name: String,
    pub marks: Vec<String>,
}

/// A criterion of a pitch.
pub struct CriterionBar {
    pub name: String,
    pub weight: String,
    pub value: String,
    pub most: String,
}

/// A ranking.
pub struct Column {
    pub label: String,
    pub ranks: Vec<Option<u32>>,
}

pub fn by_judge(judges: &[JudgeMarks], _scale: &Scale) -> Markup {
    html! { @for judge in judges { p { (judge.name) ": " (judge.marks.join(", ")) } } }
}

pub fn by_criterion(bars: &[CriterionBar]) -> Markup {
    html! { @for bar in bars { p { (bar.name) " " (bar.weight) " " (bar.value) " / " (bar.most) } } }
}

pub fn rank_flow(pitches: &[String], columns: &[Column]) -> Markup {
    html! { @for (at, pitch) in pitches.iter().enumerate() {
        p { (pitch) @for column in columns { " " (column.label) ": " (column.ranks.get(at).copied().flatten().unwrap_or(0)) } }
    } }
}
