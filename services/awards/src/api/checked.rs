//! What people type, checked before it is sealed.

use plaudit_chassis::Problem;

/// A text that says something and is not too long.
pub fn text(field: &str, typed: &str, most: usize) -> Result<String, Problem> {
    let trimmed = typed.trim();
    let long = trimmed.chars().count();
    if trimmed.is_empty() {
        return Err(Problem::field(field, "This may not be empty."));
    }
    if long > most {
        return Err(Problem::field(field, format!("This has {long} characters; at most {most} are taken.")));
    }
    Ok(trimmed.to_owned())
}

/// An account number: 6 to 10 digits.
pub fn account(typed: &str) -> Result<String, Problem> {
    let digits = digits(typed);
    match digits.as_deref().map(str::len) {
        Some(6..=10) => Ok(digits.unwrap_or_default()),
        _ => Err(Problem::field("account", "An account number has 6 to 10 digits.")),
    }
}

/// A sort code: six digits, written 12-34-56.
pub fn sort_code(typed: &str) -> Result<String, Problem> {
    match digits(typed).filter(|digits| digits.len() == 6) {
        Some(digits) => Ok(format!("{}-{}-{}", &digits[..2], &digits[2..4], &digits[4..])),
        None => Err(Problem::field("sort_code", "A sort code has six digits, such as 12-34-56.")),
    }
}

/// The digits, if there is nothing else but spaces and hyphens.
fn digits(typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    plain.chars().all(|letter| letter.is_ascii_digit()).then_some(plain)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn accounts_and_sort_codes_are_digits() {
        assert_eq!(account(" 1234-5678 ").unwrap(), "12345678");
        assert_eq!(sort_code("12 34 56").unwrap(), "12-34-56");
        for wrong in ["", "12345", "12345678901", "1234567x", "１２３４５６"] {
            assert!(account(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "12-34-5", "12-34-567", "ab-cd-ef"] {
            assert!(sort_code(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_text_says_something_within_its_length() {
        assert_eq!(text("what", "  three hours ", 11).unwrap(), "three hours");
        assert!(text("what", " ", 10).is_err());
        assert!(text("what", "three hours", 10).is_err());
    }
}
