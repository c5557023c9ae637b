//! Reasons as the API says them: the published list's names, in lower case.

use plaudit_chassis::Problem;
use plaudit_proto::v1::Reason;

/// Why an award may depart from the ranking.
pub const FOR_DEPARTING: &[Reason] = &[
    Reason::PanelDeparture,
    Reason::IneligibleWinner,
    Reason::ConditionNotMet,
    Reason::WithdrawnByEntrant,
    Reason::PitchLeft,
    Reason::RulesBroken,
];

/// Why an award may be refused or withdrawn.
pub const FOR_TAKING_BACK: &[Reason] = &[
    Reason::PanelDeparture,
    Reason::IneligibleWinner,
    Reason::ConditionNotMet,
    Reason::WithdrawnByEntrant,
    Reason::NotAnswered,
    Reason::PitchLeft,
    Reason::RulesBroken,
    Reason::MadeInError,
    Reason::ConflictOfInterest,
];

/// Why a payment may fail.
pub const FOR_FAILING: &[Reason] =
    &[Reason::BankRefused, Reason::DetailsWrong, Reason::ConditionNotMet, Reason::MadeInError];

/// The reason that a field names, if it is one of these.
pub fn parse(field: &str, text: &str, allowed: &[Reason]) -> Result<Reason, Problem> {
    let named = allowed.iter().find(|reason| word(i32::from(**reason)).as_deref() == Some(text));
    named.copied().ok_or_else(|| {
        let words: Vec<String> = allowed.iter().filter_map(|reason| word(i32::from(*reason))).collect();
        Problem::field(field, format!("'{text}' is no reason here; it is one of {}.", words.join(", ")))
    })
}

/// A contract's reason in lower case; `None` where it has none.
pub fn word(reason: i32) -> Option<String> {
    let reason = Reason::try_from(reason).ok()?;
    let name = reason.as_str_name().strip_prefix("REASON_")?;
    (reason != Reason::Unspecified).then(|| name.to_lowercase())
}
