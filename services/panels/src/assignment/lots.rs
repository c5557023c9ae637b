//! Numbers drawn from the seed, by which equal choices are told apart.
//!
//! A lot is the first eight bytes, big-endian, of
//! SHA-256("plaudit/assignment/v1" ‖ seed ‖ purpose ‖ ids as 16 bytes each).
//! A hash for each question instead of a stream of random numbers: no lot
//! depends on how many were drawn before, so a late change leaves the others
//! as they were, and a verifier in any language can draw one alone.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::PitchId;

pub(super) struct Lots(Sha256);

impl Lots {
    pub fn new(seed: [u8; 32]) -> Self {
        Self(Sha256::new_with_prefix("plaudit/assignment/v1").chain_update(seed))
    }

    /// Whose turn it is: pitches are served in the order of their lots.
    pub fn pitch(&self, pitch: PitchId) -> u64 {
        self.draw("pitch", &[pitch.0])
    }

    /// Judges are served so where they, not the pitches, take their turns.
    pub fn judge(&self, judge: Uuid) -> u64 {
        self.draw("judge", &[judge])
    }

    /// Among judges who cost the same, a pitch meets the one with the least lot.
    pub fn pair(&self, pitch: PitchId, judge: Uuid) -> u64 {
        self.draw("pair", &[pitch.0, judge])
    }

    fn draw(&self, purpose: &str, ids: &[Uuid]) -> u64 {
        let mut hash = self.0.clone().chain_update(purpose);
        for id in ids {
            hash.update(id.as_bytes());
        }
        let digest = hash.finalize();
        digest.iter().take(8).fold(0, |lot, byte| lot << 8 | u64::from(*byte))
    }
}
