//! What may be asked of a pitch, and the decisions that load what it relies
//! on.

use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, StreamId};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::vault::{Commitment, Opening};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;

use super::{Outcome, Pitch};
use crate::access::{self, Act, Relation};
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
    /// It must not be in yet; otherwise it must.
    pub new: bool,
    pub entry: Entry,
    pub sealed: Sealed,
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
        match (self.new, pitch.entrant()) {
            (true, None) => programme.may_enter(member)?,
            (true, Some(_)) => return Err(super::PitchError::AlreadySubmitted.into()),
            (false, _) => {
                exists_in(scope, self.programme, self.pitch).await?;
                access::to_pitch(Act::ReplacePitch, relation)?;
            }
        }
        let team = if self.new { vec![member] } else { pitch.team.clone() };
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
    entry.check(programme.rulebook()?)?;
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
    for opening in [&sealed.title, &sealed.team_name, &sealed.answers] {
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
        exists_in(scope, self.programme, self.pitch).await?;
        let programme = scope.load::<Programme>(&self.programme.stream()).await?.state;
        let pitch = scope.load::<Pitch>(&stream).await?.state;
        access::to_pitch(self.act, Relation::to_pitch(&programme, &pitch, self.pitch, member))?;
        let command = (self.command)(programme.call()?, proposers(&programme, &pitch, self.pitch));
        scope.handle::<Pitch>(&stream, command).await?;
        if let Some(opening) = &self.opening {
            scope.keep(opening);
        }
        Ok(stream)
    }
}

/// The organisers who have no part in the pitch.
fn proposers(programme: &Programme, pitch: &Pitch, id: PitchId) -> Vec<MemberId> {
    let all = programme.roles.keys().copied();
    all.filter(|member| programme.is_organiser(*member))
        .filter(|member| !programme.is_conflicted(*member, id) && !pitch.is_of(*member))
        .collect()
}

const BELONGS: &str = "select 1 from events where stream = $1 and version = 1 and programme = $2";

/// Refuses a pitch of another programme, or none: to which a pitch belongs
/// never changes, so this needs no guard.
pub async fn exists_in(scope: &Scope, programme: ProgrammeId, pitch: PitchId) -> Result<(), Problem> {
    let client = scope.store().pool().get().await.map_err(StoreError::from)?;
    let statement = client.prepare_cached(BELONGS).await.map_err(StoreError::from)?;
    let found = client
        .query_opt(&statement, &[&pitch.stream().as_str(), &programme.0])
        .await
        .map_err(StoreError::from)?;
    found.map(drop).ok_or_else(|| Problem::not_found("pitch"))
}
