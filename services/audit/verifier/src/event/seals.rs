//! Which fields are seals, and whose: what `proto/` says with `(plaudit.v1.sealed)`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Commitment, Data, Event, Hash32};
use crate::id::Id;

/// A seal that an event made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// `PitchSubmitted.title`
    pub field: &'static str,
    /// What stands in the event.
    pub commitment: Hash32,
    /// Whose content it is.
    pub subject: Subject,
}

/// Whose content a seal holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Of which kind.
    pub kind: SubjectKind,
    /// Which one.
    pub id: Id,
}

/// `plaudit.v1.Subject`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// A person.
    Member,
    /// A pitch.
    Pitch,
    /// A round.
    Round,
    /// The programme.
    Programme,
}

impl SubjectKind {
    /// As the contract names it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "SUBJECT_MEMBER" => Some(Self::Member),
            "SUBJECT_PITCH" => Some(Self::Pitch),
            "SUBJECT_ROUND" => Some(Self::Round),
            "SUBJECT_PROGRAMME" => Some(Self::Programme),
            _ => None,
        }
    }
}

impl Event<'_> {
    /// The seals that it made, in the order of its fields.
    pub fn seals(&self, mut made: impl FnMut(Seal)) {
        use SubjectKind as S;
        let (programme, stream) = (self.envelope.programme, self.id());
        let actor = self.envelope.actor.member();
        let mut seal = |field: &'static str, commitment: &Commitment, kind: SubjectKind, id: Id| {
            if let Some(commitment) = *commitment {
                made(Seal { field, commitment, subject: Subject { kind, id } });
            }
        };
        match &self.data {
            Data::ProgrammeDrafted(it) => seal("ProgrammeDrafted.title", &it.title, S::Programme, programme),
            Data::OrganiserConflictDeclared(it) => {
                seal("OrganiserConflictDeclared.nature", &it.nature, S::Member, it.member);
            }
            Data::RulebookPublished(it) => {
                seal("RulebookPublished.prose", &it.prose, S::Programme, programme)
            }
            Data::RulebookAmended(it) => seal("RulebookAmended.prose", &it.prose, S::Programme, programme),
            Data::PitchSubmitted(it) => {
                seal("PitchSubmitted.title", &it.title, S::Pitch, stream);
                seal("PitchSubmitted.team_name", &it.team_name, S::Pitch, stream);
                seal("PitchSubmitted.answers", &it.answers, S::Pitch, stream);
                seal("PitchSubmitted.attachments", &it.attachments, S::Pitch, stream);
            }
            Data::PitchQueried(it) => seal("PitchQueried.question", &it.question, S::Pitch, stream),
            Data::QueryAnswered(it) => seal("QueryAnswered.answer", &it.answer, S::Pitch, stream),
            Data::PitchScreened(it) => seal("PitchScreened.words", &it.words, S::Pitch, stream),
            Data::InterestsListed(it) => seal("InterestsListed.interests", &it.interests, S::Member, actor),
            Data::InterestDeclared(it) => seal("InterestDeclared.nature", &it.nature, S::Member, actor),
            Data::JudgeRecused(it) => seal("JudgeRecused.nature", &it.nature, S::Member, it.member),
            Data::ScorecardSealed(it) => {
                seal("ScorecardSealed.marks", &it.marks, S::Round, it.round);
                seal("ScorecardSealed.comment_to_panel", &it.comment_to_panel, S::Member, actor);
                seal("ScorecardSealed.comment_to_entrant", &it.comment_to_entrant, S::Member, actor);
            }
            Data::CommentReworded(it) => {
                seal("CommentReworded.comment_to_entrant", &it.comment_to_entrant, S::Member, actor);
            }
            Data::ScorecardAbstained(it) => seal("ScorecardAbstained.words", &it.words, S::Member, actor),
            Data::PitchRanked(it) => {
                seal("PitchRanked.sealed_derivation", &it.sealed_derivation, S::Round, stream);
            }
            Data::ResultDeclared(it) => {
                seal("ResultDeclared.sealed_derivation", &it.sealed_derivation, S::Round, stream);
            }
            Data::PayeeNamed(it) => {
                seal("PayeeNamed.payee", &it.payee, S::Programme, programme);
                seal("PayeeNamed.account", &it.account, S::Member, actor);
            }
            Data::AgreementRecorded(it) => {
                seal("AgreementRecorded.agreement", &it.agreement, S::Member, actor)
            }
            Data::PayoutSent(it) => seal("PayoutSent.reference", &it.reference, S::Programme, programme),
            Data::SupportPledged(it) => seal("SupportPledged.what", &it.what, S::Programme, programme),
            Data::SupportDelivered(it) => seal("SupportDelivered.evidence", &it.evidence, S::Member, actor),
            _ => {}
        }
    }
}

/// The seal of `services/chassis/src/vault/seal.rs`: HMAC-SHA256 with the salt as key over `plaudit/seal/v1` and, each
/// after its length as eight bytes (big endian), stream, field and content.
pub fn commit(salt: &[u8; 32], stream: &str, field: &str, content: &[u8]) -> [u8; 32] {
    // A key of any length is taken: this can't fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(salt) else { return [0; 32] };
    mac.update(b"plaudit/seal/v1");
    for part in [stream.as_bytes(), field.as_bytes(), content] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
