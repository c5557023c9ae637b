//! Whether the rounds can be judged as the rulebook says. What the tally
//! itself needs, the tally checks.

use plaudit_chassis::FieldError;
use plaudit_proto::v1::{Aggregation, Normalisation, Round, RoundEnd, RoundKind, Rung, Scale, Tally, rung};
use plaudit_tally as tally;
use plaudit_tally::{Decimal, RulesError};

use super::slug::{check as check_ids, wrong};

/// The most criteria or tie-breaks of a round.
const MOST_OF_A_KIND: usize = 100;

pub fn check(rounds: &[Round], errors: &mut Vec<FieldError>) {
    if rounds.is_empty() {
        errors.push(wrong("rulebook.rounds", "Name at least one round."));
    }
    check_ids("rulebook.rounds", rounds.iter().map(|round| round.id.as_str()), errors);
    for (at, round) in rounds.iter().enumerate() {
        let field = format!("rulebook.rounds[{at}]");
        shape(&field, round, errors);
        match &round.tally {
            Some(tally) => {
                enough_judges(&field, round, tally, errors);
                marks(&format!("{field}.tally"), tally, errors);
            }
            None => errors.push(wrong(format!("{field}.tally"), "Say how marks become a ranking.")),
        }
    }
}

fn shape(field: &str, round: &Round, errors: &mut Vec<FieldError>) {
    if round.kind() == RoundKind::Unspecified {
        errors.push(wrong(format!("{field}.kind"), "Say whether it is a desk, an interview or a den."));
    }
    if round.end() == RoundEnd::Unspecified {
        errors.push(wrong(format!("{field}.end"), "Say how the round ends."));
    }
    if round.anonymous && round.kind() != RoundKind::Desk {
        errors.push(wrong(
            format!("{field}.anonymous"),
            "Only a desk round can be anonymous: in others judges meet the team.",
        ));
    }
    if round.quorum == 0 {
        errors.push(wrong(format!("{field}.quorum"), "At least one judge must have accepted."));
    } else if round.quorum < round.judges_per_pitch {
        errors.push(wrong(
            format!("{field}.quorum"),
            "The quorum can't be less than the judges that each pitch gets.",
        ));
    }
}

/// With so many judges a pitch, each pitch can be ranked. Where every judge
/// marks every pitch, only the round itself knows how many there are.
fn enough_judges(field: &str, round: &Round, tally: &Tally, errors: &mut Vec<FieldError>) {
    let judges = round.judges_per_pitch;
    if judges == 0 {
        return;
    }
    if tally.least_marks > judges {
        errors.push(wrong(
            format!("{field}.tally.least_marks"),
            format!(
                "A pitch gets {judges} judges: with {} marks needed none could be ranked.",
                tally.least_marks
            ),
        ));
    }
    if tally.trim.saturating_mul(2) >= judges {
        errors
            .push(wrong(format!("{field}.tally.trim"), format!("Of {judges} marks nothing would be left.")));
    }
}

fn marks(field: &str, tally: &Tally, errors: &mut Vec<FieldError>) {
    check_ids(&format!("{field}.criteria"), tally.criteria.iter().map(|one| one.id.as_str()), errors);
    for (list, length) in [("criteria", tally.criteria.len()), ("ties", tally.ties.len())] {
        if length > MOST_OF_A_KIND {
            errors.push(wrong(format!("{field}.{list}"), format!("{MOST_OF_A_KIND} is the most.")));
        }
    }
    let before = errors.len();
    let rules = rules(field, tally, errors);
    // Where a part can't be read, what it means with the others can't be said.
    if let Some(rules) = rules
        && errors.len() == before
    {
        let faults = rules.validate().err().unwrap_or_default();
        errors.extend(faults.iter().map(|fault| at_field(field, fault, tally)));
    }
}

