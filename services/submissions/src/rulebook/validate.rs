//! Whether a rulebook makes sense.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use plaudit_chassis::FieldError;
use plaudit_chassis::clock::from_proto;
use plaudit_proto::v1::{CallKind, MarksVisibility, Rulebook};

use super::slug::{check as check_ids, wrong};
use super::{Ending, judging, prizes};

/// Longer than an hour is no grace but another deadline.
const MOST_GRACE_SECONDS: u32 = 3_600;
/// The most gate questions, form questions, rounds, prizes or languages.
const MOST_OF_A_KIND: usize = 100;
/// The most characters an answer may be allowed.
const MOST_CHARACTERS: u32 = 20_000;
/// A rulebook is part of an event, and no event exceeds 60 KB.
const MOST_BYTES: usize = 40_000;
/// The most files that a rulebook may let come with a pitch.
const MOST_ATTACHMENTS: u32 = 5;

/// Everything that is wrong with a rulebook at the time it is published, not
/// only the first.
pub fn validate(rulebook: &Rulebook, now: Timestamp) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    call(rulebook, now, &mut errors);
    languages(rulebook, &mut errors);
    gate_and_form(rulebook, &mut errors);
    judging::check(&rulebook.rounds, &mut errors);
    prizes::check(rulebook, &mut errors);
    afterwards(rulebook, &mut errors);
    size(rulebook, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn call(rulebook: &Rulebook, now: Timestamp, errors: &mut Vec<FieldError>) {
    if rulebook.call() == CallKind::Unspecified {
        errors.push(wrong("rulebook.call", "Say whether the call is open or invited."));
    }
    if rulebook.deadline.is_none() {
        errors.push(wrong("rulebook.deadline", "Name the instant at which the call ends."));
    } else if Ending::of(rulebook).deadline <= now {
        errors.push(wrong("rulebook.deadline", "The deadline must lie in the future."));
    }
    if rulebook.grace_seconds > MOST_GRACE_SECONDS {
        let most = format!("The most grace is {MOST_GRACE_SECONDS} seconds.");
        errors.push(wrong("rulebook.grace_seconds", most));
    }
    if TimeZone::get(&rulebook.time_zone).is_err() {
        let known = "This is no time zone that we know: name one such as Europe/London.";
        errors.push(wrong("rulebook.time_zone", known));
    }
}

fn languages(rulebook: &Rulebook, errors: &mut Vec<FieldError>) {
    if rulebook.languages.is_empty() {
        errors.push(wrong("rulebook.languages", "Name at least one language, such as en-GB."));
    }
    for (at, language) in rulebook.languages.iter().enumerate() {
        let field = format!("rulebook.languages[{at}]");
        if !is_language(language) {
            errors.push(wrong(field, "Write a language such as en or en-GB."));
        } else if rulebook.languages[..at].iter().any(|before| before.eq_ignore_ascii_case(language)) {
            errors.push(wrong(field, "This language is listed twice."));
        }
    }
}

/// The shape of BCP 47: a language of 2 to 8 letters, then subtags of 1 to 8
/// letters and digits.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=8).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn gate_and_form(rulebook: &Rulebook, errors: &mut Vec<FieldError>) {
    let lists = [
        ("rulebook.languages", rulebook.languages.len()),
        ("rulebook.gate", rulebook.gate.len()),
        ("rulebook.form", rulebook.form.len()),
        ("rulebook.rounds", rulebook.rounds.len()),
        ("rulebook.prizes", rulebook.prizes.len()),
    ];
    for (list, length) in lists {
        if length > MOST_OF_A_KIND {
            errors.push(wrong(list, format!("{MOST_OF_A_KIND} is the most.")));
        }
    }
    check_ids("rulebook.gate", rulebook.gate.iter().map(|question| question.id.as_str()), errors);
    check_ids("rulebook.form", rulebook.form.iter().map(|question| question.id.as_str()), errors);
    if rulebook.most_attachments > MOST_ATTACHMENTS {
        let most = format!("At most {MOST_ATTACHMENTS} files may come with a pitch.");
        errors.push(wrong("rulebook.most_attachments", most));
    }
    for (at, question) in rulebook.form.iter().enumerate() {
        if !(1..=MOST_CHARACTERS).contains(&question.most_characters) {
            let field = format!("rulebook.form[{at}].most_characters");
            errors.push(wrong(field, format!("An answer may have 1 to {MOST_CHARACTERS} characters.")));
        }
    }
}

fn afterwards(rulebook: &Rulebook, errors: &mut Vec<FieldError>) {
    if rulebook.marks() == MarksVisibility::Unspecified {
        errors.push(wrong("rulebook.marks", "Say who sees marks: the public, or each entrant their own."));
    }
    if rulebook.embargo.is_some() && from_proto(&rulebook.embargo) <= Ending::of(rulebook).deadline {
        errors.push(wrong("rulebook.embargo", "The embargo must end after the deadline."));
    }
    if !(1..=365).contains(&rulebook.days_to_accept) {
        errors.push(wrong("rulebook.days_to_accept", "Give a winner 1 to 365 days to accept."));
    }
    if !(1..=3_650).contains(&rulebook.days_kept) {
        errors.push(wrong("rulebook.days_kept", "Keep content for 1 to 3650 days after the conclusion."));
    }
}

fn size(rulebook: &Rulebook, errors: &mut Vec<FieldError>) {
    let bytes = serde_json::to_vec(rulebook).map_or(0, |json| json.len());
    if bytes > MOST_BYTES {
        errors.push(wrong("rulebook", format!("The rulebook has {bytes} bytes; the most is {MOST_BYTES}.")));
    }
}
