//! A proof that an entry is in a log, in one file that needs nothing else, by <https://c2sp.org/tlog-proof>.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>
//! index 73894
//! <base64 of a hash>
//! <base64 of a hash>
//!
//! <the checkpoint's note, with its signatures>
//! ```
//!
//! The hashes lead from the leaf's sibling up to the root's child. The `extra` line may be missing; what it
//! holds is signed by nobody. Files of this kind end in `.tlog-proof`.

use std::fmt;

use super::{
    checkpoint::{Checkpoint, CheckpointError},
    encoding::{decimal, from_base64, hash, to_base64},
    note::{Note, NoteError},
    policy::{CheckError, Policy, Verdict},
    tree::{Hash, ProofError, leaf_hash, verify_inclusion},
};

/// The first line, which names the format.
const FORMAT: &str = "c2sp.org/tlog-proof@v1";

/// No way from a leaf to the root is longer.
const MAX_HASHES: usize = 64;

/// An inclusion proof with the checkpoint it leads to. Its `Display` is the file, byte for byte as it was
/// parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    index: u64,
    hashes: Vec<Hash>,
    extra: Option<Vec<u8>>,
    note: Note,
}

/// Why something isn't a proof's file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Proofs are UTF-8.
    #[error("the proof isn't valid UTF-8")]
    NotUtf8,
    /// The checkpoint follows after a blank line.
    #[error("the proof has no blank line between its hashes and its checkpoint")]
    NoBlankLine,
    /// Another format, or another version of this one.
    #[error("the proof's first line is \"{line}\", not \"{FORMAT}\"")]
    Format { line: String },
    /// Extra data are base64, and not empty.
    #[error("the line of extra data isn't \"extra\" and base64 of at least one byte")]
    Extra,
    /// The index comes before the hashes.
    #[error("the proof has no line \"index\" with a decimal without leading zeros")]
    Index,
    /// Hashes are 32 bytes in base64.
    #[error("\"{line}\" isn't a hash, 32 bytes in base64")]
    Hash { line: String },
    /// More levels than a tree can have.
    #[error("the proof has {found} hashes; {MAX_HASHES} is the most there can be")]
    TooManyHashes { found: usize },
    /// What follows the blank line isn't a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// What follows the blank line isn't a checkpoint's note.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// Why a proof isn't believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The checkpoint isn't a log's that the policy knows, or has a false signature.
    #[error(transparent)]
    Checkpoint(#[from] CheckError),
    /// Too few of the policy's witnesses.
    #[error("{} of the policy's witnesses have cosigned, which isn't the quorum", .verdict.witnesses().len())]
    Quorum { verdict: Box<Verdict> },
    /// The entry isn't where the proof says, or isn't the entry.
    #[error("the entry isn't proved to be in the log: {0}")]
    Inclusion(#[from] ProofError),
}

impl Proof {
    /// A proof without extra data, that the entry at `index` is in the tree of the checkpoint.
    pub fn new(index: u64, hashes: Vec<Hash>, checkpoint: Note) -> Result<Self, FormatError> {
        Checkpoint::parse(checkpoint.text())?;
        if hashes.len() > MAX_HASHES {
            return Err(FormatError::TooManyHashes { found: hashes.len() });
        }
        Ok(Self { index, hashes, extra: None, note: checkpoint })
    }

    /// The same proof with extra data, which aren't empty.
    pub fn with_extra(mut self, extra: Vec<u8>) -> Result<Self, FormatError> {
        if extra.is_empty() {
            return Err(FormatError::Extra);
        }
        self.extra = Some(extra);
        Ok(self)
    }

    /// Reads a proof's file; nothing is believed yet.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let text = str::from_utf8(bytes).map_err(|_| FormatError::NotUtf8)?;
        let (head, note) = text.split_once("\n\n").ok_or(FormatError::NoBlankLine)?;
        let mut lines = head.split('\n').peekable();
        let format = lines.next().unwrap_or_default();
        if format != FORMAT {
            return Err(FormatError::Format { line: format.to_owned() });
        }
        let extra = lines.next_if(|line| line.starts_with("extra"));
        let extra =
            extra.map(|line| line.strip_prefix("extra ").and_then(from_base64).ok_or(FormatError::Extra));
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(FormatError::Index)?;
        let hashes = lines.map(|line| hash(line).ok_or_else(|| FormatError::Hash { line: line.to_owned() }));
        let proof = Self::new(index, hashes.collect::<Result<_, _>>()?, Note::parse(note.as_bytes())?)?;
        match extra {
            Some(extra) => proof.with_extra(extra?),
            None => Ok(proof),
        }
    }

    /// Where in the log the entry is, counted from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The hashes from the leaf's sibling up to the root's child.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// What was put beside the proof; signed by nobody.
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The note with the checkpoint that the hashes lead to.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// Believes the proof if a log of the policy has signed its checkpoint, the policy's quorum of witnesses
    /// has cosigned it, and the hashes lead from this entry to its root.
    pub fn verify(&self, entry: &[u8], policy: &Policy) -> Result<Verdict, VerifyError> {
        let verdict = policy.check(&self.note)?;
        if !verdict.quorum_reached {
            return Err(VerifyError::Quorum { verdict: Box::new(verdict) });
        }
        let (size, root) = (verdict.checkpoint.size(), verdict.checkpoint.root());
        verify_inclusion(&leaf_hash(entry), self.index, size, &self.hashes, root)?;
        Ok(verdict)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FORMAT}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", to_base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", to_base64(hash)))?;
        write!(f, "\n{}", self.note)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::log::{
        cosignature,
        note::{KeyKind, Signer},
        tree::{Leaves, inclusion_proof},
    };

    fn log() -> Signer {
        Signer::new("example.com/log", KeyKind::Ed25519, &[1; 32]).unwrap()
    }

    fn witness() -> Signer {
        Signer::new("witness.example", KeyKind::CosignatureV1, &[2; 32]).unwrap()
    }

    fn policy() -> Policy {
        let (log, witness) = (log().verifier_key().to_string(), witness().verifier_key().to_string());
        Policy::parse(format!("log {log}\nwitness w {witness}\nquorum w\n").as_bytes()).unwrap()
    }

    /// That `entry 4` is the fifth of seven entries, cosigned or not.
    fn proof(cosigned: bool) -> Proof {
        let tree: Leaves = (0..7).map(|index| leaf_hash(format!("entry {index}").as_bytes())).collect();
        let checkpoint = Checkpoint::new("example.com/log", 7, tree.root()).unwrap();
        let mut note = checkpoint.sign(&log()).unwrap();
        if cosigned {
            note.add(cosignature::sign(&witness(), &checkpoint, 12).unwrap()).unwrap();
        }
        Proof::new(4, inclusion_proof(&tree, 4, 7).unwrap(), note).unwrap()
    }

    #[test]
    fn a_proof_is_read_back_byte_for_byte_and_believed() {
        let plain = proof(true);
        for proof in [plain.clone().with_extra(b"extra".to_vec()).unwrap(), plain] {
            let text = proof.to_string();
            let read = Proof::parse(text.as_bytes()).unwrap();
            assert_eq!((&read, read.to_string()), (&proof, text));
            let verdict = read.verify(b"entry 4", &policy()).unwrap();
            assert_eq!((verdict.checkpoint.size(), verdict.witnesses()), (7, vec!["w"]));
        }
    }

    #[test]
    fn a_proof_of_the_only_entry_has_no_hashes() {
        let checkpoint = Checkpoint::new("example.com/log", 1, leaf_hash(b"entry")).unwrap();
        let proof = Proof::new(0, vec![], checkpoint.sign(&log()).unwrap()).unwrap();
        assert!(proof.to_string().starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\nexample.com/log\n1\n"));
        assert_eq!(Proof::parse(proof.to_string().as_bytes()), Ok(proof));
    }

    #[test]
    fn a_proof_is_not_believed_for_a_reason_of_its_own() {
        let wrong_root = Err(VerifyError::Inclusion(ProofError::Root));
        assert_eq!(proof(true).verify(b"entry 5", &policy()), wrong_root);
        assert_eq!(Proof { index: 5, ..proof(true) }.verify(b"entry 4", &policy()), wrong_root);
        let quorum = proof(false).verify(b"entry 4", &policy()).unwrap_err();
        assert!(
            matches!(&quorum, VerifyError::Quorum { verdict } if verdict.cosigned.is_empty()),
            "{quorum}"
        );
        let text = proof(true).to_string().replace("\n7\n", "\n8\n");
        let changed = Proof::parse(text.as_bytes()).unwrap().verify(b"entry 4", &policy());
        assert!(matches!(changed, Err(VerifyError::Checkpoint(CheckError::Signature(_)))), "{changed:?}");
    }

    #[test]
    fn what_is_not_a_proof_is_refused_with_the_reason() {
        let good = proof(true).with_extra(b"extra".to_vec()).unwrap().to_string();
        let hash = to_base64(proof(true).hashes()[0]);
        let refused = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            Proof::parse(good.replacen(from, to, 1).as_bytes()).unwrap_err()
        };
        assert_eq!(Proof::parse(b"\xff"), Err(FormatError::NotUtf8));
        assert_eq!(Proof::parse(b""), Err(FormatError::NoBlankLine));
        let format = |line: &str| FormatError::Format { line: line.to_owned() };
        assert_eq!(refused("proof@v1", "proof@v2"), format("c2sp.org/tlog-proof@v2"));
        assert_eq!(refused("c2sp", " c2sp"), format(" c2sp.org/tlog-proof@v1"));
        for (from, to) in [("extra ", "extra"), ("extra ", "extra  "), ("extra ZXh0cmE=", "extra ")] {
            assert_eq!(refused(from, to), FormatError::Extra);
        }
        assert_eq!(refused("ZXh0cmE=", "ZXh0cmE"), FormatError::Extra);
        for (from, to) in
            [("index 4", "index 04"), ("index 4", "index -4"), ("index 4\n", ""), ("index", "Index")]
        {
            assert_eq!(refused(from, to), FormatError::Index);
        }
        let cut = FormatError::Hash { line: hash[1..].to_owned() };
        assert_eq!(refused(&hash, &hash[1..]), cut);
        assert_eq!(
            refused("index 4\n", "index 4\nextra ZXh0cmE=\n"),
            FormatError::Hash { line: "extra ZXh0cmE=".into() }
        );
        assert!(matches!(refused("\u{2014} w", "- w"), FormatError::Note(NoteError::Line { .. })));
        assert!(matches!(refused("\n7\n", "\n07\n"), FormatError::Checkpoint(CheckpointError::Size { .. })));
    }

    #[test]
    fn extra_data_and_hashes_have_bounds() {
        assert_eq!(proof(true).with_extra(vec![]), Err(FormatError::Extra));
        let note = proof(true).note().clone();
        assert!(Proof::new(0, vec![[0; 32]; 64], note.clone()).is_ok());
        assert_eq!(Proof::new(0, vec![[0; 32]; 65], note), Err(FormatError::TooManyHashes { found: 65 }));
        let text = Note::new("no checkpoint\n", vec![log().sign("no checkpoint\n").unwrap()]).unwrap();
        assert_eq!(Proof::new(0, vec![], text), Err(FormatError::Checkpoint(CheckpointError::Lines)));
    }
}
