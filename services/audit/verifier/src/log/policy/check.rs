//! What a policy makes of a checkpoint.

use super::{
    super::{
        checkpoint::{Checkpoint, CheckpointError},
        cosignature,
        note::{Note, SignatureError, SignatureLine, VerifierKey},
    },
    Member, Policy,
};

/// What a policy finds under a checkpoint's note in which nothing is false. **Look at `quorum_reached`.**
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What the log has signed.
    pub checkpoint: Checkpoint,
    /// The first key of the policy by which the log has signed it.
    pub log: VerifierKey,
    /// The cosignatures by the policy's witnesses, in the note's order; a witness may have cosigned more than
    /// once.
    pub cosigned: Vec<Cosigned>,
    /// The signatures by keys that the policy doesn't have. They say nothing.
    pub unknown: Vec<SignatureLine>,
    /// Whether the witnesses that have cosigned are enough.
    pub quorum_reached: bool,
}

/// One cosignature that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// What the policy calls the witness.
    pub witness: String,
    /// When the witness says it saw the checkpoint, in seconds since 1970.
    pub time: u64,
}

/// Why a policy doesn't even look for a quorum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// The note's text isn't a checkpoint, or is another log's than who signed it.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A line says it is by a key of the policy, and isn't.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Nobody whom the policy believes says what the checkpoint says.
    #[error("none of the policy's logs has signed the checkpoint of {origin}")]
    NoLog { origin: String },
}

impl Verdict {
    /// The names of the policy's witnesses that have cosigned, each once.
    pub fn witnesses(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.cosigned.iter().map(|cosigned| cosigned.witness.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Policy {
    /// Checks every signature of a checkpoint's note that is by one of the policy's keys.
    ///
    /// A single false one is an error, as is a log's signature under another log's checkpoint, and a
    /// checkpoint that no log has signed. That too few witnesses have cosigned isn't an error, but is in the
    /// [`Verdict`].
    pub fn check(&self, note: &Note) -> Result<Verdict, CheckError> {
        let checkpoint = Checkpoint::parse(note.text())?;
        let mut log = None;
        let mut witnessed = vec![false; self.witnesses.len()];
        let mut cosigned = Vec::new();
        let mut unknown = Vec::new();
        for line in note.signatures() {
            if let Some(known) = self.logs.iter().find(|log| log.key.is_named_by(line)) {
                known.key.verify(note.text(), line)?;
                checkpoint.check_origin(&known.key)?;
                log = log.or(Some(&known.key));
            } else if let Some(place) =
                self.witnesses.iter().position(|witness| witness.key.is_named_by(line))
            {
                let witness = &self.witnesses[place];
                let time = cosignature::verify(&witness.key, &checkpoint, line)?;
                cosigned.push(Cosigned { witness: witness.name.clone(), time });
                witnessed[place] = true;
            } else {
                unknown.push(line.clone());
            }
        }
        let Some(log) = log.cloned() else {
            return Err(CheckError::NoLog { origin: checkpoint.origin().to_owned() });
        };
        let quorum_reached = self.is_quorum(&witnessed);
        Ok(Verdict { checkpoint, log, cosigned, unknown, quorum_reached })
    }

    /// Whether the quorum has witnessed, told which witnesses have, by their places.
    fn is_quorum(&self, witnesses: &[bool]) -> bool {
        // Groups are made of earlier ones, so one pass settles them all, however deeply they are nested.
        let mut groups: Vec<bool> = Vec::with_capacity(self.groups.len());
        let has_witnessed = |member: Member, groups: &[bool]| match member {
            Member::Witness(place) => witnesses[place],
            Member::Group(place) => groups[place],
        };
        for group in &self.groups {
            let count = group.members.iter().filter(|member| has_witnessed(**member, &groups)).count();
            groups.push(count >= group.threshold);
        }
        self.quorum.is_none_or(|member| has_witnessed(member, &groups))
    }
}
