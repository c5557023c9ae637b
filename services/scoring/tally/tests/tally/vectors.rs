//! Fixed inputs and the exact bytes and digests they must lead to. If one of these
//! fails, results that were declared before can no longer be checked: make a new
//! version of the serialisation instead of changing the vector.

use plaudit_tally::{Rules, Scorecard, tally};
use serde::Deserialize;

/// One file of `vectors/`.
#[derive(Deserialize)]
struct Vector {
    /// What it is about.
    about: String,
    rules: Rules,
    pitches: Vec<String>,
    scorecards: Vec<Scorecard>,
    /// The whole derivation, byte for byte.
    derivation: String,
    digest: String,
    /// Of each pitch, in the ranking's order.
    pitch_digests: Vec<(String, String)>,
}

const VECTORS: [&str; 3] = [
    include_str!("vectors/rounded-trimmed-mean.json"),
    include_str!("vectors/ladder.json"),
    include_str!("vectors/unranked-and-odd-names.json"),
];

#[test]
fn bytes_and_digests_are_as_they_were() {
    for text in VECTORS {
        let vector: Vector = serde_json::from_str(text).unwrap();
        let about = &vector.about;
        let ranking = tally(&vector.rules, &vector.pitches, &vector.scorecards).unwrap();
        let bytes = ranking.derivation_bytes();
        let derivation = std::str::from_utf8(&bytes).unwrap();
        assert_eq!(derivation, vector.derivation, "{about}");
        assert_eq!(ranking.digest().to_string(), vector.digest, "{about}");
        let digests = ranking.pitches.iter().map(|d| (d.pitch.clone(), d.digest().to_string()));
        assert_eq!(digests.collect::<Vec<_>>(), vector.pitch_digests, "{about}");
        for pitch in &ranking.pitches {
            let bytes = pitch.derivation_bytes();
            let part = std::str::from_utf8(&bytes).unwrap();
            assert!(derivation.contains(part), "{about}: {} is part of the whole", pitch.pitch);
        }
    }
}
