//! What may be asked of a pitch, and the decisions that load what it relies
//! on.

use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, StreamId};
use plaudit_chassis::store::{Store, StoreError};
use plaudit_chassis::vault::{Commitment, Opening};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;

use super::{Outcome, Pitch};
use crate::access::{self, Act, Relation};
use crate::draft::{Draft, Drafts};
use crate::entry::{Entry, Sealed};
use crate::programme::{Call, Phase, Programme};

/// One thing asked of a pitch; seals are made, roles are checked.
#[derive(Clone, Debug)]
pub enum PitchCommand {
    Submit(Box<Submission>),
    Withdraw {
        phase: Phase,
    },
    Screen(Look),
    Query {
        phase: Phase,
        question: Commitment,
    },
    Answer {
        phase: Phase,
        answer: Commitment,
    },
    ProposeDisqualification {
        phase: Phase,
        reason: Reason,
    },
    /// `proposers`: who may still propose it.
    ConfirmDisqualification {
        phase: Phase,
        proposers: Vec<MemberId>,
    },
    ProposeReopening {
        call: Call,
        until: Timestamp,
        reason: Reason,
    },
    ConfirmReopening {
        call: Call,
        proposers: Vec<MemberId>,
    },
}

/// What comes in.
#[derive(Clone, Debug)]
pub struct Submission {
    pub call: Call,
    pub received_at: Timestamp,
    /// The first is the one who entered.
    pub team: Vec<MemberId>,
    pub title: Commitment,
    pub team_name: Commitment,
    pub answers: Commitment,
    /// Absent: empty.
    pub attachments: Commitment,
    pub rulebook_hash: Commitment,
    /// A draft that entered itself at the deadline.
    pub by_itself: bool,
}

/// A look at a pitch after the deadline.
#[derive(Clone, Debug)]
pub struct Look {
    pub phase: Phase,
    pub outcome: Outcome,
    pub reason: Reason,
    /// Absent: empty.
    pub words: Commitment,
}

/// A pitch comes in: the first time, or in place of what was in before.
pub struct SubmitPitch {
    pub programme: ProgrammeId,
    pub pitch: PitchId,
    pub entering: Entering,
    pub entry: Entry,
    pub sealed: Sealed,
}

/// Whether a pitch comes in for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entering {
    /// It must not be in yet. The entrant's, whoever of the team sends it.
    First(MemberId),
    /// It is in, and this comes in its place.
    Again,
}

impl Decision for SubmitPitch {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.pitch.stream();
        let member = scope.deciding().member();
        let programme = scope.load::<Programme>(&self.programme.stream()).await?.state;
        let pitch = scope.load::<Pitch>(&stream).await?.state;
        let relation = Relation::to_pitch(&programme, &pitch, self.pitch, member);
        if !relation.knows {
            return Err(Problem::not_found("programme"));
        }
        let team = match (self.entering, pitch.entrant()) {
            (Entering::First(entrant), None) => {
                programme.may_enter(entrant)?;
                vec![entrant]
            }
            (Entering::First(_), Some(_)) => return Err(super::PitchError::AlreadySubmitted.into()),
            (Entering::Again, _) => {
                exists_in(scope.store(), self.programme, self.pitch).await?;
                access::to_pitch(Act::ReplacePitch, relation)?;
                pitch.team.clone()
            }
        };
        let received_at = scope.deciding().received_at;
        let submission = submission(&programme, &self.entry, &self.sealed, &team, received_at)?;
        enter(scope, self.pitch, submission, &self.sealed).await?;
        Ok(stream)
    }
}

