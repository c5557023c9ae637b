//! What each finds in all that they are answered, against what is written.

use std::collections::{BTreeMap, BTreeSet};

use crate::play::Play;
use crate::probe::Heard;
use crate::table::{Block, blocks};

/// Texts of the play that can be found again. No instant and no id holds a
/// mark above sixty.
const TEXTS: [(&str, &str); 28] = [
    ("title", "Tidewatch for small harbours"),
    ("team", "Saltmarsh Makers"),
    ("answers", "A gauge on every quay, read each minute."),
    ("question", "Who will own the gauges?"),
    ("answer", "Those who moor there, in equal shares."),
    ("words_of_screening", "Your answer settles it."),
    ("draft", "Something with kelp, one day."),
    ("other_title", "Bread by bicycle"),
    ("other_team", "Crumb and Spoke"),
    ("other_answers", "Loaves ride up to the hill villages."),
    ("nature_of_the_conflict", "My sister keeps their books."),
    ("interests", "I sit on the board of a ferry company."),
    ("nature_of_the_known", "We went to the same school."),
    ("nature_of_the_aside", "They owe me money."),
    ("mark", "83.17"),
    ("second_mark", "91.43"),
    // The mean of the two.
    ("total", "87.3"),
    ("second_comment_to_panel", "Let us look at the costs together."),
    ("second_comment_to_entrant", "Bring the gauge along next time."),
    ("other_mark", "71.29"),
    // The mean of that and 66.85.
    ("other_total", "69.07"),
    ("payees_name", "Marsh Trading Limited"),
    ("account", "73920184"),
    ("agreement", "The money is spent on gauges."),
    ("reference", "GAUGE 1 OF 1"),
    ("support", "Twelve hours in our workshop."),
    ("guests_address", "guest@authorisation.example"),
    ("approvers_address", "approver@authorisation.example"),
];

/// A text of the play.
pub fn text(name: &str) -> &'static str {
    let found = TEXTS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("there is no text {name}")).1
}

/// What one role has found of one text so far.
#[derive(Default)]
struct Found {
    signs: String,
    /// Where, each time that it should be nowhere.
    in_vain: Vec<String>,
}

pub struct Sights {
    expected: Vec<Block>,
    found: BTreeMap<(usize, &'static str), Found>,
}

impl Sights {
    /// What is written in a file, which speaks of every text.
    pub fn of(file: &str, written: &str) -> Self {
        let expected = blocks(file, written, "Y.");
        let mut named: Vec<&str> = expected.iter().map(|block| block.heading.as_str()).collect();
        let mut texts: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).chain(["award"]).collect();
        named.sort_unstable();
        texts.sort_unstable();
        assert_eq!(named, texts, "{file}");
        Self { expected, found: BTreeMap::new() }
    }

    /// Looks through everything that was heard in a phase.
    pub fn look(&mut self, play: &Play, heard: &[Heard]) {
        for (at, block) in self.expected.iter().enumerate() {
            let sought = match block.heading.as_str() {
                "award" => play.world.word("award"),
                name => text(name).to_owned(),
            };
            for (role, expected) in &block.signs {
                let places: BTreeSet<&str> = heard
                    .iter()
                    .filter(|heard| heard.role == *role && heard.says.contains(&sought))
                    .map(|heard| heard.asked.as_str())
                    .collect();
                let found = self.found.entry((at, *role)).or_default();
                if expected[found.signs.len()] == '.' {
                    found.in_vain.extend(places.iter().map(|place| (*place).to_owned()));
                }
                found.signs.push(if places.is_empty() { '.' } else { 'Y' });
            }
        }
    }

    /// The texts that somebody found otherwise.
    pub fn differences(&self) -> Vec<String> {
        let mut differences = Vec::new();
        for ((at, role), found) in &self.found {
            let Block { heading, place, signs, .. } = &self.expected[*at];
            let expected: String = signs[role].iter().collect();
            if found.signs != expected {
                let places: BTreeSet<&String> = found.in_vain.iter().collect();
                let found = &found.signs;
                differences
                    .push(format!("{place} {heading}\n  {role}: {found} instead of {expected} {places:?}"));
            }
        }
        differences
    }
}
