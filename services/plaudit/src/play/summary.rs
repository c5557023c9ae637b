//! What came of playing.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;

use super::compare::Compared;
use super::scenario::Scenario;

/// What came of one programme: a line of `--out`.
#[derive(Clone, Debug, Serialize)]
pub struct Played {
    /// The folder's name.
    pub programme: String,
    pub title: String,
    /// In running order; empty if there was no result.
    pub pitches: Vec<Compared>,
    /// Whether everything is as it was published.
    pub matches: bool,
    pub seconds: f64,
    /// What went wrong, if something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Played {
    pub(super) fn failed(scenario: &Scenario, error: impl fmt::Display, seconds: f64) -> Self {
        Self {
            programme: scenario.name.clone(),
            title: scenario.title.clone(),
            pitches: Vec::new(),
            matches: false,
            seconds,
            error: Some(error.to_string()),
        }
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", serde_json::to_string(self)?)
    }
}

/// What came of all of them, in the order in which they ended.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub programmes: Vec<Played>,
}

impl Summary {
    /// Whether every programme came out as it was published.
    pub fn all_match(&self) -> bool {
        self.programmes.iter().all(|played| played.matches)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let programmes = self.programmes.len();
        let (pitches, right) = self
            .programmes
            .iter()
            .flat_map(|played| &played.pitches)
            .fold((0_usize, 0_usize), |(pitches, right), pitch| {
                (pitches + 1, right + usize::from(pitch.matches))
            });
        let matching = self.programmes.iter().filter(|played| played.matches).count();
        write!(f, "{matching} of {programmes} programmes as published; {right} of {pitches} totals and ranks")
    }
}
