//! The files as they are written.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Judge, ScenarioError};

/// The marks a judge may give, as decimals.
#[derive(Clone, Debug, Deserialize)]
pub struct Scale {
    pub min: String,
    pub max: String,
    pub step: String,
}

/// One thing that every judge marks.
#[derive(Clone, Debug, Deserialize)]
pub struct Criterion {
    pub id: String,
    pub name: String,
    /// A decimal.
    pub weight: String,
}

/// How the marks of one criterion become one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    Mean,
    Median,
    TrimmedMean,
}

/// How marks become a ranking.
#[derive(Clone, Debug, Deserialize)]
pub struct Aggregation {
    pub method: Method,
    /// Marks left out at each end.
    #[serde(default)]
    pub trim: u32,
    #[serde(default)]
    pub normalisation: Normalisation,
    /// Decimals; absent: not rounded.
    pub round_criterion: Option<u32>,
    /// Decimals; absent: not rounded.
    pub round_weighted: Option<u32>,
    #[serde(default)]
    pub ties: Ties,
}

/// What is done to marks before. Another word is refused, not ignored.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    #[default]
    None,
}

/// What equal totals mean. Another word is refused, not ignored.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ties {
    /// They share the rank, and no tie-break follows.
    #[default]
    Share,
}

/// Who sees the marks. Another word is refused, not ignored.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarksFor {
    /// Everybody, once two people have opened them.
    #[default]
    Everybody,
    /// Each entrant their own, auditors all.
    EntrantsAndAuditors,
}

/// What a judge is on the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Office {
    Chair,
    Deputy,
    Judge,
}

#[derive(Deserialize)]
pub struct Programme {
    pub title: String,
    pub currency: String,
    #[serde(default = "unnamed")]
    pub organisers: [String; 2],
    pub scale: Scale,
    pub criteria: Vec<Criterion>,
    pub aggregation: Aggregation,
    #[serde(default)]
    pub marks_for: MarksFor,
    #[serde(default)]
    pub prizes: Vec<PrizeTable>,
}

fn unnamed() -> [String; 2] {
    ["Organiser A".to_owned(), "Organiser B".to_owned()]
}

#[derive(Deserialize)]
pub struct PrizeTable {
    pub rank: u32,
    #[serde(default)]
    pub amount_minor: u64,
    #[serde(default)]
    pub support: String,
}

#[derive(Deserialize)]
pub struct PitchRow {
    pub pitch: String,
    pub title: String,
    #[serde(default)]
    pub team: String,
    #[serde(default)]
    pub entrant: String,
}

#[derive(Deserialize)]
struct JudgeRow {
    judge: String,
    name: String,
    #[serde(default)]
    office: Option<Office>,
    #[serde(default)]
    independent: Option<bool>,
}

#[derive(Deserialize)]
pub struct MarkRow {
    pub pitch: String,
    pub judge: String,
    pub criterion: String,
    pub mark: String,
}

pub fn programme(folder: &Path) -> Result<Programme, ScenarioError> {
    let programme: Programme = toml(folder, "programme.toml")?
        .ok_or_else(|| ScenarioError::new(folder, "programme.toml", "there is no such file"))?;
    if programme.criteria.is_empty() {
        return Err(ScenarioError::new(folder, "programme.toml", "there are no criteria"));
    }
    Ok(programme)
}

pub fn pitches(folder: &Path) -> Result<Vec<PitchRow>, ScenarioError> {
    let rows: Vec<PitchRow> = some(folder, "pitches.csv")?;
    once(folder, "pitches.csv", rows.iter().map(|row| row.pitch.as_str()))?;
    Ok(rows)
}

/// The judges; the first has the chair unless the table gives it to somebody.
pub fn judges(folder: &Path) -> Result<Vec<Judge>, ScenarioError> {
    let rows: Vec<JudgeRow> = some(folder, "judges.csv")?;
    once(folder, "judges.csv", rows.iter().map(|row| row.judge.as_str()))?;
    let nobody_chairs = !rows.iter().any(|row| row.office == Some(Office::Chair));
    let judges = rows.into_iter().enumerate().map(|(at, row)| Judge {
        key: row.judge,
        name: row.name,
        office: match row.office {
            Some(office) => office,
            None if at == 0 && nobody_chairs => Office::Chair,
            None => Office::Judge,
        },
        independent: row.independent.unwrap_or_default(),
    });
    Ok(judges.collect())
}

/// A table with at least one line.
fn some<T: DeserializeOwned>(folder: &Path, file: &str) -> Result<Vec<T>, ScenarioError> {
    let rows = csv(folder, file)?.ok_or_else(|| ScenarioError::new(folder, file, "there is no such file"))?;
    if rows.is_empty() { Err(ScenarioError::new(folder, file, "there is nothing in it")) } else { Ok(rows) }
}

fn once<'a>(folder: &Path, file: &str, keys: impl Iterator<Item = &'a str>) -> Result<(), ScenarioError> {
    let mut seen = std::collections::BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(ScenarioError::new(folder, file, format!("{key} is in it twice")));
        }
    }
    Ok(())
}

/// A file's text; `None` if there is no such file.
pub fn text(folder: &Path, file: &str) -> Result<Option<String>, ScenarioError> {
    match fs::read_to_string(folder.join(file)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ScenarioError::new(folder, file, error)),
    }
}

/// A TOML file; `None` if there is no such file.
pub fn toml<T: DeserializeOwned>(folder: &Path, file: &str) -> Result<Option<T>, ScenarioError> {
    let Some(text) = text(folder, file)? else { return Ok(None) };
    toml::from_str(&text).map(Some).map_err(|error| ScenarioError::new(folder, file, error))
}

/// A table with a line of column names; `None` if there is no such file.
pub fn csv<T: DeserializeOwned>(folder: &Path, file: &str) -> Result<Option<Vec<T>>, ScenarioError> {
    let Some(text) = text(folder, file)? else { return Ok(None) };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let rows: Result<Vec<T>, _> = reader.deserialize().collect();
    rows.map(Some).map_err(|error| ScenarioError::new(folder, file, error))
}
