//! The keys under notes: who may have signed, and who signs.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::{
    super::encoding::{from_base64, to_base64},
    KeyError, SignatureError, SignatureLine, check_text, is_key_name,
};

/// The first four bytes of `SHA-256(name || 0x0A || type || public key)`: says which key to try, and proves
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// What a key signs. Both kinds are Ed25519 (RFC 8032).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Type 0x01: the note's text itself, as a log signs its checkpoints.
    Ed25519,
    /// Type 0x04: a checkpoint and the time it was seen, as a witness does
    /// ([`cosignature`](super::super::cosignature)).
    CosignatureV1,
}

impl KeyKind {
    /// The type byte of the specification.
    pub fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Ed25519, Self::CosignatureV1].into_iter().find(|kind| kind.byte() == byte)
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::CosignatureV1 => "cosignature/v1",
        })
    }
}

/// A public key with its name and kind. Its `Display` is the text form, `<name>+<id>+<base64 of type and
/// key>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: KeyId,
    kind: KeyKind,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A key from its 32 bytes. Bytes in whose name anybody could sign are refused.
    pub fn new(name: &str, kind: KeyKind, public: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name { name: name.to_owned() });
        }
        let sound = VerifyingKey::from_bytes(public).ok().filter(|key| !key.is_weak());
        let key = sound.ok_or_else(|| KeyError::Unsound { name: name.to_owned() })?;
        let hash = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', kind.byte()])
            .chain_update(public)
            .finalize();
        Ok(Self { name: name.to_owned(), id: KeyId([hash[0], hash[1], hash[2], hash[3]]), kind, key })
    }

    /// Reads the text form. The id in it must be the one that name, type and key give.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let malformed = || KeyError::Form { text: text.to_owned() };
        // The base64 may have pluses of its own; a name can't.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed());
        };
        if !is_key_name(name) {
            return Err(KeyError::Name { name: name.to_owned() });
        }
        let stated = parse_id(id).ok_or_else(malformed)?;
        let typed_key = from_base64(key).ok_or_else(malformed)?;
        let (kind, public) = typed_key.split_first().ok_or_else(malformed)?;
        let kind =
            KeyKind::from_byte(*kind).ok_or_else(|| KeyError::Kind { name: name.to_owned(), kind: *kind })?;
        let public =
            public.try_into().map_err(|_| KeyError::Length { name: name.to_owned(), found: public.len() })?;
        let key = Self::new(name, kind, public)?;
        if key.id == stated {
            Ok(key)
        } else {
            Err(KeyError::Id { name: name.to_owned(), stated, computed: key.id })
        }
    }

    /// Who the key belongs to; a log's key is named like its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// See [`KeyId`].
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// What the key signs.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The Ed25519 public key.
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether a line says it is by this key, by name and id. It may still be a forgery.
    pub fn is_named_by(&self, line: &SignatureLine) -> bool {
        line.name == self.name && line.key_id == self.id
    }

    /// Checks a signature over a note's text, by a key of kind [`KeyKind::Ed25519`].
    pub fn verify(&self, text: &str, line: &SignatureLine) -> Result<(), SignatureError> {
        self.check_line(KeyKind::Ed25519, line)?;
        let signature = line.signature.as_slice().try_into().map_err(|_| self.wrong_length(64, line))?;
        self.verify_bytes(text.as_bytes(), signature)
    }

    /// Checks that the key is of a kind, and that the line says it is by this key.
    pub(crate) fn check_line(&self, needed: KeyKind, line: &SignatureLine) -> Result<(), SignatureError> {
        if self.kind != needed {
            return Err(SignatureError::Kind { name: self.name.clone(), needed, found: self.kind });
        }
        if !self.is_named_by(line) {
            let (name, line_name) = (self.name.clone(), line.name.clone());
            return Err(SignatureError::OtherKey { name, id: self.id, line_name, line_id: line.key_id });
        }
        Ok(())
    }

    /// Checks an Ed25519 signature, by the strict rules: one signature can't be turned into another.
    pub(crate) fn verify_bytes(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), SignatureError> {
        self.key
            .verify_strict(message, &Signature::from_bytes(signature))
            .map_err(|_| SignatureError::Invalid { name: self.name.clone() })
    }

    pub(crate) fn wrong_length(&self, expected: usize, line: &SignatureLine) -> SignatureError {
        SignatureError::Length { name: self.name.clone(), expected, found: line.signature.len() }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = to_base64([&[self.kind.byte()], self.public_key().as_slice()].concat());
        write!(f, "{}+{}+{key}", self.name, self.id)
    }
}

/// A key that signs. It never shows its seed.
#[derive(Clone)]
pub struct Signer {
    seed: SigningKey,
    key: VerifierKey,
}

impl Signer {
    /// The signer of an Ed25519 seed (RFC 8032's private key).
    pub fn new(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let seed = SigningKey::from_bytes(seed);
        let key = VerifierKey::new(name, kind, seed.verifying_key().as_bytes())?;
        Ok(Self { seed, key })
    }

    /// By which others know this signer.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// Signs a note's text, with a key of kind [`KeyKind::Ed25519`].
    pub fn sign(&self, text: &str) -> Result<SignatureLine, SignatureError> {
        self.check_kind(KeyKind::Ed25519)?;
        check_text(text)?;
        Ok(self.line(self.sign_bytes(text.as_bytes()).to_vec()))
    }

    pub(crate) fn check_kind(&self, needed: KeyKind) -> Result<(), SignatureError> {
        let (name, found) = (self.key.name.clone(), self.key.kind);
        if found == needed { Ok(()) } else { Err(SignatureError::Kind { name, needed, found }) }
    }

    pub(crate) fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.seed.sign(message).to_bytes()
    }

    pub(crate) fn line(&self, signature: Vec<u8>) -> SignatureLine {
        SignatureLine { name: self.key.name.clone(), key_id: self.key.id, signature }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Eight lower-case hexadecimal digits.
fn parse_id(text: &str) -> Option<KeyId> {
    let right = text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if right { Some(KeyId(u32::from_str_radix(text, 16).ok()?.to_be_bytes())) } else { None }
}
