//! What can be wrong with notes, keys and signatures.

use super::{KeyId, KeyKind, MAX_SIGNATURES};

/// Why something isn't a note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Notes are UTF-8.
    #[error("the note isn't valid UTF-8")]
    NotUtf8,
    /// Only newlines are allowed below U+0020.
    #[error("the note has the control character {}; only newlines are allowed", .character.escape_unicode())]
    ControlCharacter { character: char },
    /// Text and signatures must be told apart.
    #[error("the note has no blank line between its text and its signatures")]
    NoBlankLine,
    /// Text and signature lines each end in a newline.
    #[error("the note's text or its last line doesn't end in a newline")]
    Unended,
    /// A note has a signature.
    #[error("the note has no signature")]
    Unsigned,
    /// Each signature costs its reader time.
    #[error("the note has {found} signatures, more than the {MAX_SIGNATURES} allowed")]
    TooManySignatures { found: usize },
    /// Below the last blank line there are signatures and nothing else.
    #[error("\"{line}\" isn't a signature: an em dash, a key's name and base64 of its id and the signature")]
    Line { line: String },
}

/// Why something isn't a key that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not in the form of a verifier key.
    #[error("\"{text}\" isn't a verifier key, <name>+<8 hex digits>+<base64 of type and key>")]
    Form { text: String },
    /// Names end where a space or a plus begins.
    #[error("\"{name}\" can't name a key: a name isn't empty and has no space and no plus")]
    Name { name: String },
    /// A signature type that isn't read here.
    #[error("the key {name} has the type 0x{kind:02x}; only 0x01 and 0x04 (Ed25519) are read here")]
    Kind { name: String, kind: u8 },
    /// Ed25519 keys have one length.
    #[error("the key {name} has {found} bytes where Ed25519 needs 32")]
    Length { name: String, found: usize },
    /// The bytes aren't a point of the curve, or one in whose name anybody can sign.
    #[error("the bytes of the key {name} aren't a sound Ed25519 public key")]
    Unsound { name: String },
    /// The id is a hash of name, type and key; one of them has been changed.
    #[error("the key {name} says its id is {stated}, but its name, type and bytes give {computed}")]
    Id { name: String, stated: KeyId, computed: KeyId },
}

/// Why a signature couldn't be made, or isn't believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The key is for signatures of another kind.
    #[error("the key {name} makes {found} signatures, not {needed} ones")]
    Kind { name: String, needed: KeyKind, found: KeyKind },
    /// The line is by another key.
    #[error("the signature of {line_name} ({line_id}) isn't by the key {name} ({id})")]
    OtherKey { name: String, id: KeyId, line_name: String, line_id: KeyId },
    /// Each kind of signature has one length.
    #[error("the signature of {name} has {found} bytes where its kind needs {expected}")]
    Length { name: String, expected: usize, found: usize },
    /// The text, the signature or a cosignature's time has been changed.
    #[error("the signature of {name} doesn't match what it stands under")]
    Invalid { name: String },
    /// Times have 63 bits.
    #[error("{name} can't have signed at {time} seconds after 1970: times end at 2^63 - 1")]
    Time { name: String, time: u64 },
    /// What was to be signed can't be a note's text.
    #[error(transparent)]
    Text(#[from] NoteError),
}
