//! Ids: UUIDs as the services write them, and those that follow from others.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use sha2::{Digest, Sha256};

/// A UUID, in the order of its text. The nil one stands for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub u128);

impl Id {
    /// Reads the 36 characters of a UUID in lower case; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
        let mut value = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let digit = match (at, byte) {
                (8 | 13 | 18 | 23, b'-') => continue,
                (8 | 13 | 18 | 23, _) => return None,
                (_, b'0'..=b'9') => byte - b'0',
                (_, b'a'..=b'f') => byte - b'a' + 10,
                _ => return None,
            };
            value = value << 4 | u128::from(digit);
        }
        Some(Self(value))
    }

    /// Whether it stands for none.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The round that a programme's rulebook calls `slug`.
    pub fn of_round(programme: Self, slug: &str) -> Self {
        derived("round", &[&programme.bytes(), slug.as_bytes()])
    }

    /// A member's seat on the panel of a round.
    pub fn of_judge(round: Self, member: Self) -> Self {
        derived("judge", &[&round.bytes(), &member.bytes()])
    }

    /// What a judge hands in on a pitch.
    pub fn of_scorecard(judge: Self, pitch: Self) -> Self {
        derived("scorecard", &[&judge.bytes(), &pitch.bytes()])
    }

    /// The award of a prize to a pitch.
    pub fn of_award(programme: Self, prize: &str, pitch: Self) -> Self {
        derived("award", &[&programme.bytes(), prize.as_bytes(), &pitch.bytes()])
    }

    fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

/// A UUID of version 8 (RFC 9562) from the first 16 bytes of SHA-256 over a purpose and parts, each after its length
/// as eight bytes (big endian).
fn derived(purpose: &str, parts: &[&[u8]]) -> Id {
    let mut hash = Sha256::new();
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let cut = digest.iter().take(16).fold(0, |value, byte| value << 8 | u128::from(*byte));
    let version = cut & !(0xf << 76) | 8 << 76;
    Id(version & !(0b11 << 62) | 0b10 << 62)
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'-'; 36];
        let places = (0..36).filter(|place| !matches!(place, 8 | 13 | 18 | 23));
        for (place, digit) in places.zip((0..32).rev()) {
            text[place] = b"0123456789abcdef"[(self.0 >> (4 * digit) & 15) as usize];
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a UUID in lower case")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
                Id::read(text).ok_or_else(|| E::custom("not a UUID in lower case"))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_reads_and_writes_alike() {
        let text = "b7953a5c-669d-8209-83ff-ea6f022b3e9a";
        assert_eq!(Id::read(text).unwrap().to_string(), text);
        assert_eq!(Id::read("B7953a5c-669d-8209-83ff-ea6f022b3e9a"), None);
        assert_eq!(Id::read("b7953a5c-669d-8209-83ff-ea6f022b3e9"), None);
    }

    #[test]
    fn ids_follow_as_the_services_derive_them() {
        let programme = Id::read("b7953a5c-669d-8209-83ff-ea6f022b3e9a").unwrap();
        let round = Id::of_round(programme, "final");
        assert_eq!(round.to_string(), "9aae79e5-fdd9-82de-8280-978d10b7c220");
        let member = Id::read("d6a58633-81b0-43b9-8533-779f3aa7545d").unwrap();
        assert_eq!(Id::of_judge(round, member).to_string(), "8a6ba560-8d44-85b7-a7ce-86ef8c0d2401");
    }
}
