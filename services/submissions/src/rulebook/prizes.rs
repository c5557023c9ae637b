//! Whether the prizes fit the pot.

use plaudit_chassis::FieldError;
use plaudit_proto::v1::{Prize, Rulebook};

use super::slug::{check as check_ids, wrong};

pub fn check(rulebook: &Rulebook, errors: &mut Vec<FieldError>) {
    let Some(pot) = &rulebook.pot else {
        errors.push(wrong("rulebook.pot", "Say what all awards together may not exceed."));
        return;
    };
    if pot.minor < 0 {
        errors.push(wrong("rulebook.pot.minor", "The pot can't be less than nothing."));
    }
    if !is_currency(&pot.currency) {
        errors.push(wrong("rulebook.pot.currency", "Name a currency by its three capitals, such as GBP."));
    }
    if rulebook.prizes.is_empty() {
        errors.push(wrong("rulebook.prizes", "Name at least one prize."));
    }
    check_ids("rulebook.prizes", rulebook.prizes.iter().map(|prize| prize.id.as_str()), errors);
    let mut sum: i64 = 0;
    for (at, prize) in rulebook.prizes.iter().enumerate() {
        sum = sum.saturating_add(one(at, prize, &pot.currency, errors));
    }
    if sum > pot.minor {
        errors.push(wrong(
            "rulebook.prizes",
            format!("The prizes come to {sum}; the pot holds {}.", pot.minor),
        ));
    }
}

/// Checks a prize, and answers what it takes from the pot.
fn one(at: usize, prize: &Prize, currency: &str, errors: &mut Vec<FieldError>) -> i64 {
    let field = format!("rulebook.prizes[{at}]");
    if prize.rank == 0 {
        errors.push(wrong(format!("{field}.rank"), "Ranks start at 1."));
    }
    let minor = prize.amount.as_ref().map_or(0, |amount| amount.minor);
    if minor < 0 {
        errors.push(wrong(format!("{field}.amount.minor"), "A prize can't be less than nothing."));
    }
    if prize.amount.as_ref().is_some_and(|amount| amount.currency != currency) {
        errors.push(wrong(format!("{field}.amount.currency"), "A prize is in the currency of the pot."));
    }
    minor.max(0)
}

/// The shape of ISO 4217.
fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}
