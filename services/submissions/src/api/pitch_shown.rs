//! A pitch as it is shown, as far as it may be seen.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::vault::{self, Commitment};
use plaudit_proto::submissions::v1::PitchScreened;
use serde::Serialize;
use utoipa::ToSchema;

use super::programme_shown::hexadecimal;
use crate::access::{Relation, Sight};
use crate::attachment::Listed;
use crate::pitch::{Outcome, Proposal, Standing};
use crate::read_model::PitchRow;
use crate::reason;

/// A pitch. What is absent is not for the caller, or was forgotten.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PitchShown {
    id: PitchId,
    /// How much of it the caller may see.
    pub sight: Sight,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_name: Option<String>,
    /// By the id of the form question.
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<BTreeMap<String, String>>,
    /// The files that came with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<Vec<Listed>>,
    /// For its team, organisers and approvers.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<Progress>,
    /// For organisers and approvers: what waits for a second person.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposals: Option<Proposals>,
    /// For its team.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<Receipt>,
}

/// How it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Progress {
    standing: Option<Standing>,
    /// How often it was submitted; the last counts.
    submission: u32,
    /// The first is the one who entered.
    team: Vec<MemberId>,
    /// When its last byte had arrived.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// A draft that entered itself at the deadline.
    by_itself: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    reopened_until: Option<Timestamp>,
    screening: Option<ScreenedShown>,
    question: Option<String>,
    answer: Option<String>,
}

/// What screening said.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ScreenedShown {
    outcome: Outcome,
    reason: Option<String>,
    words: Option<String>,
    /// It was the second and last look.
    again: bool,
    by: MemberId,
}

/// What was proposed.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Proposals {
    disqualification: Option<ProposalShown>,
    reopening: Option<ProposalShown>,
}

/// Something that waits for a second person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ProposalShown {
    by: MemberId,
    reason: Option<String>,
    /// For a reopening: until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// What proves that this was handed in, and when.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Receipt {
    /// Also the stream that the seals are bound to.
    stream: String,
    submission: u32,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// SHA-256 of the rulebook that stood, in hexadecimal.
    rulebook_hash: String,
    seals: Vec<Seal>,
}

/// A private copy that opens a commitment.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Seal {
    /// Such as `PitchSubmitted.title`.
    field: &'static str,
    /// In hexadecimal.
    commitment: String,
    /// In base64; absent if it was forgotten.
    salt: Option<String>,
    /// Exactly what was sealed.
    content: Option<String>,
}

pub type Openings = HashMap<Commitment, vault::Shown>;

/// How much of what may be seen is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// What it is called and how it stands.
    Names,
    /// All of it.
    All,
}

/// What must be opened to show this much of a row.
pub fn commitments(sight: Sight, row: &PitchRow, much: Wanted) -> Vec<Commitment> {
    let mut wanted = Vec::new();
    let it = &row.submitted;
    if sight >= Sight::Names {
        wanted.push(it.title.clone());
    }
    if sight >= Sight::Names && sight != Sight::Anonymous {
        wanted.push(it.team_name.clone());
    }
    if much == Wanted::Names {
        return wanted;
    }
    if sight >= Sight::Anonymous {
        wanted.extend([it.answers.clone(), it.attachments.clone()]);
    }
    if sight == Sight::Everything {
        wanted.extend(row.screened.iter().map(|screened| screened.words.clone()));
        wanted.extend([row.question.clone(), row.answer.clone()]);
    }
    wanted
}

/// A row as far as it may be seen. What may not be, or is not wanted, was not
/// opened, and so is absent by itself.
pub fn shown(
    row: PitchRow,
    sight: Sight,
    relation: Relation,
    much: Wanted,
    openings: &Openings,
) -> PitchShown {
    let text = |commitment: &Commitment| openings.get(commitment).map(vault::Shown::text);
    let answers = openings.get(&row.submitted.answers);
    let everything = sight == Sight::Everything;
    PitchShown {
        id: row.id,
        sight,
        title: text(&row.submitted.title),
        team_name: text(&row.submitted.team_name),
        answers: answers.and_then(|answers| serde_json::from_slice(&answers.content).ok()),
        attachments: attachments(&row, sight, openings),
        progress: everything.then(|| progress(&row, openings)),
        proposals: (everything && relation.second && !relation.team).then(|| Proposals {
            disqualification: row.pitch.disqualification.as_ref().map(proposal),
            reopening: row.pitch.reopening.as_ref().map(proposal),
        }),
        receipt: (relation.team && much == Wanted::All).then(|| receipt(&row, openings)),
    }
}

/// The files of the submission that counts, if they may be seen and were not
/// forgotten.
pub fn attachments(row: &PitchRow, sight: Sight, openings: &Openings) -> Option<Vec<Listed>> {
    let opening = openings.get(&row.submitted.attachments).filter(|_| sight >= Sight::Anonymous)?;
    let list: Vec<Listed> = serde_json::from_slice(&opening.content).ok()?;
    if sight != Sight::Anonymous {
        return Some(list);
    }
    Some((1..).zip(list).map(|(place, listed)| listed.anonymous(place)).collect())
}

fn progress(row: &PitchRow, openings: &Openings) -> Progress {
    let text = |commitment: &Commitment| openings.get(commitment).map(vault::Shown::text);
    Progress {
        standing: row.pitch.standing,
        submission: row.pitch.submission,
        team: row.pitch.team.clone(),
        received_at: from_proto(&row.submitted.received_at),
        by_itself: row.submitted.by_itself,
        reopened_until: row.pitch.reopened_until,
        screening: row.screened.as_ref().map(|screened| screening(screened, openings)),
        question: text(&row.question),
        answer: text(&row.answer),
    }
}

fn screening(screened: &PitchScreened, openings: &Openings) -> ScreenedShown {
    ScreenedShown {
        outcome: Outcome::of(screened.outcome()),
        reason: reason::word(screened.reason),
        words: openings.get(&screened.words).map(vault::Shown::text),
        again: screened.again,
        by: screened.by.parse().unwrap_or_default(),
    }
}

pub(super) fn proposal(proposal: &Proposal) -> ProposalShown {
    ProposalShown { by: proposal.by, reason: reason::word(proposal.reason), until: proposal.until }
}

fn receipt(row: &PitchRow, openings: &Openings) -> Receipt {
    let it = &row.submitted;
    let seals = [
        ("PitchSubmitted.title", &it.title),
        ("PitchSubmitted.team_name", &it.team_name),
        ("PitchSubmitted.answers", &it.answers),
        ("PitchSubmitted.attachments", &it.attachments),
    ];
    let seals =
        seals.into_iter().filter(|(_, commitment)| !commitment.is_empty()).map(|(field, commitment)| {
            let opening = openings.get(commitment);
            Seal {
                field,
                commitment: hexadecimal(commitment),
                salt: opening.map(vault::Shown::salt_base64),
                content: opening.map(vault::Shown::text),
            }
        });
    Receipt {
        stream: row.id.stream().to_string(),
        submission: it.submission,
        received_at: from_proto(&it.received_at),
        rulebook_hash: hexadecimal(&it.rulebook_hash),
        seals: seals.collect(),
    }
}
