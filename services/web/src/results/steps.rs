//! A derivation in plain steps: what each number was made of.

use super::shapes::{CriterionDerivation, PitchDerivation, Rules};
use crate::words::count;

/// A line of the reckoning: what was done, and what it came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    pub says: String,
    pub value: String,
}

fn step(says: impl Into<String>, value: &str) -> Step {
    Step { says: says.into(), value: number(value) }
}

/// A number as people read it: `20/3` with its fraction slash.
pub fn number(exact: &str) -> String {
    match exact.split_once('/') {
        Some((above, below)) => format!("{above} ÷ {below}"),
        None => exact.replace('-', "−"),
    }
}

/// What was made of one criterion's marks; nothing if the pitch is unranked.
pub fn of_criterion(rules: &Rules, criterion: &CriterionDerivation) -> Vec<Step> {
    let Some(steps) = &criterion.steps else { return Vec::new() };
    let left_out = criterion.marks.iter().filter(|mark| mark.left_out.is_some()).count();
    let counted = criterion.marks.len() - left_out;
    let mut told = vec![step(aggregated(rules, counted, left_out), &steps.aggregate)];
    if let Some(decimals) = rules.round_criterion {
        told.push(step(rounded(decimals), &steps.rounded));
    }
    told.push(step(format!("Times the weight, {}", number(&criterion.weight)), &steps.weighted));
    if let Some(decimals) = rules.round_weighted {
        told.push(step(rounded(decimals), &steps.weighted_rounded));
    }
    told
}

fn aggregated(rules: &Rules, counted: usize, left_out: usize) -> String {
    let of = count(counted, "mark", "marks");
    match rules.aggregation.as_str() {
        Some("median") => format!("The median of {of}"),
        _ if left_out > 0 => format!("The mean of what remains, {of}"),
        _ => format!("The mean of {of}"),
    }
}

fn rounded(decimals: u32) -> String {
    match decimals {
        0 => "Rounded to a whole number, half up".to_owned(),
        _ => format!("Rounded to {}, half up", count(decimals as usize, "decimal", "decimals")),
    }
}

/// How the criteria add up to the total.
pub fn of_total(rules: &Rules, pitch: &PitchDerivation) -> Vec<Step> {
    let Some(ranked) = pitch.standing.ranked() else { return Vec::new() };
    let parts = pitch.criteria.iter().filter_map(|criterion| criterion.steps.as_ref());
    let parts: Vec<String> = parts.map(|steps| number(&steps.weighted_rounded)).collect();
    let mut told = vec![step(parts.join(" + "), &ranked.sum)];
    if let Some(decimals) = rules.round_total {
        told.push(step(rounded(decimals), &ranked.total));
    }
    told
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::results::shapes::Derivation;

    /// What scoring answers after examples/the-den was played.
    const DEN: &str = include_str!("fixtures/the-den.derivation.json");

    fn told(steps: &[Step]) -> Vec<(&str, &str)> {
        steps.iter().map(|step| (step.says.as_str(), step.value.as_str())).collect()
    }

    #[test]
    fn the_winner_of_the_den_step_by_step() {
        let den: Derivation = serde_json::from_str(DEN).unwrap();
        let winner = &den.pitches[0];
        assert_eq!(
            told(&of_criterion(&den.rules, &winner.criteria[0])),
            [
                ("The mean of 3 marks", "55 ÷ 6"),
                ("Rounded to 2 decimals, half up", "9.17"),
                ("Times the weight, 3", "27.51"),
                ("Rounded to 2 decimals, half up", "27.51"),
            ]
        );
        assert_eq!(told(&of_total(&den.rules, winner)), [("27.51 + 22.50 + 17.50 + 17.00", "84.51")]);
    }

    #[test]
    fn halves_go_up_where_the_examples_readme_says_so() {
        let den: Derivation = serde_json::from_str(DEN).unwrap();
        let second = &den.pitches[1];
        assert_eq!(
            told(&of_criterion(&den.rules, &second.criteria[1]))[2..],
            [("Times the weight, 2.5", "19.575"), ("Rounded to 2 decimals, half up", "19.58")]
        );
    }

    #[test]
    fn what_is_left_out_and_what_has_no_rank_is_told() {
        let mut den: Derivation = serde_json::from_str(DEN).unwrap();
        den.rules.aggregation = serde_json::json!({"trimmed_mean": {"trim": 1}});
        let criterion = &mut den.pitches[0].criteria[0];
        criterion.marks[0].left_out = Some("lowest".to_owned());
        criterion.marks[2].left_out = Some("highest".to_owned());
        let criterion = criterion.clone();
        assert_eq!(of_criterion(&den.rules, &criterion)[0].says, "The mean of what remains, 1 mark");
        den.pitches[0].standing =
            serde_json::from_str(r#"{"unranked":{"too_few_scorecards":{"have":1,"need":2}}}"#).unwrap();
        assert!(of_total(&den.rules, &den.pitches[0]).is_empty());
    }
}
