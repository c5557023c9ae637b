//! Words that people write: never empty, never endless, and sealed before
//! anything else is done with them.

use plaudit_chassis::Problem;
use plaudit_chassis::id::StreamId;
use plaudit_chassis::vault::{Opening, Subject};

/// The most characters of an explanation, a question or an answer.
const MOST_WORDS: usize = 5_000;
/// The most characters of a rulebook's prose.
const MOST_PROSE: usize = 200_000;

/// A title or the like: 1 to 200 characters.
pub fn title(field: &str, text: &str) -> Result<String, Problem> {
    between(field, text, crate::entry::MOST_NAME)
}

/// An explanation, a question or an answer: 1 to 5,000 characters.
pub fn words(field: &str, text: &str) -> Result<String, Problem> {
    between(field, text, MOST_WORDS)
}

/// A rulebook's prose: 1 to 200,000 characters.
pub fn prose(text: &str) -> Result<String, Problem> {
    between("prose", text, MOST_PROSE)
}

fn between(field: &str, text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if (1..=most).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(Problem::field(field, format!("Write 1 to {most} characters.")))
    }
}

/// Seals optional words, if there are any.
pub fn seal_words(
    stream: &StreamId,
    field: &'static str,
    subject: impl Into<Subject>,
    given: Option<&String>,
) -> Result<Option<Opening>, Problem> {
    let given = given.map(|text| words("words", text)).transpose()?;
    Ok(given.map(|text| Opening::seal(stream, field, subject, text)))
}
