//! The part of a rulebook that turns marks into a ranking.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::decimal::Decimal;

/// The most decimals that a rounding may ask for.
pub const MOST_DECIMALS: u32 = 12;

/// How marks become a ranking. [`Rules::validate`] says whether it makes sense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The marks a judge may give.
    pub scale: Scale,
    /// What is marked, in the order the rulebook lists it.
    pub criteria: Vec<Criterion>,
    /// How one criterion's marks become one number.
    pub aggregation: Aggregation,
    /// What is done to marks before they are aggregated.
    pub normalisation: Normalisation,
    /// Decimals, half up, of each criterion's aggregate; `None`: not rounded.
    pub round_criterion: Option<u32>,
    /// Decimals, half up, after the weight; `None`: not rounded.
    pub round_weighted: Option<u32>,
    /// Decimals, half up, of the total; `None`: not rounded.
    pub round_total: Option<u32>,
    /// The ladder of tie-breaks, tried in order.
    pub ties: Vec<Rung>,
    /// A pitch with fewer counted scorecards than this is not ranked. Nor is one
    /// without any, so 0 means the same as 1.
    pub least_marks: u32,
}

/// The marks a judge may give: `min`, `min + step`, … up to `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The lowest mark.
    pub min: Decimal,
    /// The highest mark.
    pub max: Decimal,
    /// The distance between neighbouring marks.
    pub step: Decimal,
}

/// One thing that every judge marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its name in marks and rungs.
    pub id: String,
    /// What its aggregate is multiplied by; greater than zero.
    pub weight: Decimal,
}

/// How the marks that a pitch got on one criterion become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aggregation {
    /// The mean of all marks.
    Mean,
    /// The middle mark; of an even number, the mean of the middle two.
    Median,
    /// The mean of what is left without the `trim` lowest and `trim` highest.
    TrimmedMean {
        /// Marks left out at each end, at least 1.
        trim: u32,
    },
}

/// What is done to marks before they are aggregated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Normalisation {
    /// Nothing: marks count as they were given.
    None,
}

/// One step of the ladder that breaks a tie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rung {
    /// The higher aggregate on this criterion, rounded as the rules round it and
    /// without its weight.
    Criterion(String),
    /// More judges whose own highest total it is among all ranked pitches. A judge
    /// whose highest total is shared counts for each pitch that has it.
    MostFirstPlaces,
    /// The higher median of the judges' own totals.
    HigherMedian,
}

/// What is wrong with a rulebook's [`Rules`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// The list of criteria is empty.
    #[error("there are no criteria; name at least one")]
    NoCriteria,
    /// A criterion has an empty id.
    #[error("criterion {position} has no id; give it one")]
    CriterionUnnamed {
        /// Its place in the list, from 1.
        position: usize,
    },
    /// Two criteria have the same id.
    #[error("criterion “{0}” is listed twice; leave one out or rename it")]
    DuplicateCriterion(String),
    /// A weight is zero or less.
    #[error("criterion “{criterion}” has the weight {weight}; it must be greater than zero")]
    WeightNotPositive {
        /// The criterion's id.
        criterion: String,
        /// The weight it has.
        weight: Decimal,
    },
    /// The scale has no second mark.
    #[error("the scale runs from {min} to {max}; its max must be above its min")]
    ScaleEmpty {
        /// The lowest mark.
        min: Decimal,
        /// The highest mark.
        max: Decimal,
    },
    /// The step is zero or less.
    #[error("the scale's step is {0}; it must be greater than zero")]
    StepNotPositive(Decimal),
    /// Steps from the lowest mark miss the highest.
    #[error("steps of {step} from {min} don't reach {max}; change the scale's step or its ends")]
    StepDoesNotFit {
        /// The lowest mark.
        min: Decimal,
        /// The highest mark.
        max: Decimal,
        /// The step.
        step: Decimal,
    },
    /// A trimmed mean that leaves nothing out.
    #[error("the trimmed mean leaves out no mark; set trim to at least 1 or choose the mean")]
    TrimZero,
    /// A rounding asks for more than [`MOST_DECIMALS`].
    #[error("{field} asks for {decimals} decimals; the most is {MOST_DECIMALS}")]
    TooManyDecimals {
        /// The setting: `round_criterion`, `round_weighted` or `round_total`.
        field: &'static str,
        /// What it is set to.
        decimals: u32,
    },
    /// A rung names a criterion that isn't there.
    #[error("tie-break {position} names the criterion “{criterion}”, which is not listed")]
    UnknownCriterion {
        /// The rung's place on the ladder, from 1.
        position: usize,
        /// The criterion it names.
        criterion: String,
    },
    /// A rung appears again, where it can't decide anything any more.
    #[error("tie-break {position} repeats an earlier one; leave it out")]
    RepeatedRung {
        /// The rung's place on the ladder, from 1.
        position: usize,
    },
}

