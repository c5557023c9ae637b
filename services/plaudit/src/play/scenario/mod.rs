//! A scenario: a folder with one programme, who entered it, who judged it and
//! every mark that was given. What was published at the end, [`expected`], is
//! another file, which is opened last.
//!
//! Beyond the shared format a folder may say more, so that a reader sees a
//! whole prize: `form.toml` and `texts/`, `comments.csv`, `support.csv`, and
//! columns for who an entrant or a judge is. `examples/the-den/README.md`
//! describes them.

mod error;
pub mod expected;
mod form;
mod marks;
mod support;
mod tables;
#[cfg(test)]
pub mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use error::ScenarioError;
pub use form::{Form, Question};
pub use marks::{Comments, Marks, Reader};
pub use support::{Part, Pledge};
pub use tables::{Aggregation, Criterion, MarksFor, Method, Office, Scale, Ties};

/// One programme to play.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Where it lies.
    pub folder: PathBuf,
    /// The folder's own name.
    pub name: String,
    pub title: String,
    /// ISO 4217.
    pub currency: String,
    /// The names of the two who run it.
    pub organisers: [String; 2],
    pub scale: Scale,
    pub criteria: Vec<Criterion>,
    pub aggregation: Aggregation,
    /// Who sees the marks.
    pub marks_for: MarksFor,
    pub prizes: Vec<Prize>,
    pub form: Form,
    /// In running order.
    pub pitches: Vec<Pitch>,
    pub judges: Vec<Judge>,
    /// What judge gave pitch, by their places in the lists above.
    pub marks: Marks,
    pub comments: Comments,
}

/// What a rank wins.
#[derive(Clone, Debug)]
pub struct Prize {
    pub rank: u32,
    /// Whole minor units of the programme's currency.
    pub minor: u64,
    /// The business support that comes with it.
    pub support: Option<Pledge>,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Pitch {
    /// What the tables call it.
    pub key: String,
    pub title: String,
    pub team: String,
    /// The name of the person who enters it.
    pub entrant: String,
    /// By the form question's id.
    pub answers: BTreeMap<String, String>,
}

impl Pitch {
    /// Title and team, or once what is both.
    pub fn named(&self) -> String {
        if self.team == self.title { self.title.clone() } else { format!("{} ({})", self.title, self.team) }
    }
}

/// One judge.
#[derive(Clone, Debug)]
pub struct Judge {
    /// What the tables call them.
    pub key: String,
    pub name: String,
    pub office: Office,
    /// Of the promoter and the sponsors.
    pub independent: bool,
}

impl Scenario {
    /// Reads everything but what was published at the end.
    pub fn read(folder: &Path) -> Result<Self, ScenarioError> {
        let programme = tables::programme(folder)?;
        let judges = tables::judges(folder)?;
        let rows = tables::pitches(folder)?;
        let form = Form::read(folder)?;
        let mut pitches = Vec::with_capacity(rows.len());
        for tables::PitchRow { pitch: key, title, team, entrant } in rows {
            let team = if team.is_empty() { title.clone() } else { team };
            let entrant = if entrant.is_empty() { team.clone() } else { entrant };
            let mut pitch = Pitch { key, title, team, entrant, answers: BTreeMap::new() };
            pitch.answers = form.answers(folder, &pitch)?;
            pitches.push(pitch);
        }
        let places = marks::Places::of(&pitches, &judges, &programme.criteria);
        let [first, second] = programme.organisers;
        Ok(Self {
            name: name_of(folder),
            marks: marks::read(folder, &places)?,
            comments: marks::read_comments(folder, &places)?,
            prizes: support::prizes(folder, programme.prizes)?,
            folder: folder.to_owned(),
            title: programme.title,
            currency: programme.currency,
            organisers: [first, second],
            scale: programme.scale,
            criteria: programme.criteria,
            aggregation: programme.aggregation,
            marks_for: programme.marks_for,
            form,
            pitches,
            judges,
        })
    }

    /// How many marks were given.
    pub fn marks_given(&self) -> usize {
        self.marks.values().map(BTreeMap::len).sum()
    }

    /// Whether somebody on the panel is named independent.
    pub fn has_independent_judge(&self) -> bool {
        self.judges.iter().any(|judge| judge.independent)
    }
}

/// The folder's own name, also of `.` and `a/..`.
fn name_of(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
