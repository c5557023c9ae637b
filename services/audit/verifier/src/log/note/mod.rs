//! A text with signatures under it, by <https://c2sp.org/signed-note>.
//!
//! ```text
//! any text, which may have blank lines
//!
//! — <key name> <base64 of key id and signature>
//! ```
//!
//! The text runs to the newline before the last blank line, and that newline is part of what is signed. A
//! [`Note`] that was parsed has been read, not believed: its signatures mean nothing until a [`VerifierKey`]
//! has checked them.

mod error;
mod key;
#[cfg(test)]
mod tests;

use std::fmt;

pub use error::{KeyError, NoteError, SignatureError};
pub use key::{KeyId, KeyKind, Signer, VerifierKey};

use super::encoding::{from_base64, to_base64};

/// How many signatures a note may have. The specification asks for 16 at least.
pub const MAX_SIGNATURES: usize = 64;

/// What a signature line starts with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// A text and its signature lines, at least one. Its `Display` is the note, byte for byte as it was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

impl Note {
    /// Puts signatures under a text. The text must end in a newline and be without other control characters.
    pub fn new(text: &str, signatures: Vec<SignatureLine>) -> Result<Self, NoteError> {
        check_text(text)?;
        check_count(signatures.len())?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Reads a note; nothing is believed yet.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let note = str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        check_characters(note)?;
        // The last blank line: the newline before it belongs to the text.
        let blank = note.rfind("\n\n").ok_or(NoteError::NoBlankLine)?;
        let (text, signatures) = (&note[..=blank], &note[blank + 2..]);
        Ok(Self { text: text.to_owned(), signatures: signature_lines(signatures)? })
    }

    /// What is signed, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, whoever they are by.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Puts one more signature under the text.
    pub fn add(&mut self, line: SignatureLine) -> Result<(), NoteError> {
        check_count(self.signatures.len() + 1)?;
        self.signatures.push(line);
        Ok(())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// One signature under a note: whose it says it is, and the signature's bytes, of whatever kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    name: String,
    key_id: KeyId,
    signature: Vec<u8>,
}

impl SignatureLine {
    /// Reads a line, without its newline.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let malformed = || NoteError::Line { line: line.to_owned() };
        let (name, payload) =
            line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or_else(malformed)?;
        let payload = from_base64(payload).ok_or_else(malformed)?;
        let (id, signature) = payload.split_first_chunk().ok_or_else(malformed)?;
        if signature.is_empty() || !is_key_name(name) {
            return Err(malformed());
        }
        Ok(Self { name: name.to_owned(), key_id: KeyId(*id), signature: signature.to_vec() })
    }

    /// The name of the key that is said to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key that is said to have signed.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The signature, without the key id before it.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{DASH}{} {}", self.name, to_base64([&self.key_id.0, self.signature.as_slice()].concat()))
    }
}

/// Reads the signature lines of a note, or those that a witness answers with: one or more, each ended by a
/// newline.
pub fn signature_lines(lines: &str) -> Result<Vec<SignatureLine>, NoteError> {
    let lines = lines.strip_suffix('\n').ok_or(NoteError::Unended)?;
    check_count(lines.split('\n').count())?;
    lines.split('\n').map(SignatureLine::parse).collect()
}

/// Not empty, no Unicode space, no plus, and, as nowhere in a note, no control character.
fn is_key_name(name: &str) -> bool {
    let forbidden = |character: char| character == '+' || character < ' ' || character.is_whitespace();
    !name.is_empty() && !name.contains(forbidden)
}

/// A text is signed if it can be a note's.
fn check_text(text: &str) -> Result<(), NoteError> {
    check_characters(text)?;
    if text.ends_with('\n') { Ok(()) } else { Err(NoteError::Unended) }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    match text.chars().find(|character| *character < ' ' && *character != '\n') {
        Some(character) => Err(NoteError::ControlCharacter { character }),
        None => Ok(()),
    }
}

fn check_count(found: usize) -> Result<(), NoteError> {
    match found {
        0 => Err(NoteError::Unsigned),
        1..=MAX_SIGNATURES => Ok(()),
        _ => Err(NoteError::TooManySignatures { found }),
    }
}
