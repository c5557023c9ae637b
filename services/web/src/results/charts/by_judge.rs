use maud::{Markup, html};

use super::behind;
use super::number::{attribute, number, per_cent, rounded};
use crate::api::Scale;
use crate::components::{Cell, Table};
use crate::words::count;

/// What a judge gave.
#[derive(Clone, Debug)]
pub struct JudgeMarks {
    /// What they are called.
    pub name: String,
    /// Decimals, in any order.
    pub marks: Vec<String>,
}

/// A strip's height in pixels, and what of it is above its line.
const HEIGHT: f64 = 46.0;
const ROOM: f64 = 38.0;
/// The first and the last mark lie so far from the edge, in per cent.
const EDGE: f64 = 3.0;
/// A longer scale is drawn in so many classes.
const CLASSES: f64 = 20.0;

/// One judge, counted.
struct Counted<'a> {
    name: &'a str,
    marks: Vec<f64>,
    mean: Option<f64>,
    /// How many marks lie in each class.
    classes: Vec<usize>,
}

/// The scale in classes: each mark one, or, where it is long, several together.
struct Classes {
    min: f64,
    max: f64,
    width: f64,
    number: usize,
}

impl Classes {
    fn of(scale: &Scale) -> Option<Self> {
        let (min, max) = (number(&scale.min)?, number(&scale.max)?);
        let step = number(&scale.step).filter(|step| *step > 0.0)?;
        if max < min {
            return None;
        }
        let steps = ((max - min) / step).round();
        let width = if steps > CLASSES + 5.0 { (max - min) / CLASSES } else { step };
        let number = ((max - min) / width).round() as usize + 1;
        Some(Self { min, max, width, number })
    }

    fn class(&self, mark: f64) -> usize {
        (((mark - self.min) / self.width).round().max(0.0) as usize).min(self.number - 1)
    }

    /// Where a mark lies, in per cent of the strip.
    fn place(&self, mark: f64) -> f64 {
        let share = if self.max > self.min { per_cent(mark - self.min, self.max - self.min) } else { 50.0 };
        EDGE + share * (100.0 - 2.0 * EDGE) / 100.0
    }

    /// How wide a class is drawn, in per cent of the strip.
    fn drawn(&self) -> f64 {
        ((100.0 - 2.0 * EDGE) / self.number as f64 * 0.8).clamp(1.0, 2.0 * EDGE)
    }
}

/// How each judge marked, from the harshest to the most lenient: so many of
/// each mark, and their mean.
pub fn by_judge(judges: &[JudgeMarks], scale: &Scale) -> Markup {
    let Some(classes) = Classes::of(scale).filter(|_| !judges.is_empty()) else {
        return html! { p.govuk-body { "There is nothing to show yet." } };
    };
    let mut counted: Vec<Counted<'_>> = judges.iter().map(|judge| counted(judge, &classes)).collect();
    counted.sort_by(|one, other| {
        let mean = |judge: &Counted<'_>| judge.mean.unwrap_or(f64::INFINITY);
        mean(one).total_cmp(&mean(other)).then_with(|| one.name.cmp(other.name))
    });
    let most = counted.iter().flat_map(|judge| &judge.classes).copied().max().unwrap_or_default();
    let all: Vec<f64> = counted.iter().flat_map(|judge| &judge.marks).copied().collect();
    let overall = mean(&all);
    html! {
        figure.plaudit-chart {
            figcaption.govuk-hint {
                "From the harshest to the most lenient. The higher a column, the more often that mark; the arrow is the judge's mean"
                @if let Some(overall) = overall { ", the broken line that of all judges, " (rounded(overall)) }
                "."
            }
            ol.plaudit-chart__rows {
                @for judge in &counted { li { (one(judge, &classes, most, overall)) } }
            }
            p.plaudit-chart__ends aria-hidden="true" { span { (scale.min) } span { (scale.max) } }
            (behind(table(&counted)))
        }
    }
}

fn counted<'a>(judge: &'a JudgeMarks, classes: &Classes) -> Counted<'a> {
    let marks: Vec<f64> = judge.marks.iter().filter_map(|mark| number(mark)).collect();
    let mut of_class = vec![0; classes.number];
    for mark in &marks {
        of_class[classes.class(*mark)] += 1;
    }
    Counted { name: &judge.name, mean: mean(&marks), marks, classes: of_class }
}

fn mean(marks: &[f64]) -> Option<f64> {
    (!marks.is_empty()).then(|| marks.iter().sum::<f64>() / marks.len() as f64)
}

