//! A witness's word that it saw a checkpoint at a time, by <https://c2sp.org/tlog-cosignature>,
//! `cosignature/v1`.
//!
//! Who cosigns has checked that the tree continues every one it has cosigned before. It signs the checkpoint
//! after two lines of its own, and its line under the note holds the time, 8 bytes big-endian, before the
//! signature:
//!
//! ```text
//! cosignature/v1
//! time 1679315147
//! example.com/log
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! ```
//!
//! Times are whole seconds since 1970 (POSIX). The newer ML-DSA-44 kind is passed over as an unknown
//! signature is.

use super::{
    checkpoint::Checkpoint,
    note::{KeyKind, SignatureError, SignatureLine, Signer, VerifierKey},
};

/// The bytes of a cosignature after the key's id: a time and an Ed25519 signature.
const LENGTH: usize = 8 + 64;

/// Cosigns a checkpoint as seen at `time`, with a key of kind [`KeyKind::CosignatureV1`].
pub fn sign(witness: &Signer, checkpoint: &Checkpoint, time: u64) -> Result<SignatureLine, SignatureError> {
    witness.check_kind(KeyKind::CosignatureV1)?;
    let message = message(witness.verifier_key(), checkpoint, time)?;
    let signature = witness.sign_bytes(message.as_bytes());
    Ok(witness.line([time.to_be_bytes().as_slice(), &signature].concat()))
}

/// Checks a witness's line under a checkpoint, and gives the time at which the witness says it saw it.
///
/// No clock is asked: whether that time is too old, or still to come, is for the caller to say.
pub fn verify(
    witness: &VerifierKey,
    checkpoint: &Checkpoint,
    line: &SignatureLine,
) -> Result<u64, SignatureError> {
    witness.check_line(KeyKind::CosignatureV1, line)?;
    let parts = line.signature().split_first_chunk().map(|(time, signature)| (time, signature.try_into()));
    let Some((time, Ok(signature))) = parts else { return Err(witness.wrong_length(LENGTH, line)) };
    let time = u64::from_be_bytes(*time);
    witness.verify_bytes(message(witness, checkpoint, time)?.as_bytes(), signature)?;
    Ok(time)
}

/// What a witness signs.
fn message(witness: &VerifierKey, checkpoint: &Checkpoint, time: u64) -> Result<String, SignatureError> {
    if i64::try_from(time).is_err() {
        return Err(SignatureError::Time { name: witness.name().to_owned(), time });
    }
    Ok(format!("cosignature/v1\ntime {time}\n{checkpoint}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint::new("o", 7, [3; 32]).unwrap()
    }

    fn witness() -> Signer {
        Signer::new("w", KeyKind::CosignatureV1, &[4; 32]).unwrap()
    }

    #[test]
    fn a_cosignature_gives_its_time() {
        for time in [0, 1_679_315_147, i64::MAX as u64] {
            let line = sign(&witness(), &checkpoint(), time).unwrap();
            assert_eq!(line.signature().len(), LENGTH);
            assert_eq!(line.signature()[..8], time.to_be_bytes());
            assert_eq!(verify(witness().verifier_key(), &checkpoint(), &line), Ok(time));
        }
    }

    #[test]
    fn a_cosignature_is_over_two_lines_and_the_whole_checkpoint() {
        let extended = checkpoint().with_extension("extension").unwrap();
        assert_eq!(
            message(witness().verifier_key(), &extended, 12).unwrap(),
            format!(
                "cosignature/v1\ntime 12\no\n7\n{}\nextension\n",
                crate::log::encoding::to_base64([3; 32])
            )
        );
        let line = sign(&witness(), &extended, 12).unwrap();
        let invalid = Err(SignatureError::Invalid { name: "w".into() });
        assert_eq!(verify(witness().verifier_key(), &checkpoint(), &line), invalid);
    }

    #[test]
    fn a_cosignature_can_not_be_moved_in_time() {
        let line = sign(&witness(), &checkpoint(), 12).unwrap();
        let later = [&13_u64.to_be_bytes(), &line.signature()[8..]].concat();
        let later = witness().line(later);
        let invalid = Err(SignatureError::Invalid { name: "w".into() });
        assert_eq!(verify(witness().verifier_key(), &checkpoint(), &later), invalid);
    }

    #[test]
    fn a_time_has_63_bits() {
        let time = 1 << 63;
        let too_late = SignatureError::Time { name: "w".into(), time };
        assert_eq!(sign(&witness(), &checkpoint(), time), Err(too_late.clone()));
        let line = witness().line([time.to_be_bytes().as_slice(), &[0; 64]].concat());
        assert_eq!(verify(witness().verifier_key(), &checkpoint(), &line), Err(too_late));
    }

    #[test]
    fn a_cosignature_has_one_length() {
        for found in [1, 7, 8, 64, 71, 73] {
            let line = witness().line(vec![0; found]);
            let length = SignatureError::Length { name: "w".into(), expected: LENGTH, found };
            assert_eq!(verify(witness().verifier_key(), &checkpoint(), &line), Err(length));
        }
    }

    #[test]
    fn a_logs_key_does_not_cosign() {
        let log = Signer::new("w", KeyKind::Ed25519, &[4; 32]).unwrap();
        let (needed, found) = (KeyKind::CosignatureV1, KeyKind::Ed25519);
        let kind = SignatureError::Kind { name: "w".into(), needed, found };
        assert_eq!(sign(&log, &checkpoint(), 12), Err(kind.clone()));
        let line = sign(&witness(), &checkpoint(), 12).unwrap();
        assert_eq!(verify(log.verifier_key(), &checkpoint(), &line), Err(kind));
    }

    #[test]
    fn another_witness_has_not_cosigned() {
        let line = sign(&witness(), &checkpoint(), 12).unwrap();
        let other = Signer::new("w", KeyKind::CosignatureV1, &[5; 32]).unwrap();
        let found = verify(other.verifier_key(), &checkpoint(), &line);
        assert!(matches!(found, Err(SignatureError::OtherKey { .. })), "{found:?}");
    }
}
