//! Writing: the same lines, with the SHA-256 of all before the last.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::read::hex;
use super::{Audience, Before};
use crate::event::Hash32;
use crate::id::Id;

/// What opens a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// What stands in the event.
    pub commitment: Hash32,
    /// Its key.
    pub salt: Hash32,
    /// What was sealed.
    pub content: Vec<u8>,
}

/// All that a bundle says besides its events.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Whose events.
    pub programme: Id,
    /// RFC 3339, with `Z`.
    pub made: String,
    /// For whom.
    pub audience: Audience,
    /// An earlier log's last checkpoint, if it was lost.
    pub before: Option<Before>,
    /// A C2SP tlog-policy, without comments and blank lines; each line with its newline.
    pub policy: String,
    /// Signed notes, by rising size.
    pub checkpoints: Vec<String>,
    /// How many events follow.
    pub events: u64,
    /// In any order.
    pub openings: Vec<Opening>,
    /// The seals that are not opened here, by field.
    pub withheld: BTreeMap<String, u64>,
}

/// Writes a bundle, piece by piece. `events` hands over each event's place, written `service/position`, and bytes.
///
/// # Errors
/// Those of `out`.
pub fn write_bundle<E>(
    bundle: Bundle,
    events: impl IntoIterator<Item = (String, Vec<u8>)>,
    out: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut file = File { hash: Sha256::new(), out };
    let Bundle { programme, made, audience, before, .. } = &bundle;
    let before = before.as_ref().map(before_line).unwrap_or_default();
    let mut head = format!("{BUNDLE}programme {programme}\nmade {made}\nfor {}\n{before}", audience.word());
    head += &counted("policy", &bundle.policy);
    for checkpoint in &bundle.checkpoints {
        head += &counted("checkpoint", checkpoint);
    }
    head += &format!("events {}\n", bundle.events);
    file.put(head.as_bytes())?;
    for (place, bytes) in events {
        file.put(&[place.as_bytes(), b"\t", &bytes, b"\n"].concat())?;
    }
    file.put(opened(bundle.openings).as_bytes())?;
    file.put(withheld(&bundle.withheld).as_bytes())?;
    file.end()
}

/// A bundle's first line.
pub(super) const BUNDLE: &str = "plaudit.bundle/v1\n";

pub(super) fn before_line(before: &Before) -> String {
    format!("before {} {} {}\n", before.origin, before.size, Hash32(before.root))
}

pub(super) fn withheld(fields: &BTreeMap<String, u64>) -> String {
    let mut lines = format!("withheld {}\n", fields.len());
    for (field, count) in fields {
        lines += &format!("{field}\t{count}\n");
    }
    lines
}

/// All that a receipt says.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Whose event.
    pub programme: Id,
    /// RFC 3339, with `Z`.
    pub made: String,
    /// A C2SP tlog-policy, without comments and blank lines; each line with its newline.
    pub policy: String,
    /// The event's place, written `service/position`, and its bytes.
    pub event: (String, Vec<u8>),
    /// In any order.
    pub openings: Vec<Opening>,
    /// A C2SP tlog-proof.
    pub proof: String,
}

/// Writes a receipt.
pub fn write_receipt(receipt: Receipt) -> Vec<u8> {
    let mut written = Vec::new();
    let out = |bytes: &[u8]| {
        written.extend_from_slice(bytes);
        Ok::<(), std::convert::Infallible>(())
    };
    let mut file = File { hash: Sha256::new(), out };
    let head = format!("plaudit.receipt/v1\nprogramme {}\nmade {}\n", receipt.programme, receipt.made);
    let (place, event) = &receipt.event;
    let parts = [
        head.as_bytes(),
        counted("policy", &receipt.policy).as_bytes(),
        b"event ",
        place.as_bytes(),
        b"\t",
        event,
        b"\n",
        opened(receipt.openings).as_bytes(),
        counted("proof", &receipt.proof).as_bytes(),
    ]
    .concat();
    let Ok(()) = file.put(&parts).and_then(|()| file.end());
    written
}

/// Lines after their number.
pub(super) fn counted(name: &str, lines: &str) -> String {
    format!("{name} {}\n{lines}", lines.lines().count())
}

pub(super) fn opened(mut openings: Vec<Opening>) -> String {
    openings.sort_by_key(|opening| opening.commitment);
    openings.dedup_by_key(|opening| opening.commitment);
    let mut lines = format!("openings {}\n", openings.len());
    for Opening { commitment, salt, content } in &openings {
        lines += &format!("{commitment}\t{salt}\t{}\n", STANDARD.encode(content));
    }
    lines
}

/// What is written, and its SHA-256.
pub(super) struct File<W> {
    pub hash: Sha256,
    pub out: W,
}

impl<E, W: FnMut(&[u8]) -> Result<(), E>> File<W> {
    pub fn put(&mut self, bytes: &[u8]) -> Result<(), E> {
        self.hash.update(bytes);
        (self.out)(bytes)
    }

    pub fn end(&mut self) -> Result<(), E> {
        let hash: [u8; 32] = self.hash.clone().finalize().into();
        (self.out)(format!("end {}\n", hex(&hash)).as_bytes())
    }
}
