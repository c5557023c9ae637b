//! Ids that follow from others (`docs/trail.md`): of rounds, seats and score
//! sheets.

use sha2::{Digest, Sha256};
use uuid::Uuid;

fn derived(purpose: &str, parts: &[&[u8]]) -> Uuid {
    let mut hash = Sha256::new();
    for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A round, by its name in the rulebook.
pub fn round(programme: Uuid, name: &str) -> Uuid {
    derived("round", &[programme.as_bytes(), name.as_bytes()])
}

/// A member's seat on a round's panel.
pub fn judge(round: Uuid, member: Uuid) -> Uuid {
    derived("judge", &[round.as_bytes(), member.as_bytes()])
}

/// A seat's score sheet for a pitch.
pub fn scorecard(judge: Uuid, pitch: Uuid) -> Uuid {
    derived("scorecard", &[judge.as_bytes(), pitch.as_bytes()])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn id(text: &str) -> Uuid {
        text.parse().unwrap()
    }

    /// As the services made them when examples/the-den was played.
    #[test]
    fn ids_are_those_of_the_services() {
        let round = round(id("d08e0092-fe15-8c1e-b1d2-2c9a7b1a7e78"), "final");
        assert_eq!(round, id("15564090-b671-8b82-979a-4cc365f17990"));
        let judge = judge(round, id("343ca012-f803-4f2f-b271-8b6b4bd8bb89"));
        assert_eq!(judge, id("3cb93de7-17fa-8e1a-9943-6202ad16801b"));
    }
}
