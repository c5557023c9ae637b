//! What a verification found: an outcome a check, a sentence, and the events that prove it.

use std::fmt;

use serde::Serialize;

use crate::event::Place;
use crate::sentences::{self, Parameters};

/// The most events that a check names.
pub const MOST_LINES: usize = 20;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is so.
    Holds,
    /// It is not so.
    Fails,
    /// It needs what is unpublished, forgotten or not there yet.
    Hidden,
}

/// One check's outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its name in `docs/trail.md`.
    pub check: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// For people.
    pub sentence: String,
    /// The events that prove it, `service/position`, at most [`MOST_LINES`].
    pub lines: Vec<String>,
}

/// All checks, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Report(pub Vec<Checked>);

impl Report {
    /// 0 if all hold, 1 if one fails, 3 if none fails and something can't be shown.
    pub fn exit_code(&self) -> u8 {
        let any = |outcome| self.0.iter().any(|checked| checked.outcome == outcome);
        match (any(Outcome::Fails), any(Outcome::Hidden)) {
            (true, _) => 1,
            (false, true) => 3,
            (false, false) => 0,
        }
    }

    /// For machines: an array of objects.
    pub fn to_json(&self) -> String {
        // Texts only: serialising them can't fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// One check's outcome.
    pub fn get(&self, check: &str) -> Option<&Checked> {
        self.0.iter().find(|checked| checked.check == check)
    }
}

/// For people: a line a check, and the events below it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for checked in &self.0 {
            let (name, word) = match checked.outcome {
                Outcome::Holds => ("holds", "✓"),
                Outcome::Fails => ("fails", "✗"),
                Outcome::Hidden => ("hidden", "?"),
            };
            let title = sentences::checks().find(|(check, _)| *check == checked.check);
            let title = title.map_or(checked.check, |(_, title)| title);
            writeln!(f, "{word} {title}: {}", sentences::outcome(name))?;
            writeln!(f, "  {}", checked.sentence)?;
            if !checked.lines.is_empty() {
                writeln!(f, "  [{}]", checked.lines.join(", "))?;
            }
        }
        Ok(())
    }
}

/// What a check has to say so far: its first problem in full, and how many more.
#[derive(Debug)]
pub(crate) struct Findings {
    check: &'static str,
    problem: Option<(&'static str, Parameters)>,
    problems: u64,
    lines: Vec<Place>,
}

impl Findings {
    pub fn of(check: &'static str) -> Self {
        Self { check, problem: None, problems: 0, lines: Vec::new() }
    }

    /// Something is wrong at an event.
    pub fn wrong(&mut self, reason: &'static str, at: Place, mut parameters: Parameters) {
        parameters.push(("at", at.to_string()));
        self.wrong_somewhere(reason, &[at], parameters);
    }

    /// Something is wrong, as these events show.
    pub fn wrong_somewhere(&mut self, reason: &'static str, lines: &[Place], parameters: Parameters) {
        self.problems += 1;
        self.problem.get_or_insert((reason, parameters));
        for line in lines {
            if self.lines.len() < MOST_LINES && !self.lines.contains(line) {
                self.lines.push(*line);
            }
        }
    }

    /// The check fails if anything was wrong; otherwise it comes out like this.
    pub fn or(
        self,
        outcome: Outcome,
        reason: &'static str,
        parameters: Parameters,
        lines: impl IntoIterator<Item = Place>,
    ) -> Checked {
        let Some((problem, of_problem)) = self.problem else {
            let name = if outcome == Outcome::Holds { "holds" } else { "hidden" };
            let sentence = sentences::sentence(self.check, name, reason, &parameters);
            let lines = lines.into_iter().take(MOST_LINES).map(|line| line.to_string()).collect();
            return Checked { check: self.check, outcome, sentence, lines };
        };
        let mut sentence = sentences::sentence(self.check, "fails", problem, &of_problem);
        if self.problems > 1 {
            sentence += &sentences::common("more", &vec![("n", (self.problems - 1).to_string())]);
        }
        let lines = self.lines.iter().map(Place::to_string).collect();
        Checked { check: self.check, outcome: Outcome::Fails, sentence, lines }
    }
}

/// Writes parameters: `parameters! { n: 3, at }`.
macro_rules! parameters {
    ($($name:ident $(: $value:expr)?),* $(,)?) => {
        vec![$((stringify!($name), parameters!(@ $name $(: $value)?).to_string())),*]
    };
    (@ $name:ident) => { $name };
    (@ $name:ident : $value:expr) => { $value };
}
pub(crate) use parameters;
