//! The seal: a commitment in the event, its opening in the vault.

use base64::Engine as _;
use bytes::Bytes;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use plaudit_proto::v1::Subject as SubjectKind;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::id::{MemberId, PitchId, ProgrammeId, RoundId, StreamId};

const DOMAIN: &[u8] = b"plaudit/seal/v1";

/// Whose content a seal holds: forgetting goes by subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Of which kind.
    pub kind: SubjectKind,
    /// Which one.
    pub id: Uuid,
}

impl Subject {
    /// As it is written in the vault: `member/<uuid>`.
    pub fn name(&self) -> String {
        let kind = match self.kind {
            SubjectKind::Member => "member",
            SubjectKind::Pitch => "pitch",
            SubjectKind::Round => "round",
            SubjectKind::Programme => "programme",
            SubjectKind::Unspecified => "nobody",
        };
        format!("{kind}/{}", self.id)
    }
}

impl From<MemberId> for Subject {
    fn from(id: MemberId) -> Self {
        Self { kind: SubjectKind::Member, id: id.0 }
    }
}

impl From<PitchId> for Subject {
    fn from(id: PitchId) -> Self {
        Self { kind: SubjectKind::Pitch, id: id.0 }
    }
}

impl From<RoundId> for Subject {
    fn from(id: RoundId) -> Self {
        Self { kind: SubjectKind::Round, id: id.0 }
    }
}

impl From<ProgrammeId> for Subject {
    fn from(id: ProgrammeId) -> Self {
        Self { kind: SubjectKind::Programme, id: id.0 }
    }
}

/// A commitment, as an event carries it: 32 bytes.
pub type Commitment = Bytes;

/// What opens a commitment: salt and content, and where it belongs.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Of which stream the event is.
    pub stream: StreamId,
    /// In which field of which message, such as `PitchSubmitted.title`.
    pub field: &'static str,
    /// Whose it is.
    pub subject: Subject,
    salt: [u8; 32],
    content: Vec<u8>,
}

impl Opening {
    /// Seals content with a fresh salt. It is made once for a command and
    /// used again if the command must be decided again.
    pub fn seal(
        stream: &StreamId,
        field: &'static str,
        subject: impl Into<Subject>,
        content: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            stream: stream.clone(),
            field,
            subject: subject.into(),
            salt: rand::random(),
            content: content.into(),
        }
    }

    /// What goes into the event.
    pub fn commitment(&self) -> Commitment {
        Bytes::copy_from_slice(&commit(&self.salt, self.stream.as_str(), self.field, &self.content))
    }

    /// The opening, ready to rest: encrypted for its subject's key, bound to
    /// its commitment.
    pub(super) fn rest(&self, key: &[u8; 32]) -> Result<Vec<u8>, Broken> {
        let mut plain = self.salt.to_vec();
        plain.extend_from_slice(&self.content);
        encrypt(key, &plain, &self.commitment())
    }
}

/// An opening as it is shown: to be checked by whoever gets it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The key of the commitment.
    pub salt: [u8; 32],
    /// What was sealed.
    pub content: Vec<u8>,
}

impl Shown {
    /// The content as text; bytes that are none are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.content).into_owned()
    }

    /// The salt as an API shows it.
    pub fn salt_base64(&self) -> String {
        base64::prelude::BASE64_STANDARD.encode(self.salt)
    }
}

/// Something encrypted that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("what is encrypted can't be read with its key")]
pub struct Broken;

/// Reads what [`Opening::rest`] wrote.
pub(super) fn wake(resting: &[u8], key: &[u8; 32], commitment: &[u8]) -> Result<Shown, Broken> {
    let plain = decrypt(key, resting, commitment)?;
    let (salt, content) = plain.split_at_checked(32).ok_or(Broken)?;
    Ok(Shown { salt: salt.try_into().map_err(|_| Broken)?, content: content.to_vec() })
}

/// Encrypts, bound to where it is kept or what it is for: read as anything
/// else, it is refused. Its nonce, made for it alone, goes before.
pub(crate) fn encrypt(key: &[u8; 32], plain: &[u8], bound: &[u8]) -> Result<Vec<u8>, Broken> {
    let nonce: [u8; 24] = rand::random();
    let sealed = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: bound })
        .map_err(|_| Broken)?;
    Ok([&nonce[..], &sealed].concat())
}

/// Reads what [`encrypt`] wrote.
pub(crate) fn decrypt(key: &[u8; 32], encrypted: &[u8], bound: &[u8]) -> Result<Vec<u8>, Broken> {
    let (nonce, sealed) = encrypted.split_first_chunk::<24>().ok_or(Broken)?;
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: bound })
        .map_err(|_| Broken)
}

/// HMAC-SHA256 with the salt as key over `plaudit/seal/v1` and, each prefixed
/// with its length as eight bytes (big endian), stream, field and content.
pub fn commit(salt: &[u8; 32], stream: &str, field: &str, content: &[u8]) -> [u8; 32] {
    // A key of any length is taken: this can't fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(salt) else {
        return [0; 32];
    };
    mac.update(DOMAIN);
    for part in [stream.as_bytes(), field.as_bytes(), content] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether salt and content open the commitment.
pub fn opens(commitment: &[u8], salt: &[u8; 32], stream: &str, field: &str, content: &[u8]) -> bool {
    commit(salt, stream, field, content).as_slice().ct_eq(commitment).into()
}

/// HMAC-SHA256, for keys of commands and the like.
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
