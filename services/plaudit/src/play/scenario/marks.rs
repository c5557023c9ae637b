//! The marks, and what judges wrote beside them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Deserialize;

use super::tables::{self, Criterion, MarkRow};
use super::{Judge, Pitch, ScenarioError};

/// A judge's and a pitch's place in the scenario's lists.
pub type Card = (usize, usize);

/// Marks by criterion, for each scorecard that was filled in.
pub type Marks = BTreeMap<Card, BTreeMap<String, String>>;

/// What a judge wrote, to whom.
pub type Comments = BTreeMap<Card, BTreeMap<Reader, String>>;

/// Whom a comment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    Panel,
    Entrant,
}

#[derive(Deserialize)]
struct CommentRow {
    pitch: String,
    judge: String,
    to: Reader,
    comment: String,
}

/// Where the tables' keys stand in the lists.
pub struct Places<'a> {
    pitches: HashMap<&'a str, usize>,
    judges: HashMap<&'a str, usize>,
    criteria: Vec<&'a str>,
}

impl<'a> Places<'a> {
    pub fn of(pitches: &'a [Pitch], judges: &'a [Judge], criteria: &'a [Criterion]) -> Self {
        Self {
            pitches: pitches.iter().enumerate().map(|(at, pitch)| (pitch.key.as_str(), at)).collect(),
            judges: judges.iter().enumerate().map(|(at, judge)| (judge.key.as_str(), at)).collect(),
            criteria: criteria.iter().map(|criterion| criterion.id.as_str()).collect(),
        }
    }

    fn card(&self, judge: &str, pitch: &str) -> Result<Card, String> {
        let pitch = self.pitches.get(pitch).ok_or_else(|| format!("there is no pitch {pitch}"))?;
        let judge = self.judges.get(judge).ok_or_else(|| format!("there is no judge {judge}"))?;
        Ok((*judge, *pitch))
    }
}

/// Reads every mark. A scorecard is either not there or whole.
pub fn read(folder: &Path, places: &Places<'_>) -> Result<Marks, ScenarioError> {
    const FILE: &str = "marks.csv";
    let wrong = |what: String| ScenarioError::new(folder, FILE, what);
    let rows = tables::csv(folder, FILE)?.ok_or_else(|| wrong("there is no such file".to_owned()))?;
    let mut marks = Marks::new();
    for MarkRow { pitch, judge, criterion, mark } in rows {
        if !places.criteria.contains(&criterion.as_str()) {
            return Err(wrong(format!("there is no criterion {criterion}")));
        }
        let card = places.card(&judge, &pitch).map_err(wrong)?;
        let before = marks.entry(card).or_default().insert(criterion.clone(), mark);
        if before.is_some() {
            return Err(wrong(format!("{judge} marked {criterion} of {pitch} twice")));
        }
    }
    let wanted = places.criteria.len();
    match marks.iter().find(|(_, marks)| marks.len() != wanted) {
        None => Ok(marks),
        Some(((judge, pitch), given)) => Err(wrong(format!(
            "judge {} gave pitch {} only {} of {wanted} marks",
            judge + 1,
            pitch + 1,
            given.len(),
        ))),
    }
}

/// Reads what judges wrote, if they did.
pub fn read_comments(folder: &Path, places: &Places<'_>) -> Result<Comments, ScenarioError> {
    const FILE: &str = "comments.csv";
    let rows = tables::csv(folder, FILE)?.unwrap_or_default();
    let mut comments = Comments::new();
    for CommentRow { pitch, judge, to, comment } in rows {
        let card = places.card(&judge, &pitch).map_err(|what| ScenarioError::new(folder, FILE, what))?;
        comments.entry(card).or_default().insert(to, comment);
    }
    Ok(comments)
}
