//! What entrants are asked, and what they answer.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{Pitch, ScenarioError, tables};

const FILE: &str = "form.toml";

/// The gate and the form of a programme.
#[derive(Clone, Debug, Deserialize)]
pub struct Form {
    /// What the programme is for, in a few sentences.
    #[serde(default)]
    pub about: String,
    /// Each must be true of an entry.
    #[serde(default)]
    pub gate: Vec<Question>,
    /// What is answered in words.
    #[serde(default)]
    pub form: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    pub id: String,
    /// Its wording, which is also its heading in `texts/`.
    pub ask: String,
    /// The most characters of an answer.
    #[serde(default = "many")]
    pub most_characters: u32,
}

fn many() -> u32 {
    5_000
}

impl Form {
    /// Reads `form.toml`; without one there is a single question.
    pub fn read(folder: &Path) -> Result<Self, ScenarioError> {
        Ok(tables::toml(folder, FILE)?.unwrap_or_else(Self::plain))
    }

    fn plain() -> Self {
        let question = |id: &str, ask: &str| Question {
            id: id.to_owned(),
            ask: ask.to_owned(),
            most_characters: many(),
        };
        Self {
            about: String::new(),
            gate: vec![question("eligible", "May this be entered under the rules?")],
            form: vec![question("summary", "What is entered, and by whom?")],
        }
    }

    /// What a pitch answers, by question: the sections of its text, or, where
    /// it has none, its title and team.
    pub fn answers(&self, folder: &Path, pitch: &Pitch) -> Result<BTreeMap<String, String>, ScenarioError> {
        let file = format!("texts/{}.md", pitch.key);
        let Some(text) = tables::text(folder, &file)? else {
            let words = format!("{}, entered by {}.", pitch.title, pitch.team);
            return Ok(self.form.iter().map(|question| (question.id.clone(), words.clone())).collect());
        };
        let mut answers = BTreeMap::new();
        for (heading, words) in sections(&text) {
            let question = self.form.iter().find(|question| question.ask == heading);
            let id = question.map(|question| question.id.clone()).ok_or_else(|| {
                ScenarioError::new(folder, &file, format!("{FILE} asks no question '{heading}'"))
            })?;
            answers.insert(id, words);
        }
        match self.form.iter().find(|question| !answers.contains_key(&question.id)) {
            Some(open) => Err(ScenarioError::new(folder, &file, format!("'{}' is not answered", open.ask))),
            None => Ok(answers),
        }
    }
}

/// The text under each `## heading`; what stands before the first is the
/// page's own title.
fn sections(text: &str) -> impl Iterator<Item = (&str, String)> {
    let parts = text.split("\n## ").skip(1);
    parts.map(|part| {
        let (heading, words) = part.split_once('\n').unwrap_or((part, ""));
        (heading.trim(), words.trim().to_owned())
    })
}
