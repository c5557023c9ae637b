//! What was published at the end.

use std::path::Path;

use serde::Deserialize;

use super::{Scenario, ScenarioError, tables};

const FILE: &str = "expected.csv";

/// A pitch's published place. A pitch that was not ranked has neither number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Expected {
    /// What the tables call the pitch.
    pub pitch: String,
    /// To the last digit.
    pub total: Option<String>,
    pub rank: Option<u32>,
}

/// Reads it, in running order. Nothing else may be left to do: whoever plays
/// must not know the end.
pub fn read(scenario: &Scenario) -> Result<Vec<Expected>, ScenarioError> {
    let folder: &Path = &scenario.folder;
    let rows: Vec<Expected> = tables::csv(folder, FILE)?
        .ok_or_else(|| ScenarioError::new(folder, FILE, "there is no such file"))?;
    let in_order = scenario.pitches.iter().map(|pitch| {
        let row = rows.iter().find(|row| row.pitch == pitch.key);
        row.cloned().ok_or_else(|| ScenarioError::new(folder, FILE, format!("{} is not in it", pitch.key)))
    });
    let in_order: Vec<Expected> = in_order.collect::<Result<_, _>>()?;
    if rows.len() != in_order.len() {
        let what = format!("it has {} lines for {} pitches", rows.len(), in_order.len());
        return Err(ScenarioError::new(folder, FILE, what));
    }
    Ok(in_order)
}
