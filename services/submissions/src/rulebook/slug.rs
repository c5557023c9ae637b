//! Ids that a rulebook gives to its parts.

use std::collections::BTreeSet;

use plaudit_chassis::FieldError;

/// Lower-case letters, digits and hyphens, 1 to 60.
fn is_slug(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Each id of a list well formed and used once. `list` is the list's path.
pub fn check<'a>(list: &str, ids: impl Iterator<Item = &'a str>, errors: &mut Vec<FieldError>) {
    let mut seen = BTreeSet::new();
    for (at, id) in ids.enumerate() {
        let field = format!("{list}[{at}].id");
        if !is_slug(id) {
            errors.push(wrong(field, "Use 1 to 60 lower-case letters, digits and hyphens."));
        } else if !seen.insert(id) {
            errors.push(wrong(field, format!("'{id}' is used twice: give each its own.")));
        }
    }
}

/// One field, and what is wrong with it.
pub fn wrong(field: impl Into<String>, detail: impl Into<String>) -> FieldError {
    FieldError { field: field.into(), detail: detail.into() }
}
