//! The bearer secrets that accounts hands out: shown once, kept as hashes.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What is kept of a secret. 32 random bytes need no slow hash: they can't be
/// guessed from it.
pub type Hash = [u8; 32];

const SESSION: &str = "plaudit_s_";
const TOKEN: &str = "plaudit_t_";

/// Which of the two kinds a bearer is. Whoever finds one in a log or a
/// repository sees by its first letters what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody signed in.
    Session,
    /// A program acts for somebody.
    Token,
}

/// A new secret and its hash.
pub struct Fresh {
    /// For its owner, once.
    pub secret: String,
    /// To be kept.
    pub hash: Hash,
}

impl Kind {
    /// A new bearer of this kind.
    pub fn fresh(self) -> Fresh {
        let prefix = match self {
            Self::Session => SESSION,
            Self::Token => TOKEN,
        };
        fresh(prefix)
    }

    /// The kind of what was sent as a bearer, if it is one of ours.
    pub fn of(bearer: &str) -> Option<Self> {
        if bearer.starts_with(SESSION) {
            Some(Self::Session)
        } else {
            bearer.starts_with(TOKEN).then_some(Self::Token)
        }
    }
}

/// A secret that names a sign-in under way.
pub fn challenge() -> Fresh {
    fresh("")
}

fn fresh(prefix: &str) -> Fresh {
    let random: [u8; 32] = rand::random();
    let secret = format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(random));
    Fresh { hash: hash(&secret), secret }
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// Six digits, each number as likely.
pub fn code() -> String {
    format!("{:06}", rand::random_range(0..1_000_000_u32))
}

/// What is kept of a code: the challenge, which is not kept, salts it.
pub fn code_hash(challenge: &str, code: &str) -> Hash {
    let mut hash = Sha256::new();
    for part in [challenge, code] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// A secret that follows from a challenge, another for each purpose: so nothing
/// needs to be kept that only whoever holds the challenge may know.
pub fn derived(challenge: &str, purpose: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(code_hash(challenge, purpose))
}

/// Compares without telling by the time how much was right.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_tells_its_kind_and_only_its_hash_is_kept() {
        for kind in [Kind::Session, Kind::Token] {
            let fresh = kind.fresh();
            assert_eq!(Kind::of(&fresh.secret), Some(kind));
            assert_eq!(hash(&fresh.secret), fresh.hash);
            assert_ne!(kind.fresh().secret, fresh.secret);
        }
        assert_eq!(Kind::of("v4.public.abc"), None);
        assert_eq!(Kind::of(""), None);
    }

    #[test]
    fn the_hash_is_sha_256() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hash: String = hash("abc").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, known);
    }

    #[test]
    fn a_code_has_six_digits() {
        for _ in 0..1000 {
            let code = code();
            assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        }
    }

    #[test]
    fn the_same_code_under_another_challenge_is_another() {
        assert!(same(&code_hash("a", "123456"), &code_hash("a", "123456")));
        assert!(!same(&code_hash("a", "123456"), &code_hash("b", "123456")));
        assert!(!same(&code_hash("a1", "23456"), &code_hash("a", "123456")));
    }
}
