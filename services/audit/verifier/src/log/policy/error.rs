//! What can be wrong with a policy file.

use super::super::note::{KeyError, KeyKind};

/// What is wrong with a policy file, and in which line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {problem}")]
pub struct PolicyError {
    /// Counted from 1; the last for what is missing from the whole file.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a line of a policy file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The specification recommends UTF-8; here it is a must.
    #[error("it isn't valid UTF-8")]
    NotUtf8,
    /// Only tabs and newlines are allowed.
    #[error("it has the control character {}; only tab and newline are allowed", .character.escape_unicode())]
    ControlCharacter { character: char },
    /// Lines end in a newline.
    #[error("it doesn't end in a newline")]
    Unended,
    /// A line that isn't one of the four.
    #[error("it starts with \"{word}\", not with log, witness, group or quorum")]
    Word { word: String },
    /// Something is missing, or there is too much.
    #[error("it should read: {form}")]
    Form { form: &'static str },
    /// The key can't be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A log's key in a witness's place, or the other way round.
    #[error("its key is a {found} key, where a {needed} key is needed")]
    Kind { needed: KeyKind, found: KeyKind },
    /// The same key a second time, under whatever name.
    #[error("its key {name} is in an earlier line already")]
    KeyTwice { name: String },
    /// Two keys that a signature line can't tell apart.
    #[error("its key {name} has the name and the id of another key, so that signatures can't be told apart")]
    KeyAmbiguous { name: String },
    /// Witnesses and groups share their names.
    #[error("the name {name} is taken already")]
    NameTaken { name: String },
    /// `none` is the quorum that asks for nobody.
    #[error("nobody can be named none, which stands for no quorum")]
    NamedNone,
    /// A name must be defined in an earlier line.
    #[error("no earlier line defines {name}")]
    NameUnknown { name: String },
    /// Each witness counts in one way only.
    #[error("{name} is in a group already, and can be in one only")]
    InTwoGroups { name: String },
    /// A number that the group can't reach, or that asks for nobody.
    #[error(
        "of {members} members it asks for \"{threshold}\", not for all, any or a number from 1 to {members}"
    )]
    Threshold { threshold: String, members: usize },
    /// There is one quorum.
    #[error("an earlier line has set the quorum already")]
    QuorumTwice,
    /// There is one quorum.
    #[error("the file ends without having set a quorum")]
    NoQuorum,
}
