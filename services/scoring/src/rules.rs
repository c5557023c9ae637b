//! A rulebook's tally settings, as the contracts say them and as tally takes
//! them.

use plaudit_proto::v1::{self as proto, rung};
use plaudit_tally::{Aggregation, Criterion, Decimal, Normalisation, Rules, Rung, Scale};

/// Settings that say no rules.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoRules {
    /// A part is missing or unreadable.
    #[error("{0} is missing or can't be read")]
    Unreadable(&'static str),
    /// They are readable and make no sense.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Senseless(Vec<plaudit_tally::RulesError>),
}

/// The rules that a rulebook's settings say.
///
/// # Errors
/// If a part is missing or the rules make no sense.
pub fn rules(tally: &proto::Tally) -> Result<Rules, NoRules> {
    let rules = Rules {
        scale: scale(tally.scale.as_ref())?,
        criteria: tally.criteria.iter().map(criterion).collect::<Result<_, _>>()?,
        aggregation: match tally.aggregation() {
            proto::Aggregation::Mean => Aggregation::Mean,
            proto::Aggregation::Median => Aggregation::Median,
            proto::Aggregation::TrimmedMean => Aggregation::TrimmedMean { trim: tally.trim },
            proto::Aggregation::Unspecified => return Err(NoRules::Unreadable("the aggregation")),
        },
        normalisation: match tally.normalisation() {
            proto::Normalisation::None | proto::Normalisation::Unspecified => Normalisation::None,
        },
        round_criterion: tally.round_criterion,
        round_weighted: tally.round_weighted,
        round_total: tally.round_total,
        ties: tally.ties.iter().map(rung_of).collect::<Result<_, _>>()?,
        least_marks: tally.least_marks,
    };
    rules.validate().map_err(NoRules::Senseless)?;
    Ok(rules)
}

fn decimal(text: &str, what: &'static str) -> Result<Decimal, NoRules> {
    text.parse().map_err(|_| NoRules::Unreadable(what))
}

fn scale(scale: Option<&proto::Scale>) -> Result<Scale, NoRules> {
    let scale = scale.ok_or(NoRules::Unreadable("the scale"))?;
    Ok(Scale {
        min: decimal(&scale.min, "the scale's lowest mark")?,
        max: decimal(&scale.max, "the scale's highest mark")?,
        step: decimal(&scale.step, "the scale's step")?,
    })
}

fn criterion(criterion: &proto::Criterion) -> Result<Criterion, NoRules> {
    let weight = decimal(&criterion.weight, "a criterion's weight")?;
    Ok(Criterion { id: criterion.id.clone(), weight })
}

fn rung_of(rung: &proto::Rung) -> Result<Rung, NoRules> {
    match &rung.rung {
        Some(rung::Rung::Criterion(criterion)) => Ok(Rung::Criterion(criterion.clone())),
        Some(rung::Rung::MostFirstPlaces(_)) => Ok(Rung::MostFirstPlaces),
        Some(rung::Rung::HigherMedian(_)) => Ok(Rung::HigherMedian),
        None => Err(NoRules::Unreadable("a tie-break")),
    }
}
