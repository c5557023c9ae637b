//! What a log says of itself: its origin, its size and its root, by <https://c2sp.org/tlog-checkpoint>.
//!
//! ```text
//! example.com/log
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! ```
//!
//! These three lines, and any extension lines after them, are the text of a [`Note`] that the log signs and
//! witnesses cosign. An extension line is signed, but nobody checks what it says.

use std::fmt;

use super::{
    encoding::{decimal, hash, to_base64},
    note::{Note, SignatureError, Signer, VerifierKey},
    tree::Hash,
};

/// A log at one size. Its `Display` is the note's text, byte for byte as it was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// Why something isn't a checkpoint, or isn't the log's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Origin, size and root are on a line each.
    #[error("a checkpoint has three lines at least, each ended by a newline: origin, size and root")]
    Lines,
    /// A line can't hold this.
    #[error("the line \"{line}\" of the checkpoint is empty or has a control character")]
    Line { line: String },
    /// Sizes are decimals without leading zeros, below 2^64.
    #[error("\"{size}\" isn't the size of a tree, a decimal without leading zeros")]
    Size { size: String },
    /// Roots are 32 bytes in base64.
    #[error("\"{root}\" isn't a root, 32 bytes in base64")]
    Root { root: String },
    /// A log's key is named like its origin.
    #[error("the checkpoint is of {origin}, but the key is {key}'s")]
    Origin { origin: String, key: String },
    /// The key hasn't signed.
    #[error("the log {key} hasn't signed the checkpoint")]
    Unsigned { key: String },
    /// A signature couldn't be made, or is wrong.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Checkpoint {
    /// A checkpoint without extension lines. The origin is one line that isn't empty.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        check_line(origin)?;
        Ok(Self { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// The same checkpoint with one more extension line, which isn't empty.
    pub fn with_extension(mut self, line: &str) -> Result<Self, CheckpointError> {
        check_line(line)?;
        self.extensions.push(line.to_owned());
        Ok(self)
    }

    /// Reads a note's text; nothing is believed yet.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Lines);
        };
        let size = decimal(size).ok_or_else(|| CheckpointError::Size { size: size.to_owned() })?;
        let root = hash(root).ok_or_else(|| CheckpointError::Root { root: root.to_owned() })?;
        lines.try_fold(Self::new(origin, size, root)?, Self::with_extension)
    }

    /// Which log this is.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many leaves the log has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the log's tree.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// The lines after the root.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The note that the log publishes. The log's key must be named like the origin.
    pub fn sign(&self, log: &Signer) -> Result<Note, CheckpointError> {
        self.check_origin(log.verifier_key())?;
        let text = self.to_string();
        let line = log.sign(&text)?;
        Ok(Note::new(&text, vec![line]).map_err(SignatureError::Text)?)
    }

    /// Believes a note if the log has signed it: every line that says it is by this key must verify, and one
    /// must be there. Lines by others are passed over.
    pub fn open(note: &Note, log: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(note.text())?;
        checkpoint.check_origin(log)?;
        let mut signed = false;
        for line in note.signatures().iter().filter(|line| log.is_named_by(line)) {
            log.verify(note.text(), line)?;
            signed = true;
        }
        if signed { Ok(checkpoint) } else { Err(CheckpointError::Unsigned { key: log.name().to_owned() }) }
    }

    /// Checks that a key is named like the origin.
    pub(crate) fn check_origin(&self, log: &VerifierKey) -> Result<(), CheckpointError> {
        let (origin, key) = (self.origin.clone(), log.name().to_owned());
        if origin == key { Ok(()) } else { Err(CheckpointError::Origin { origin, key }) }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, to_base64(self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

fn check_line(line: &str) -> Result<(), CheckpointError> {
    if line.is_empty() || line.contains(|character: char| character < ' ') {
        return Err(CheckpointError::Line { line: line.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::log::note::KeyKind;

    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    fn log(name: &str) -> Signer {
        Signer::new(name, KeyKind::Ed25519, &[1; 32]).unwrap()
    }

    #[test]
    fn a_checkpoint_is_read_back_byte_for_byte() {
        for text in [
            format!("example.com/log\n20852163\n{ROOT}\n"),
            format!("an origin + with = anything\n0\n{ROOT}\n"),
            format!("o\n18446744073709551615\n{ROOT}\nan extension\nand another\n"),
        ] {
            let checkpoint = Checkpoint::parse(&text).unwrap();
            assert_eq!(checkpoint.to_string(), text);
        }
        let read = Checkpoint::parse(&format!("o\n7\n{ROOT}\none\ntwo\n")).unwrap();
        let made = Checkpoint::new("o", 7, *read.root()).unwrap();
        assert_eq!(made.with_extension("one").and_then(|made| made.with_extension("two")), Ok(read));
    }

    #[test]
    fn what_is_not_a_checkpoint_is_refused_with_the_reason() {
        let size = |size: &str| CheckpointError::Size { size: size.to_owned() };
        let root = |root: &str| CheckpointError::Root { root: root.to_owned() };
        let line = |line: &str| CheckpointError::Line { line: line.to_owned() };
        for (text, error) in [
            (String::new(), CheckpointError::Lines),
            ("\n".into(), CheckpointError::Lines),
            ("o\n7\n".into(), CheckpointError::Lines),
            (format!("o\n7\n{ROOT}"), CheckpointError::Lines),
            (format!("\n7\n{ROOT}\n"), line("")),
            (format!("o\tp\n7\n{ROOT}\n"), line("o\tp")),
            (format!("o\n07\n{ROOT}\n"), size("07")),
            (format!("o\n\n{ROOT}\n"), size("")),
            (format!("o\n18446744073709551616\n{ROOT}\n"), size("18446744073709551616")),
            ("o\n7\nAAAA\n".into(), root("AAAA")),
            (format!("o\n7\n {ROOT}\n"), root(&format!(" {ROOT}"))),
            ("o\n7\n\n".into(), root("")),
            (format!("o\n7\n{ROOT}\n\n"), line("")),
            (format!("o\n7\n{ROOT}\n\nx\n"), line("")),
            (format!("o\n7\n{ROOT}\nx\r\n"), line("x\r")),
        ] {
            assert_eq!(Checkpoint::parse(&text), Err(error), "{text:?}");
        }
        assert_eq!(Checkpoint::new("", 0, [0; 32]), Err(line("")));
        assert_eq!(Checkpoint::new("o\np", 0, [0; 32]), Err(line("o\np")));
        assert_eq!(
            Checkpoint::new("o", 0, [0; 32]).and_then(|it| it.with_extension("a\nb")),
            Err(line("a\nb"))
        );
    }

    #[test]
    fn a_checkpoint_is_believed_if_the_log_has_signed_it() {
        let checkpoint = Checkpoint::new("o", 7, [3; 32]).unwrap();
        let mut note = checkpoint.sign(&log("o")).unwrap();
        let key = log("o").verifier_key().clone();
        assert_eq!(Checkpoint::open(&note, &key), Ok(checkpoint));
        let other = Signer::new("o", KeyKind::Ed25519, &[2; 32]).unwrap();
        let unsigned = Err(CheckpointError::Unsigned { key: "o".into() });
        assert_eq!(Checkpoint::open(&note, other.verifier_key()), unsigned);
        note.add(other.sign(note.text()).unwrap()).unwrap();
        assert!(Checkpoint::open(&note, other.verifier_key()).is_ok());
    }

    #[test]
    fn one_false_line_of_the_log_is_enough_to_believe_nothing() {
        let checkpoint = Checkpoint::new("o", 7, [3; 32]).unwrap();
        let mut note = checkpoint.sign(&log("o")).unwrap();
        note.add(log("o").sign("something else\n").unwrap()).unwrap();
        let invalid = SignatureError::Invalid { name: "o".into() };
        assert_eq!(Checkpoint::open(&note, log("o").verifier_key()), Err(invalid.into()));
    }

    #[test]
    fn a_log_signs_and_is_believed_for_its_own_origin_only() {
        let checkpoint = Checkpoint::new("o", 7, [3; 32]).unwrap();
        let origin = CheckpointError::Origin { origin: "o".into(), key: "p".into() };
        assert_eq!(checkpoint.sign(&log("p")), Err(origin.clone()));
        let text = checkpoint.to_string();
        let note = Note::new(&text, vec![log("p").sign(&text).unwrap()]).unwrap();
        assert_eq!(Checkpoint::open(&note, log("p").verifier_key()), Err(origin));
    }
}
