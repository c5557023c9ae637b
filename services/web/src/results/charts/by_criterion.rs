use maud::{Markup, html};

use super::behind;
use super::number::{attribute, number, per_cent};
use crate::components::{Cell, Table};

/// What a pitch has on one criterion.
#[derive(Clone, Debug)]
pub struct CriterionBar {
    /// What the criterion is called.
    pub name: String,
    /// A decimal.
    pub weight: String,
    /// Decimal or fraction: what the judges' marks came to.
    pub value: String,
    /// The highest that it could be.
    pub most: String,
}

/// The thinnest and the thickest bar, in pixels.
const THIN: f64 = 12.0;
const THICK: f64 = 28.0;

/// A pitch, criterion by criterion. The thicker a bar, the more it weighs, so
/// that its area is what it adds to the total.
pub fn by_criterion(bars: &[CriterionBar]) -> Markup {
    if bars.is_empty() {
        return html! { p.govuk-body { "There is nothing to show yet." } };
    }
    let heaviest = bars.iter().filter_map(|bar| number(&bar.weight)).fold(0.0, f64::max);
    html! {
        figure.plaudit-chart {
            figcaption.govuk-hint { "The longer a bar, the higher the marks; the thicker, the more it weighs." }
            ul.plaudit-chart__rows { @for bar in bars { li { (one(bar, heaviest)) } } }
            (behind(table(bars)))
        }
    }
}

fn one(bar: &CriterionBar, heaviest: f64) -> Markup {
    let share = match (number(&bar.value), number(&bar.most)) {
        (Some(value), Some(most)) => per_cent(value, most),
        _ => 0.0,
    };
    let weight = number(&bar.weight).map_or(0.0, |weight| per_cent(weight, heaviest)) / 100.0;
    let height = (THIN + (THICK - THIN) * weight).round();
    html! {
        p.plaudit-chart__label {
            strong { (bar.name) }
            span { (bar.value) " of " (bar.most) ", weight " (bar.weight) }
        }
        svg.plaudit-chart__strip width="100%" height=(height) role="img"
            aria-label={ (bar.name) ": " (bar.value) " of " (bar.most) } {
            rect.plaudit-chart__track x="0" y="0" width="100%" height=(height) rx="3" {}
            rect.plaudit-chart__bar x="0" y="0" width=(attribute(share)) height=(height) rx="3" {}
        }
    }
}

fn table(bars: &[CriterionBar]) -> Table {
    let head = [
        Cell::new("Criterion"),
        Cell::numeric("Marks came to"),
        Cell::numeric("Of at most"),
        Cell::numeric("Weight"),
    ];
    let table = Table::new().caption("Criterion by criterion").head(head).first_cell_is_header();
    bars.iter().fold(table, |table, bar| {
        table.row([
            Cell::new(bar.name.as_str()),
            Cell::numeric(bar.value.as_str()),
            Cell::numeric(bar.most.as_str()),
            Cell::numeric(bar.weight.as_str()),
        ])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, weight: &str, value: &str) -> CriterionBar {
        CriterionBar { name: name.into(), weight: weight.into(), value: value.into(), most: "10".into() }
    }

    #[test]
    fn bars_are_as_long_as_the_marks_and_as_thick_as_the_weight() {
        let shown = by_criterion(&[bar("The plan", "4", "7.5"), bar("People & place", "2", "20/3")]).0;
        assert!(
            shown.contains("width=\"75%\" height=\"28\"") && shown.contains("width=\"66.67%\" height=\"20\"")
        );
        assert!(
            shown.contains("The plan") && shown.contains("People &amp; place") && shown.contains("<table")
        );
    }

    #[test]
    fn nothing_odd_is_drawn() {
        let odd = [bar("a", "0", "0"), bar("b", "x", "1/0"), bar("c", "-1", "11"), bar("d", "1", "")];
        for bars in [&odd[..], &odd[..1], &[]] {
            let shown = by_criterion(bars).0;
            assert!(!shown.contains("NaN") && !shown.contains("inf") && !shown.contains("\"-"), "{shown}");
        }
    }
}
