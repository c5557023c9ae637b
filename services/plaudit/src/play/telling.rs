//! What a person reads while programmes are played.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::answers::{Accepted, Place};
use super::compare::Difference;
use super::scenario::Scenario;

/// Tells one programme: step by step if it is the only one, else in one line
/// at its end.
pub struct Teller {
    step_by_step: bool,
    /// What happened to the awards, and where in the log of that service.
    trail: Mutex<Vec<(u64, String)>>,
}

impl Teller {
    pub fn new(step_by_step: bool) -> Self {
        Self { step_by_step, trail: Mutex::default() }
    }

    /// Before anything has happened.
    pub fn opening(&self, scenario: &Scenario) {
        if !self.step_by_step {
            return;
        }
        let (pitches, judges) = (scenario.pitches.len(), scenario.judges.len());
        println!("{}", scenario.title);
        println!("{pitches} pitches, {judges} judges, {} criteria", scenario.criteria.len());
        for prize in &scenario.prizes {
            let support = prize.support.as_ref().map(|pledge| format!(" and {}", pledge.what));
            let money = money(prize.minor, &scenario.currency);
            println!("rank {} wins {money}{}", prize.rank, support.unwrap_or_default());
        }
        println!();
    }

    /// Something has happened.
    pub fn say(&self, what: impl AsRef<str>) {
        if self.step_by_step {
            println!("  {}", what.as_ref());
        }
    }

    /// Something has happened to an award, its payment or its support.
    pub fn trail(&self, accepted: &Accepted, what: impl Into<String>) {
        let mut trail = self.trail.lock().unwrap_or_else(PoisonError::into_inner);
        trail.push((accepted.position, what.into()));
    }

    /// The result is known.
    pub fn ranking(&self, scenario: &Scenario, places: &[Place]) {
        if !self.step_by_step {
            return;
        }
        let width =
            places.iter().filter_map(|place| place.total.as_ref()).map(String::len).max().unwrap_or(5).max(5);
        println!("\n  rank  {:>width$}  pitch", "total");
        for at in best_first(places) {
            let Place { rank, total, .. } = &places[at];
            let rank = rank.map_or("-".to_owned(), |rank| rank.to_string());
            let total = total.as_deref().unwrap_or("-");
            println!("  {rank:>4}  {total:>width$}  {}", scenario.pitches[at].named());
        }
        println!();
    }

    /// The programme is over.
    pub fn ending(&self, scenario: &Scenario, places: &[Place], seconds: f64) {
        let winner = winner(scenario, places);
        if !self.step_by_step {
            let size = format!(
                "{} pitches, {} judges, {} marks",
                scenario.pitches.len(),
                scenario.judges.len(),
                scenario.marks_given(),
            );
            println!("{}: {size}. {winner} ({seconds:.1} s)", scenario.title);
            return;
        }
        println!("  {winner}\n\n  The trail of the award, by position in the log of awards:");
        for (position, what) in self.trail.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            println!("  {position:>6}  {what}");
        }
        println!();
    }

    /// The trail is in a file.
    pub fn bundle(&self, path: &Path) {
        if self.step_by_step {
            println!("  The whole trail: {}", path.display());
        }
    }

    /// What is not as it was published.
    pub fn differences(&self, scenario: &Scenario, differences: &[Difference]) {
        if differences.is_empty() && self.step_by_step {
            println!("  Every total, rank and amount is as expected, to the last digit.");
        }
        for difference in differences {
            println!("{}: DIFFERENT: {difference}", scenario.name);
        }
    }
}

fn best_first(places: &[Place]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|at| places[*at].rank.unwrap_or(u32::MAX));
    order
}

fn winner(scenario: &Scenario, places: &[Place]) -> String {
    let first = places.iter().enumerate().filter(|(_, place)| place.rank == Some(1));
    let first: Vec<(String, &str)> = first
        .map(|(at, place)| (scenario.pitches[at].named(), place.total.as_deref().unwrap_or_default()))
        .collect();
    match first.as_slice() {
        [] => "Nobody is ranked.".to_owned(),
        [(name, total)] => format!("The winner: {name}, with {total}."),
        [(_, total), ..] => {
            let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
            format!("The winners, with {total} each: {}.", names.join(" and "))
        }
    }
}

/// Such as “£2,000” and “£666.67”.
pub fn money(minor: u64, currency: &str) -> String {
    let (whole, rest) = (minor / 100, minor % 100);
    let digits = whole.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let pence = if rest == 0 { String::new() } else { format!(".{rest:02}") };
    let amount = format!("{}{pence}", groups.join(","));
    match currency {
        "GBP" => format!("£{amount}"),
        "EUR" => format!("€{amount}"),
        "USD" => format!("${amount}"),
        other => format!("{amount} {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn money_reads_as_people_write_it() {
        assert_eq!(money(200_000, "GBP"), "£2,000");
        assert_eq!(money(66_667, "GBP"), "£666.67");
        assert_eq!(money(5, "EUR"), "€0.05");
        assert_eq!(money(123_456_700, "SEK"), "1,234,567 SEK");
    }
}
