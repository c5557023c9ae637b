//! One judge's marks for one pitch, and whether the rulebook allows them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;
use crate::rules::{Rules, Scale};

/// One judge's marks for one pitch: one mark a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// The pitch that is marked.
    pub pitch: String,
    /// The judge who marks.
    pub judge: String,
    /// The mark of each criterion, by the criterion's id.
    pub marks: BTreeMap<String, Decimal>,
}

/// What is wrong with the mark of one criterion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{criterion}” {problem}")]
pub struct MarkError {
    /// The criterion's id: the field to show the sentence at.
    pub criterion: String,
    /// What is wrong, and what would be right.
    pub problem: MarkProblem,
}

/// The ways in which a mark can be wrong. Prints as the end of a sentence that
/// the criterion begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MarkProblem {
    /// A criterion of the rulebook has no mark.
    Missing {
        /// The marks that would do.
        scale: Scale,
    },
    /// There is a mark for a criterion that the rulebook doesn't have.
    Unknown,
    /// The mark is below the lowest or above the highest.
    OffScale {
        /// The mark given.
        mark: Decimal,
        /// The marks that would do.
        scale: Scale,
    },
    /// The mark lies between two marks of the scale.
    OffStep {
        /// The mark given.
        mark: Decimal,
        /// The marks that would do.
        scale: Scale,
    },
}

impl fmt::Display for MarkProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { scale: Scale { min, max, .. } } => {
                write!(f, "has no mark; give it one from {min} to {max}")
            }
            Self::Unknown => {
                write!(f, "is not one of this round's criteria; leave it out")
            }
            Self::OffScale { mark, scale: Scale { min, max, .. } } => {
                write!(f, "is marked {mark}; marks go from {min} to {max}")
            }
            Self::OffStep { mark, scale: Scale { min, step, .. } } => {
                write!(f, "is marked {mark}; marks go up from {min} in steps of {step}")
            }
        }
    }
}

impl Rules {
    /// Whether a judge may hand in these marks: every criterion marked, no other
    /// named, each mark within the scale and on its step.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the criteria, unknown ones last.
    pub fn check_marks(&self, marks: &BTreeMap<String, Decimal>) -> Result<(), Vec<MarkError>> {
        let of_criteria = self.criteria.iter().filter_map(|criterion| {
            let problem = self.scale.problem(marks.get(&criterion.id).copied())?;
            Some(MarkError { criterion: criterion.id.clone(), problem })
        });
        let is_listed = |id: &String| self.criteria.iter().any(|criterion| criterion.id == *id);
        let unknown = marks
            .keys()
            .filter(|id| !is_listed(id))
            .map(|id| MarkError { criterion: id.clone(), problem: MarkProblem::Unknown });
        let errors: Vec<_> = of_criteria.chain(unknown).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl Scale {
    fn problem(self, mark: Option<Decimal>) -> Option<MarkProblem> {
        match mark {
            None => Some(MarkProblem::Missing { scale: self }),
            Some(mark) if mark < self.min || mark > self.max => {
                Some(MarkProblem::OffScale { mark, scale: self })
            }
            Some(mark) if !self.on_step(mark) => Some(MarkProblem::OffStep { mark, scale: self }),
            Some(_) => None,
        }
    }
}
