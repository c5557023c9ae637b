//! The tally from outside: panels worked out by hand, vectors, properties, and
//! real panels with published results.
#![allow(clippy::unwrap_used)]

mod by_hand;
mod numbers;
mod prizes;
mod properties;
mod robustness;
mod rules;
mod scenarios;
mod slow;
mod speed;
mod ties;
mod vectors;

use plaudit_tally::{Aggregation, Criterion, Normalisation, Ranking, Rules, Scale, Scorecard};

/// Marks 0 to 10 in halves, plain means, no rounding, no ladder.
fn plain_rules(criteria: &[(&str, &str)]) -> Rules {
    let criterion =
        |(id, weight): &(&str, &str)| Criterion { id: (*id).to_owned(), weight: weight.parse().unwrap() };
    Rules {
        scale: scale("0", "10", "0.5"),
        criteria: criteria.iter().map(criterion).collect(),
        aggregation: Aggregation::Mean,
        normalisation: Normalisation::None,
        round_criterion: None,
        round_weighted: None,
        round_total: None,
        ties: Vec::new(),
        least_marks: 1,
    }
}

fn scale(min: &str, max: &str, step: &str) -> Scale {
    Scale { min: min.parse().unwrap(), max: max.parse().unwrap(), step: step.parse().unwrap() }
}

fn card(pitch: &str, judge: &str, marks: &[(&str, &str)]) -> Scorecard {
    let marks = marks.iter().map(|(id, mark)| ((*id).to_owned(), mark.parse().unwrap()));
    Scorecard { pitch: pitch.to_owned(), judge: judge.to_owned(), marks: marks.collect() }
}

/// One criterion `c`; each line is a pitch and the marks of judges j1, j2, ….
fn cards(lines: &[(&str, &[&str])]) -> (Vec<String>, Vec<Scorecard>) {
    let pitches = lines.iter().map(|(pitch, _)| (*pitch).to_owned()).collect();
    let cards = lines.iter().flat_map(|(pitch, marks)| {
        (1..).zip(*marks).map(move |(n, mark)| card(pitch, &format!("j{n}"), &[("c", mark)]))
    });
    (pitches, cards.collect())
}

/// Each pitch with its rank and printed total, in the ranking's order.
fn outcome(ranking: &Ranking) -> Vec<(&str, u32, String)> {
    let ranked = |d: &'_ plaudit_tally::PitchDerivation| Some((d.rank()?, d.total()?.to_string()));
    let line = ranking.pitches.iter().filter_map(|d| {
        let (rank, total) = ranked(d)?;
        Some((d.pitch.as_str(), rank, total))
    });
    line.collect()
}
