//! What each finds in all that they are answered, against what is written.

use crate::phases::PHASES;
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

pub struct Sights {
    expected: Vec<Block>,
    differences: Vec<String>,
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
        Self { expected, differences: Vec::new() }
    }

    /// Looks through everything that was heard in a phase.
    pub fn look(&mut self, play: &Play, phase: &str, heard: &[Heard]) {
        let column = PHASES.iter().position(|known| *known == phase).unwrap();
        for block in &self.expected {
            let sought = match block.heading.as_str() {
                "award" => play.world.word("award"),
                name => text(name).to_owned(),
            };
            for (role, signs) in &block.signs {
                let found = heard.iter().find(|heard| heard.role == *role && heard.says.contains(&sought));
                let difference = match (signs[column], found) {
                    ('Y', None) => "finds it nowhere".to_owned(),
                    ('.', Some(heard)) => format!("finds it in {}", heard.asked),
                    _ => continue,
                };
                let Block { heading, place, .. } = block;
                self.differences.push(format!("{place} {heading}: {phase}, {role} {difference}"));
            }
        }
    }

    pub fn differences(self) -> Vec<String> {
        self.differences
    }
}