fn one(judge: &Counted<'_>, classes: &Classes, most: usize, overall: Option<f64>) -> Markup {
    let says = said(judge);
    html! {
        p.plaudit-chart__label { strong { (judge.name) } span { (says) } }
        svg.plaudit-chart__strip width="100%" height=(HEIGHT) role="img" aria-label={ (judge.name) ": " (says) } {
            line.plaudit-chart__line x1="0" x2="100%" y1=(ROOM) y2=(ROOM) {}
            @for (at, number) in judge.classes.iter().enumerate().filter(|(_, number)| **number > 0) {
                (column(classes, at, *number, most))
            }
            @if let Some(overall) = overall {
                @let x = attribute(classes.place(overall));
                line.plaudit-chart__overall x1=(x) x2=(x) y1="0" y2=(ROOM) {}
            }
            @if let Some(mean) = judge.mean {
                // An SVG within begins at a share of the width; its arrow is drawn in pixels.
                svg.plaudit-chart__arrow x=(attribute(classes.place(mean))) y=(ROOM) width="1" height="8" {
                    path d="M0 0 6 8H-6Z" {}
                }
            }
        }
    }
}

fn column(classes: &Classes, at: usize, number: usize, most: usize) -> Markup {
    let height = (number as f64 / most.max(1) as f64 * (ROOM - 2.0)).max(3.0);
    let middle = classes.place(classes.min + at as f64 * classes.width);
    html! {
        rect.plaudit-chart__bar x=(attribute(middle - classes.drawn() / 2.0)) width=(attribute(classes.drawn()))
            y=(rounded(ROOM - height)) height=(rounded(height)) {}
    }
}

fn ends(judge: &Counted<'_>) -> Option<(f64, f64)> {
    let lowest = judge.marks.iter().copied().reduce(f64::min)?;
    Some((lowest, judge.marks.iter().copied().reduce(f64::max)?))
}

fn said(judge: &Counted<'_>) -> String {
    match (judge.mean, ends(judge)) {
        (Some(mean), Some((lowest, highest))) => {
            let marks = count(judge.marks.len(), "mark", "marks");
            format!("mean {}, {marks} from {} to {}", rounded(mean), rounded(lowest), rounded(highest))
        }
        _ => "no marks".to_owned(),
    }
}

fn table(judges: &[Counted<'_>]) -> Table {
    let head = [
        Cell::new("Judge"),
        Cell::numeric("Marks"),
        Cell::numeric("Lowest"),
        Cell::numeric("Mean"),
        Cell::numeric("Highest"),
    ];
    let table = Table::new().caption("How each judge marked").head(head).first_cell_is_header();
    judges.iter().fold(table, |table, judge| {
        let shown = |value: Option<f64>| Cell::numeric(value.map_or_else(|| "–".to_owned(), rounded));
        let (lowest, highest) = ends(judge).unzip();
        let marks = Cell::numeric(judge.marks.len());
        table.row([Cell::new(judge.name), marks, shown(lowest), shown(judge.mean), shown(highest)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(min: &str, max: &str, step: &str) -> Scale {
        Scale { min: min.into(), max: max.into(), step: step.into() }
    }

    fn judge(name: &str, marks: &[&str]) -> JudgeMarks {
        JudgeMarks { name: name.into(), marks: marks.iter().map(|mark| (*mark).into()).collect() }
    }

    fn fine(shown: &str) {
        assert!(!shown.contains("NaN") && !shown.contains("inf") && !shown.contains("=\"-"), "{shown}");
    }

    #[test]
    fn the_harshest_comes_first_and_means_are_said() {
        let judges = [judge("Lenient", &["9", "10"]), judge("Harsh", &["2", "3", "3"]), judge("Absent", &[])];
        let shown = by_judge(&judges, &scale("0", "10", "0.5")).0;
        fine(&shown);
        let at = |text: &str| shown.find(text).unwrap_or(usize::MAX);
        assert!(at("Harsh") < at("Lenient") && at("Lenient") < at("Absent"), "{shown}");
        assert!(shown.contains("mean 2.67, 3 marks from 2 to 3") && shown.contains("no marks"));
        assert!(shown.contains("that of all judges, 5.4"));
    }

    #[test]
    fn a_mark_lies_where_it_is_on_the_scale() {
        let classes = Classes::of(&scale("0", "10", "0.5"))
            .map(|classes| (classes.number, classes.place(5.0), classes.place(10.0)));
        assert_eq!(classes, Some((21, 50.0, 97.0)));
        let long = Classes::of(&scale("1", "100", "1"))
            .map(|classes| (classes.number, classes.class(1.0), classes.class(100.0)));
        assert_eq!(long, Some((21, 0, 20)));
    }

    #[test]
    fn any_number_of_judges_and_odd_marks() {
        let one = [judge("Only", &["7"])];
        let odd = [judge("Odd", &["x", "1/0", "-5", "500"])];
        let names: Vec<String> = (0..60).map(|number| format!("Judge {number}.")).collect();
        let sixty: Vec<JudgeMarks> = names.iter().map(|name| judge(name, &["1", "2/3", "5"])).collect();
        for judges in [&one[..], &odd[..], &sixty[..], &[]] {
            for scale in [
                scale("0", "10", "1"),
                scale("5", "5", "1"),
                scale("1", "100", "1"),
                scale("0", "1", "0"),
                scale("9", "1", "1"),
            ] {
                fine(&by_judge(judges, &scale).0);
            }
        }
        let shown = by_judge(&sixty, &scale("0", "10", "1")).0;
        assert!(names.iter().all(|name| shown.contains(name.as_str())));
    }
}