/// What an entry is to its pitch: checked against the rulebook. `team` is who
/// was in it before; its first stays the one who entered.
pub fn submission(
    programme: &Programme,
    entry: &Entry,
    sealed: &Sealed,
    team: &[MemberId],
    received_at: Timestamp,
) -> Result<Submission, Problem> {
    let call = programme.call()?;
    let rulebook = programme.rulebook()?;
    entry.check(rulebook)?;
    if sealed.attachments.count > rulebook.most_attachments as usize {
        let most = rulebook.most_attachments;
        return Err(Problem::field("attachments", format!("The rules take at most {most} files.")));
    }
    let team = entry.team(team);
    let looks_on = |member: &MemberId| programme.may_confirm(*member) || programme.auditors.contains(member);
    if let Some(at) = team.iter().skip(1).position(looks_on) {
        let why = "Organisers, approvers and auditors can't be in a team.";
        return Err(Problem::field(format!("team[{at}]"), why));
    }
    Ok(Submission {
        call,
        received_at,
        team,
        title: sealed.title.commitment(),
        team_name: sealed.team_name.commitment(),
        answers: sealed.answers.commitment(),
        attachments: sealed.attachments.opening.as_ref().map(Opening::commitment).unwrap_or_default(),
        rulebook_hash: programme.rulebook_hash.clone(),
        by_itself: false,
    })
}

/// Lets a submission in, with what it commits to.
pub async fn enter(
    scope: &mut Scope,
    pitch: PitchId,
    submission: Submission,
    sealed: &Sealed,
) -> Result<(), Problem> {
    scope.handle::<Pitch>(&pitch.stream(), PitchCommand::Submit(Box::new(submission))).await?;
    for opening in sealed.openings() {
        scope.keep(opening);
    }
    Ok(())
}

/// Makes a command of what was loaded: the call, and who may propose.
pub type WithCall = Box<dyn Fn(Call, Vec<MemberId>) -> PitchCommand + Send + Sync>;

/// A command to a pitch that is in.
pub struct Instruct {
    pub programme: ProgrammeId,
    pub pitch: PitchId,
    /// What it is to those who may or may not do it.
    pub act: Act,
    pub command: WithCall,
    /// What the command's commitments commit to.
    pub opening: Option<Opening>,
}

impl Decision for Instruct {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.pitch.stream();
        let member = scope.deciding().member();
        let late = self.late(scope).await?;
        let programme = scope.load::<Programme>(&self.programme.stream()).await?.state;
        let pitch = scope.load::<Pitch>(&stream).await?.state;
        let part = |member| pitch.is_of(member) || late.as_ref().is_some_and(|draft| draft.is_of(member));
        let mut relation = Relation::to_pitch(&programme, &pitch, self.pitch, member);
        relation.team = part(member);
        access::to_pitch(self.act, relation)?;
        let command = (self.command)(programme.call()?, proposers(&programme, part, self.pitch));
        scope.handle::<Pitch>(&stream, command).await?;
        if let Some(opening) = &self.opening {
            scope.keep(opening);
        }
        Ok(stream)
    }
}

impl Instruct {
    /// What came too late and never entered: it can be reopened, and no more.
    /// Otherwise the pitch must be in.
    async fn late(&self, scope: &Scope) -> Result<Option<Draft>, Problem> {
        let store = scope.store();
        if matches!(self.act, Act::ProposeReopening | Act::ConfirmReopening)
            && let Some(draft) = Drafts::of(store, self.programme).late(self.pitch).await?
        {
            return Ok(Some(draft));
        }
        exists_in(store, self.programme, self.pitch).await?;
        Ok(None)
    }
}

/// The organisers who have no part in the pitch.
fn proposers(programme: &Programme, part: impl Fn(MemberId) -> bool, id: PitchId) -> Vec<MemberId> {
    let all = programme.roles.keys().copied();
    all.filter(|member| programme.is_organiser(*member))
        .filter(|member| !programme.is_conflicted(*member, id) && !part(*member))
        .collect()
}

const BELONGS: &str = "select 1 from events where stream = $1 and programme = $2 \
     and type = 'plaudit.submissions.v1.PitchSubmitted' limit 1";

/// Refuses a pitch of another programme, or one that is not in: to which a pitch belongs
/// never changes, so this needs no guard.
pub async fn exists_in(store: &Store, programme: ProgrammeId, pitch: PitchId) -> Result<(), Problem> {
    let client = store.pool().get().await.map_err(StoreError::from)?;
    let statement = client.prepare_cached(BELONGS).await.map_err(StoreError::from)?;
    let found = client
        .query_opt(&statement, &[&pitch.stream().as_str(), &programme.0])
        .await
        .map_err(StoreError::from)?;
    found.map(drop).ok_or_else(|| Problem::not_found("pitch"))
}
