//! The spellings that the formats share, each with exactly one way to write a value.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::tree::Hash;

/// A decimal without sign or leading zeros, up to `u64::MAX`; `None` for anything else.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || text.starts_with(|first: char| ('1'..='9').contains(&first));
    if canonical { text.parse().ok() } else { None }
}

/// Standard base64 (RFC 4648, section 4) with its padding and without stray bits in the last character.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// See [`from_base64`].
pub(crate) fn to_base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

/// A 32-byte hash in base64, as checkpoints and proofs write them.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    from_base64(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_written_in_one_way_only() {
        for number in [0, 1, 9, 10, 20_852_163, u64::MAX] {
            assert_eq!(decimal(&number.to_string()), Some(number));
        }
        for text in
            ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "1.0", "1e3", "١", "18446744073709551616"]
        {
            assert_eq!(decimal(text), None, "{text:?}");
        }
    }

    #[test]
    fn base64_is_written_in_one_way_only() {
        for text in ["", "AA==", "AAA=", "AAAA", "+/+/"] {
            assert_eq!(from_base64(text).map(to_base64), Some(text.to_owned()));
        }
        // Missing or needless padding, stray bits, another alphabet, spaces.
        for text in
            ["AA", "AA=", "AA===", "AAA", "AAAA=", "A", "AB==", "AAB=", "-_-_", "AA==\n", " AA==", "A A=="]
        {
            assert_eq!(from_base64(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_hash_has_32_bytes() {
        assert_eq!(hash(&to_base64([7; 32])), Some([7; 32]));
        assert_eq!([31, 33].map(|length| hash(&to_base64(vec![7; length]))), [None, None]);
    }
}
