//! Identifiers. Each noun's id is a type of its own, so that a pitch can't be
//! handed in where a member is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A stream of events: a noun and its id, written `pitch/<uuid>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StreamId(String);

/// A text that is no stream's name.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not a stream: a stream is written noun/uuid")]
pub struct NotAStream(String);

impl StreamId {
    /// The stream of the `noun` that `id` names.
    pub fn new(noun: &str, id: Uuid) -> Self {
        Self(format!("{noun}/{id}"))
    }

    /// Before the slash.
    pub fn noun(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// After the slash.
    pub fn id(&self) -> Uuid {
        self.0.split('/').nth(1).and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default()
    }

    /// The whole, as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for StreamId {
    type Error = NotAStream;

    fn try_from(text: String) -> Result<Self, NotAStream> {
        let whole =
            text.split_once('/').is_some_and(|(noun, id)| !noun.is_empty() && Uuid::parse_str(id).is_ok());
        if whole { Ok(Self(text)) } else { Err(NotAStream(text)) }
    }
}

impl From<StreamId> for String {
    fn from(stream: StreamId) -> Self {
        stream.0
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Declares the id types: newtypes over a UUID that know their noun.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $noun:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = uuid::Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The noun that starts its stream's name.
            pub const NOUN: &'static str = $noun;

            /// A new one, at random.
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }

            /// Its stream.
            pub fn stream(self) -> StreamId {
                StreamId::new(Self::NOUN, self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.to_string()
            }
        }
    )*};
}

ids! {
    /// A prize programme.
    ProgrammeId = "programme";
    /// A person in one programme; who that is, only accounts knows.
    MemberId = "member";
    /// What an entrant enters.
    PitchId = "pitch";
    /// A round of a programme, and its one panel.
    RoundId = "round";
    /// One person's seat on one panel.
    JudgeId = "judge";
    /// One judge, one pitch, one round.
    ScorecardId = "scorecard";
    /// A prize given to a pitch, and its payout.
    AwardId = "award";
    /// A pledge of business support.
    SupportId = "support";
}

impl RoundId {
    /// The round that the rulebook of `programme` calls `slug`.
    pub fn of(programme: ProgrammeId, slug: &str) -> Self {
        Self(derive("round", &[programme.0.as_bytes(), slug.as_bytes()]))
    }

    /// The round's panel.
    pub fn panel(self) -> StreamId {
        StreamId::new("panel", self.0)
    }

    /// The round's result.
    pub fn result(self) -> StreamId {
        StreamId::new("result", self.0)
    }
}

impl JudgeId {
    /// The seat of `member` on the panel of `round`.
    pub fn of(round: RoundId, member: MemberId) -> Self {
        Self(derive("judge", &[round.0.as_bytes(), member.0.as_bytes()]))
    }
}

impl ScorecardId {
    /// What `judge` hands in on `pitch`.
    pub fn of(judge: JudgeId, pitch: PitchId) -> Self {
        Self(derive("scorecard", &[judge.0.as_bytes(), pitch.0.as_bytes()]))
    }
}

impl AwardId {
    /// The award of `prize` to `pitch`.
    pub fn of(programme: ProgrammeId, prize: &str, pitch: PitchId) -> Self {
        let parts = [programme.0.as_bytes().as_slice(), prize.as_bytes(), pitch.0.as_bytes()];
        Self(derive("award", &parts))
    }

    /// The award's payout.
    pub fn payout(self) -> StreamId {
        StreamId::new("payout", self.0)
    }
}

/// A UUID (version 8) cut from SHA-256 over a purpose and length-prefixed
/// parts: the same parts give the same id wherever it is needed.
pub fn derive(purpose: &str, parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    uuid_from(&hash.finalize().into())
}

/// The first 16 bytes of a digest as a UUID of version 8 (RFC 9562).
pub fn uuid_from(digest: &[u8; 32]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::new_v8(bytes)
}
