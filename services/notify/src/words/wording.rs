use plaudit_chassis::{FieldError, Problem};
use serde::{Deserialize, Serialize};

use crate::letter::Kind;

/// What a letter says, with placeholders such as `{programme}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// One line, at most 200 characters.
    pub subject: String,
    /// At most 5,000 characters; an empty line begins a paragraph.
    pub text: String,
}

const LONGEST_SUBJECT: usize = 200;
const LONGEST_TEXT: usize = 5_000;

/// What is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Placeholder {
    /// How the reader is called.
    Name,
    /// The programme's title.
    Programme,
    /// The page where it goes on.
    Link,
    /// The instant, in the programme's time.
    When,
    /// A version, or how many.
    Number,
    /// A role, an office, an answer.
    What,
    /// The fingerprint of what came in.
    Fingerprint,
}

impl Placeholder {
    const ALL: [Self; 7] =
        [Self::Name, Self::Programme, Self::Link, Self::When, Self::Number, Self::What, Self::Fingerprint];

    /// Between the braces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Programme => "programme",
            Self::Link => "link",
            Self::When => "when",
            Self::Number => "number",
            Self::What => "what",
            Self::Fingerprint => "fingerprint",
        }
    }

    /// Those that organisers may use in this kind of letter.
    pub fn of(kind: Kind) -> Vec<Self> {
        let own = match kind {
            Kind::ReminderDay | Kind::ReminderHour | Kind::DeadlineMoved => Some(Self::When),
            Kind::Nudge => Some(Self::Number),
            _ => None,
        };
        [Self::Name, Self::Programme, Self::Link].into_iter().chain(own).collect()
    }
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// What stands between two braces.
    Named(&'a str),
}

/// Cuts a text at its placeholders: lower-case words between braces. Other
/// braces are text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest, mut from) = (Vec::new(), text, 0);
    while let Some(open) = rest[from..].find('{').map(|at| at + from) {
        let name = rest[open + 1..].split('}').next().unwrap_or_default();
        let closed = rest[open + 1 + name.len()..].starts_with('}');
        let is_word = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'-');
        if closed && is_word {
            pieces.push(Piece::Text(&rest[..open]));
            pieces.push(Piece::Named(name));
            rest = &rest[open + name.len() + 2..];
            from = 0;
        } else {
            from = open + 1;
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

impl Wording {
    /// As it is kept, or every field that is wrong.
    pub fn checked(self, kind: Kind) -> Result<Self, Problem> {
        let wording = Self {
            subject: self.subject.trim().to_owned(),
            text: self.text.replace("\r\n", "\n").trim().to_owned(),
        };
        let mut errors = Vec::new();
        fault(&mut errors, "subject", &wording.subject, LONGEST_SUBJECT, |letter| letter.is_control());
        fault(&mut errors, "text", &wording.text, LONGEST_TEXT, |letter| {
            letter.is_control() && letter != '\n'
        });
        for (field, text) in [("subject", &wording.subject), ("text", &wording.text)] {
            errors.extend(unknown(kind, text).map(|detail| FieldError { field: field.to_owned(), detail }));
        }
        match errors.first() {
            None => Ok(wording),
            Some(first) => Err(Problem::field(&first.field, &first.detail).with(errors)),
        }
    }
}

fn fault(errors: &mut Vec<FieldError>, field: &str, text: &str, most: usize, wrong: impl Fn(char) -> bool) {
    if !(1..=most).contains(&text.chars().count()) {
        errors.push(FieldError { field: field.to_owned(), detail: format!("Write 1 to {most} characters.") });
    }
    if text.chars().any(wrong) {
        let detail = "Leave out control characters.".to_owned();
        errors.push(FieldError { field: field.to_owned(), detail });
    }
}

/// Says which placeholder there is none of, and which there are.
fn unknown(kind: Kind, text: &str) -> Option<String> {
    let known = Placeholder::of(kind);
    let found = pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Named(name) if known.iter().all(|known| known.name() != name) => Some(name.to_owned()),
        _ => None,
    });
    let there: Vec<String> = known.iter().map(|known| format!("{{{}}}", known.name())).collect();
    found.map(|name| format!("There is no {{{name}}} in this letter. There are {}.", there.join(", ")))
}

/// Fills in what is known; `None` where a placeholder has nothing to say.
pub fn filled(text: &str, value: impl Fn(Placeholder) -> String) -> String {
    let pieces = pieces(text).into_iter().map(|piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Named(name) => {
            let known = Placeholder::ALL.into_iter().find(|known| known.name() == name);
            known.map_or_else(|| format!("{{{name}}}"), &value)
        }
    });
    pieces.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn checked(subject: &str, text: &str) -> Result<Wording, Problem> {
        Wording { subject: subject.to_owned(), text: text.to_owned() }.checked(Kind::Nudge)
    }

    #[test]
    fn a_placeholder_is_a_word_between_braces_and_other_braces_are_text() {
        assert_eq!(pieces("a{name}b"), [Piece::Text("a"), Piece::Named("name"), Piece::Text("b")]);
        for text in ["{", "}", "{}", "{ name }", "{NAME}", "{name", "{{", "é{"] {
            assert_eq!(pieces(text), [Piece::Text(text)]);
        }
        assert_eq!(filled("{{name}}", |_| "Ada".to_owned()), "{Ada}");
    }

    #[test]
    fn an_unknown_placeholder_is_named_with_its_field() {
        let problem = checked("{programme}", "{marks}").unwrap_err();
        assert!(problem.detail().starts_with("text: There is no {marks} in this letter."), "{problem}");
        assert!(checked("{deadline}", "x").unwrap_err().detail().starts_with("subject: "));
        assert!(checked("{programme}: {number}", "Dear {name},\r\n\n{link}").is_ok());
    }

    #[test]
    fn a_wording_has_both_and_a_subject_one_line() {
        for (subject, text) in [("", "x"), ("x", " "), ("a\nBcc: b", "x"), ("x", "a\0")] {
            assert!(checked(subject, text).is_err(), "{subject:?} {text:?}");
        }
        assert!(checked(&"x".repeat(201), "x").is_err());
        assert!(checked("x", &"é".repeat(5_000)).is_ok());
    }
}