impl Rules {
    /// Whether the rules make sense.
    ///
    /// # Errors
    /// Everything that is wrong with them, not only the first.
    pub fn validate(&self) -> Result<(), Vec<RulesError>> {
        let mut errors = Vec::new();
        self.validate_criteria(&mut errors);
        self.validate_scale(&mut errors);
        self.validate_arithmetic(&mut errors);
        self.validate_ties(&mut errors);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Marks left out at each end.
    pub(crate) fn trim(&self) -> u32 {
        match self.aggregation {
            Aggregation::TrimmedMean { trim } => trim,
            Aggregation::Mean | Aggregation::Median => 0,
        }
    }

    /// The least number of decimals of a printed total.
    pub(crate) fn total_places(&self) -> u32 {
        let last_set = self.round_total.or(self.round_weighted).or(self.round_criterion);
        last_set.unwrap_or(0)
    }

    fn validate_criteria(&self, errors: &mut Vec<RulesError>) {
        if self.criteria.is_empty() {
            errors.push(RulesError::NoCriteria);
        }
        let mut seen = BTreeSet::new();
        for (index, Criterion { id, weight }) in self.criteria.iter().enumerate() {
            if id.is_empty() {
                errors.push(RulesError::CriterionUnnamed { position: index + 1 });
            } else if !seen.insert(id) {
                errors.push(RulesError::DuplicateCriterion(id.clone()));
            }
            if !weight.is_positive() {
                let (criterion, weight) = (id.clone(), *weight);
                errors.push(RulesError::WeightNotPositive { criterion, weight });
            }
        }
    }

    fn validate_scale(&self, errors: &mut Vec<RulesError>) {
        let Scale { min, max, step } = self.scale;
        if max <= min {
            errors.push(RulesError::ScaleEmpty { min, max });
        }
        if !step.is_positive() {
            errors.push(RulesError::StepNotPositive(step));
        } else if max > min && !self.scale.on_step(max) {
            errors.push(RulesError::StepDoesNotFit { min, max, step });
        }
    }

    fn validate_arithmetic(&self, errors: &mut Vec<RulesError>) {
        if matches!(self.aggregation, Aggregation::TrimmedMean { trim: 0 }) {
            errors.push(RulesError::TrimZero);
        }
        let roundings = [
            ("round_criterion", self.round_criterion),
            ("round_weighted", self.round_weighted),
            ("round_total", self.round_total),
        ];
        for (field, decimals) in roundings {
            if let Some(decimals) = decimals.filter(|decimals| *decimals > MOST_DECIMALS) {
                errors.push(RulesError::TooManyDecimals { field, decimals });
            }
        }
    }

    fn validate_ties(&self, errors: &mut Vec<RulesError>) {
        for (index, rung) in self.ties.iter().enumerate() {
            let position = index + 1;
            if self.ties[..index].contains(rung) {
                errors.push(RulesError::RepeatedRung { position });
            }
            if let Rung::Criterion(criterion) = rung
                && !self.criteria.iter().any(|listed| listed.id == *criterion)
            {
                let criterion = criterion.clone();
                errors.push(RulesError::UnknownCriterion { position, criterion });
            }
        }
    }
}

impl Scale {
    /// Whether a whole number of steps leads from `min` to `mark`. A step that is
    /// zero or less leads nowhere but to `min`.
    pub(crate) fn on_step(&self, mark: Decimal) -> bool {
        let distance = mark.units() - self.min.units();
        distance == 0 || (self.step.is_positive() && distance % self.step.units() == 0)
    }
}
