//! Free text as it comes in: it goes into seals, never into events.

use plaudit_chassis::Problem;

/// The most characters that the nature of a connection may have.
pub const NATURE: usize = 2_000;
/// The most characters that listed interests may have.
pub const INTERESTS: usize = 10_000;

/// The words, if there are any.
///
/// # Errors
/// 422 if there are too many of them.
pub fn words(field: impl Into<String>, text: Option<&str>, most: usize) -> Result<Option<&str>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    match text.map(|text| text.chars().count()) {
        Some(many) if many > most => {
            Err(Problem::field(field, format!("This has {many} characters; at most {most} are taken.")))
        }
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_space_is_nothing() {
        for text in [None, Some(""), Some(" \n\t")] {
            assert_eq!(words("nature", text, 3).ok(), Some(None));
        }
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(words("nature", Some(" äöü "), 3).ok(), Some(Some("äöü")));
        assert!(words("nature", Some("äöüß"), 3).is_err());
    }
}