/// The tally's own rules, as far as each part can be read.
fn rules(field: &str, tally: &Tally, errors: &mut Vec<FieldError>) -> Option<tally::Rules> {
    let scale = scale(field, tally.scale.as_ref(), errors);
    let mut criteria = Vec::with_capacity(tally.criteria.len());
    for (at, criterion) in tally.criteria.iter().enumerate() {
        let weight = decimal(format!("{field}.criteria[{at}].weight"), &criterion.weight, errors);
        criteria.extend(weight.map(|weight| tally::Criterion { id: criterion.id.clone(), weight }));
    }
    let aggregation = aggregation(field, tally, errors);
    if tally.normalisation() != Normalisation::None {
        errors.push(wrong(format!("{field}.normalisation"), "Say that marks are not normalised: none."));
    }
    let mut ties = Vec::with_capacity(tally.ties.len());
    for (at, rung) in tally.ties.iter().enumerate() {
        match read_rung(rung) {
            Some(rung) => ties.push(rung),
            None => errors.push(wrong(format!("{field}.ties[{at}]"), "Say what this tie-break compares.")),
        }
    }
    Some(tally::Rules {
        scale: scale?,
        criteria,
        aggregation: aggregation?,
        normalisation: tally::Normalisation::None,
        round_criterion: tally.round_criterion,
        round_weighted: tally.round_weighted,
        round_total: tally.round_total,
        ties,
        least_marks: tally.least_marks,
    })
}

fn scale(field: &str, scale: Option<&Scale>, errors: &mut Vec<FieldError>) -> Option<tally::Scale> {
    let Some(scale) = scale else {
        errors.push(wrong(format!("{field}.scale"), "Say which marks a judge may give."));
        return None;
    };
    let min = decimal(format!("{field}.scale.min"), &scale.min, errors);
    let max = decimal(format!("{field}.scale.max"), &scale.max, errors);
    let step = decimal(format!("{field}.scale.step"), &scale.step, errors);
    Some(tally::Scale { min: min?, max: max?, step: step? })
}

fn decimal(field: String, text: &str, errors: &mut Vec<FieldError>) -> Option<Decimal> {
    let read: Result<Decimal, _> = text.parse();
    read.map_err(|error: tally::ParseDecimalError| errors.push(wrong(field, error.to_string()))).ok()
}

fn aggregation(field: &str, tally: &Tally, errors: &mut Vec<FieldError>) -> Option<tally::Aggregation> {
    if tally.trim > 0 && tally.aggregation() != Aggregation::TrimmedMean {
        errors.push(wrong(format!("{field}.trim"), "Only a trimmed mean leaves marks out."));
    }
    match tally.aggregation() {
        Aggregation::Mean => Some(tally::Aggregation::Mean),
        Aggregation::Median => Some(tally::Aggregation::Median),
        Aggregation::TrimmedMean => Some(tally::Aggregation::TrimmedMean { trim: tally.trim }),
        Aggregation::Unspecified => {
            errors.push(wrong(format!("{field}.aggregation"), "Say how marks become one number."));
            None
        }
    }
}

fn read_rung(rung: &Rung) -> Option<tally::Rung> {
    match rung.rung.as_ref()? {
        rung::Rung::Criterion(id) => Some(tally::Rung::Criterion(id.clone())),
        rung::Rung::MostFirstPlaces(asked) => asked.then_some(tally::Rung::MostFirstPlaces),
        rung::Rung::HigherMedian(asked) => asked.then_some(tally::Rung::HigherMedian),
    }
}

/// The tally's sentence, at the field that it is about.
fn at_field(field: &str, fault: &RulesError, tally: &Tally) -> FieldError {
    let criterion = |id: &str| tally.criteria.iter().position(|one| one.id == id).unwrap_or_default();
    let part = match fault {
        RulesError::NoCriteria | RulesError::DuplicateCriterion(_) => "criteria".to_owned(),
        RulesError::CriterionUnnamed { position } => format!("criteria[{}].id", position - 1),
        RulesError::WeightNotPositive { criterion: id, .. } => {
            format!("criteria[{}].weight", criterion(id))
        }
        RulesError::ScaleEmpty { .. } => "scale.max".to_owned(),
        RulesError::StepNotPositive(_) | RulesError::StepDoesNotFit { .. } => "scale.step".to_owned(),
        RulesError::TrimZero => "trim".to_owned(),
        RulesError::TooManyDecimals { field, .. } => (*field).to_owned(),
        RulesError::UnknownCriterion { position, .. } | RulesError::RepeatedRung { position } => {
            format!("ties[{}]", position - 1)
        }
        _ => return wrong(field, fault.to_string()),
    };
    wrong(format!("{field}.{part}"), fault.to_string())
}
