//! A ranking as events say it.

use std::collections::HashMap;

use bytes::Bytes;
use plaudit_chassis::id::RoundId;
use plaudit_chassis::vault::{Commitment, Opening};
use plaudit_proto::scoring::v1::{PitchRanked, ResultDeclared};
use plaudit_tally::{Digest, PitchDerivation, Ranking};

use super::ResultCommand;
use crate::round::Pinned;

/// The command that declares a ranking, and the openings of the digests that
/// it seals.
pub(super) fn declaration(
    round: RoundId,
    pinned: &Pinned,
    ranking: &Ranking,
) -> (ResultCommand, Vec<Opening>) {
    let mut sealing = Sealing { round, public: pinned.marks_public, openings: Vec::new() };
    let sharing = sharing(ranking);
    let mut running: Vec<&PitchDerivation> = ranking.pitches.iter().collect();
    running.sort_by_key(|pitch| pitch.order);
    let places = running.iter().map(|pitch| {
        let (derivation, sealed_derivation) = sealing.digest("PitchRanked.sealed_derivation", pitch.digest());
        let rank = pitch.rank().unwrap_or_default();
        PitchRanked {
            pitch: pitch.pitch.clone(),
            total: pitch.total().map(ToString::to_string).unwrap_or_default(),
            rank,
            shared_by: sharing.get(&rank).copied().unwrap_or_default(),
            scorecards: scorecards(pitch),
            derivation,
            sealed_derivation,
        }
    });
    let places: Vec<PitchRanked> = places.collect();
    let (derivation, sealed_derivation) =
        sealing.digest("ResultDeclared.sealed_derivation", ranking.digest());
    let declared = ResultDeclared {
        pitches: places.len() as u32,
        ranked: places.iter().filter(|place| place.rank > 0).count() as u32,
        derivation,
        rulebook_hash: pinned.rulebook_hash.clone(),
        round: pinned.slug.clone(),
        sealed_derivation,
    };
    (ResultCommand::Declare { places, declared }, sealing.openings)
}

/// A digest of marks that nobody may see would let them be guessed: there it
/// is sealed.
struct Sealing {
    round: RoundId,
    public: bool,
    openings: Vec<Opening>,
}

impl Sealing {
    /// The two fields of a digest: open, and sealed.
    fn digest(&mut self, field: &'static str, digest: Digest) -> (Bytes, Commitment) {
        if self.public {
            return (Bytes::copy_from_slice(digest.as_bytes()), Bytes::new());
        }
        let opening = Opening::seal(&self.round.result(), field, self.round, *digest.as_bytes());
        let commitment = opening.commitment();
        self.openings.push(opening);
        (Bytes::new(), commitment)
    }
}

/// How many share each rank.
fn sharing(ranking: &Ranking) -> HashMap<u32, u32> {
    let mut sharing = HashMap::new();
    for rank in ranking.pitches.iter().filter_map(PitchDerivation::rank) {
        *sharing.entry(rank).or_default() += 1;
    }
    sharing
}

/// Every counted scorecard marks every criterion.
fn scorecards(pitch: &PitchDerivation) -> u32 {
    pitch.criteria.first().map_or(0, |criterion| criterion.marks.len() as u32)
}
