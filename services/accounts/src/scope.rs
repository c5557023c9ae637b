//! What an API token may be used for. A session may do whatever its person may.

use serde::{Deserialize, Serialize};

/// One thing that a token was made for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reading what the person may read in programmes.
    Read,
    /// Everything that changes a programme.
    Write,
    /// The person's own account: name, sessions, tokens, leaving.
    Account,
    /// What a session needs a fresh second key for: opening marks, approving
    /// awards, paying.
    #[serde(rename = "second-key")]
    SecondKey,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Account, Self::SecondKey];

    /// Its name, in JSON, in the table and in the services' tokens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Account => "account",
            Self::SecondKey => "second-key",
        }
    }

    /// The scope of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}
