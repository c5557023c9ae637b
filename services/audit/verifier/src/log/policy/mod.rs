//! Which logs and witnesses are believed, and how many witnesses it takes, by <https://c2sp.org/tlog-policy>.
//!
//! ```text
//! log <verifier key> [<url>]
//!
//! witness X1 <verifier key> [<url>]
//! witness X2 <verifier key> [<url>]
//! witness Y <verifier key> [<url>]
//!
//! # one of the X, and Y
//! group X any X1 X2
//! group X-and-Y all X Y
//! quorum X-and-Y
//! ```
//!
//! A checkpoint is good if one of the logs has signed it and the quorum has cosigned it. A group has
//! witnessed what `all`, `any` or a number of its members have. Names are the file's own; `none` names no
//! witness, and `quorum none` asks for none.
//!
//! Narrower than the specification in two points: the file must be UTF-8, and the keys must be of the two
//! Ed25519 kinds, type 0x01 for logs and 0x04 for witnesses.

mod check;
mod error;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

pub use check::{CheckError, Cosigned, Verdict};
pub use error::{PolicyError, Problem};

use super::note::VerifierKey;

/// A policy. Its `Display` is a policy file that says the same, without the comments and the spacing it was
/// parsed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    /// Each after the groups it is made of.
    groups: Vec<Group>,
    quorum: Option<Member>,
}

/// A log that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    key: VerifierKey,
    url: Option<String>,
}

/// A witness that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    name: String,
    key: VerifierKey,
    url: Option<String>,
}

/// Some witnesses and groups, of which `threshold` are enough.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: String,
    threshold: usize,
    members: Vec<Member>,
}

/// A witness or a group, by its place in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Member {
    Witness(usize),
    Group(usize),
}

impl Policy {
    /// The logs that are believed.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The witnesses that are believed.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    fn name(&self, member: Member) -> &str {
        match member {
            Member::Witness(place) => &self.witnesses[place].name,
            Member::Group(place) => &self.groups[place].name,
        }
    }
}

impl Log {
    /// By which the log's signatures are known; it is named like the log's origin.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Where the log can be reached.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }
}

impl Witness {
    /// What the policy calls the witness.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// By which the witness's cosignatures are known.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Where the witness can be reached.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = |url: &Option<String>| url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
        for log in &self.logs {
            writeln!(f, "log {}{}", log.key, url(&log.url))?;
        }
        for witness in &self.witnesses {
            writeln!(f, "witness {} {}{}", witness.name, witness.key, url(&witness.url))?;
        }
        for group in &self.groups {
            write!(f, "group {} ", group.name)?;
            match group.threshold {
                1 => f.write_str("any")?,
                threshold if threshold == group.members.len() => f.write_str("all")?,
                threshold => write!(f, "{threshold}")?,
            }
            group.members.iter().try_for_each(|member| write!(f, " {}", self.name(*member)))?;
            writeln!(f)?;
        }
        writeln!(f, "quorum {}", self.quorum.map_or("none", |member| self.name(member)))
    }
}
