//! The judge's own running total.

use super::super::decimal::Decimal;
use super::super::seen::Content;
use crate::api::{Scale, Tally};
use crate::words::count;

/// More steps than this are not shown as buttons.
const MOST_STEPS: u64 = 20;

/// A mark, if it is one on the scale.
pub fn mark(scale: &Scale, text: &str) -> Option<Decimal> {
    let mark = Decimal::parse(text)?;
    let (min, max, step) = bounds(scale)?;
    (mark >= min && mark <= max && mark.minus(min).steps(step).is_some()).then_some(mark)
}

fn bounds(scale: &Scale) -> Option<(Decimal, Decimal, Decimal)> {
    Some((Decimal::parse(&scale.min)?, Decimal::parse(&scale.max)?, Decimal::parse(&scale.step)?))
}

/// Every mark of a scale that has few enough for buttons.
pub fn grades(scale: &Scale) -> Option<Vec<Decimal>> {
    let (min, max, step) = bounds(scale)?;
    let steps = max.minus(min).steps(step).filter(|steps| *steps <= MOST_STEPS)?;
    let mut grades = vec![min];
    for _ in 0..steps {
        grades.push(grades.last().copied()?.plus(step));
    }
    Some(grades)
}

/// “62.5 of 100 so far, 2 criteria to go”: each mark times its weight.
pub fn so_far(tally: &Tally, content: &Content) -> String {
    let (mut sum, mut most, mut to_go) = (Decimal::ZERO, Decimal::ZERO, 0);
    let highest = Decimal::parse(&tally.scale.max).unwrap_or(Decimal::ZERO);
    for criterion in &tally.criteria {
        let weight = Decimal::parse(&criterion.weight).unwrap_or(Decimal::ZERO);
        most = most.plus(weight.times(highest));
        match content.marks.get(&criterion.id).and_then(|text| mark(&tally.scale, text)) {
            Some(mark) => sum = sum.plus(weight.times(mark)),
            None => to_go += 1,
        }
    }
    match to_go {
        0 => format!("{sum} of {most}"),
        to_go => format!("{sum} of {most} so far, {} to go", count(to_go, "criterion", "criteria")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn tally(min: &str, max: &str, step: &str, criteria: &[(&str, &str)]) -> Tally {
        let criteria: Vec<_> =
            criteria.iter().map(|(id, weight)| serde_json::json!({ "id": id, "weight": weight })).collect();
        serde_json::from_value(serde_json::json!({
            "scale": { "min": min, "max": max, "step": step }, "criteria": criteria, "aggregation": "mean",
            "round_criterion": null, "round_weighted": null, "round_total": null,
        }))
        .unwrap()
    }

    fn marked(marks: &[(&str, &str)]) -> Content {
        let marks = marks.iter().map(|(id, mark)| ((*id).to_owned(), (*mark).to_owned()));
        Content { marks: marks.collect(), ..Content::default() }
    }

    #[test]
    fn the_total_counts_what_is_marked_exactly() {
        let tally = tally("0", "10", "0.5", &[("a", "3"), ("b", "2.5"), ("c", "2.5"), ("d", "2")]);
        assert_eq!(so_far(&tally, &marked(&[])), "0 of 100 so far, 4 criteria to go");
        assert_eq!(
            so_far(&tally, &marked(&[("a", "7.5"), ("b", "7,5"), ("c", "8.50"), ("d", "7.3")])),
            "62.5 of 100 so far, 1 criterion to go",
            "what is not on the scale is no mark"
        );
        let all = marked(&[("a", "10"), ("b", "0.5"), ("c", "0"), ("d", "1")]);
        assert_eq!(so_far(&tally, &all), "33.25 of 100");
    }

    #[test]
    fn buttons_only_for_short_scales() {
        let of = |min, max, step| grades(&tally(min, max, step, &[]).scale);
        let shown: Vec<String> = of("0", "2", "0.5").unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["0", "0.5", "1", "1.5", "2"]);
        assert_eq!(of("0", "10", "0.5").unwrap().len(), 21);
        assert!(of("0", "100", "1").is_none());
        assert!(of("0", "1", "0.3").is_none() && of("1", "0", "1").is_none() && of("0", "1", "0").is_none());
    }
}
