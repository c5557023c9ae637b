use bytes::Bytes;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::{MemberId, ScorecardId};
use plaudit_proto::scoring::v1::{
    LateFact, LateFactAnswered, LateOutcome, PanelTaken, RoundLocked, RoundOpened, RoundUnsealed,
    RoundVoided, UnsealingProposed,
};
use plaudit_proto::v1::MarksVisibility;
use plaudit_tally::Rules;
use serde::{Deserialize, Serialize};

use super::{RoundCommand, RoundError};
use crate::rules::rules;

plaudit_chassis::events! {
    /// What happens to a round.
    pub enum RoundEvent {
        "plaudit.scoring.v1" {
            PanelTaken, RoundOpened, RoundLocked, UnsealingProposed, RoundUnsealed,
            LateFactAnswered, RoundVoided,
        }
    }
}

/// How far a round is.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Its panel is not ready.
    #[default]
    Waiting,
    /// The panel is ready.
    Ready,
    /// Judges hand in.
    Open,
    /// Nothing changes any more, and nobody knows a mark.
    Locked,
    /// Two people have opened the marks.
    Unsealed,
    /// It doesn't count.
    Voided,
}

/// What was fixed when it opened: nothing reaches it afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pinned {
    /// What the rulebook calls the round.
    pub slug: String,
    /// Of the rulebook.
    pub rulebook_hash: Bytes,
    /// How marks become a ranking.
    pub rules: Rules,
    /// Whether the rulebook publishes marks.
    pub marks_public: bool,
    /// How many scorecards were expected.
    pub scorecards: u32,
}

/// How many scorecards stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Counted.
    pub sealed: u32,
    /// Answered without marks.
    pub abstained: u32,
    /// Not counted.
    pub set_aside: u32,
    /// Not handed in.
    pub missing: u32,
}

impl From<&RoundUnsealed> for Counts {
    fn from(unsealed: &RoundUnsealed) -> Self {
        Self {
            sealed: unsealed.sealed,
            abstained: unsealed.abstained,
            set_aside: unsealed.set_aside,
            missing: unsealed.missing,
        }
    }
}

/// A round of a programme.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Round {
    /// How far it is.
    pub phase: Phase,
    /// Judges on its panel.
    pub judges: u32,
    /// Assignments that the panel had when it was ready.
    pub assignments: u32,
    /// Set once it has opened.
    pub pinned: Option<Pinned>,
    /// Who proposed to open the marks.
    pub proposed_by: Option<MemberId>,
    /// Set once it is unsealed.
    pub unsealed: Option<Counts>,
}

impl Aggregate for Round {
    const TYPE: &'static str = "round";
    type Command = RoundCommand;
    type Event = RoundEvent;
    type Error = RoundError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: RoundCommand,
        deciding: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), RoundError> {
        let event: Option<RoundEvent> = match command {
            RoundCommand::TakePanel { judges, assignments } => {
                self.before_opening()?;
                Some(PanelTaken { judges, assignments }.into())
            }
            RoundCommand::Open(opened) => {
                self.openable(&opened)?;
                Some(opened.into())
            }
            RoundCommand::Lock => {
                self.open_for_marks()?;
                Some(RoundLocked {}.into())
            }
            RoundCommand::ProposeUnsealing => {
                self.proposable()?;
                Some(UnsealingProposed { by: deciding.member().into() }.into())
            }
            RoundCommand::Unseal { counts, digest } => {
                let proposed_by = self.confirmable_by(deciding.member())?;
                Some(unsealed(proposed_by, deciding.member(), counts, digest).into())
            }
            RoundCommand::AnswerLateFact { fact, scorecard } => self.answer(fact, scorecard),
            RoundCommand::Void(reason) => {
                let reason = reason.into();
                self.voidable().then(|| RoundVoided { reason }.into())
            }
        };
        if let Some(event) = event {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: RoundEvent) {
        match event {
            RoundEvent::PanelTaken(taken) => {
                self.phase = Phase::Ready;
                self.judges = taken.judges;
                self.assignments = taken.assignments;
            }
            RoundEvent::RoundOpened(opened) => {
                self.phase = Phase::Open;
                self.pinned = pinned(opened);
            }
            RoundEvent::RoundLocked(_) => self.phase = Phase::Locked,
            RoundEvent::UnsealingProposed(proposed) => self.proposed_by = proposed.by.parse().ok(),
            RoundEvent::RoundUnsealed(unsealed) => {
                self.phase = Phase::Unsealed;
                self.unsealed = Some(Counts::from(&unsealed));
            }
            RoundEvent::LateFactAnswered(_) => {}
            RoundEvent::RoundVoided(_) => self.phase = Phase::Voided,
        }
    }
}

/// `None` only for settings that [`Round::openable`] refuses.
fn pinned(opened: RoundOpened) -> Option<Pinned> {
    let rules = rules(opened.tally.as_ref()?).ok()?;
    Some(Pinned {
        marks_public: opened.marks() == MarksVisibility::Public,
        slug: opened.round,
        rulebook_hash: opened.rulebook_hash,
        rules,
        scorecards: opened.scorecards,
    })
}

fn unsealed(
    proposed_by: MemberId,
    confirmed_by: MemberId,
    counts: Counts,
    digest: [u8; 32],
) -> RoundUnsealed {
    RoundUnsealed {
        proposed_by: proposed_by.into(),
        confirmed_by: confirmed_by.into(),
        sealed: counts.sealed,
        abstained: counts.abstained,
        set_aside: counts.set_aside,
        missing: counts.missing,
        digest: Bytes::copy_from_slice(&digest),
    }
}

impl Round {
    /// Its rules, if judges may hand in now.
    pub fn open_for_marks(&self) -> Result<&Pinned, RoundError> {
        match self.phase {
            Phase::Waiting => Err(RoundError::Unknown),
            Phase::Ready => Err(RoundError::NotOpen),
            Phase::Open => self.pinned(),
            Phase::Locked | Phase::Unsealed => Err(RoundError::Locked),
            Phase::Voided => Err(RoundError::Voided),
        }
    }

    /// Its rules, if nothing can be handed in any more and nobody knows a mark.
    pub fn locked(&self) -> Result<&Pinned, RoundError> {
        match self.phase {
            Phase::Waiting => Err(RoundError::Unknown),
            Phase::Ready | Phase::Open => Err(RoundError::NotLocked),
            Phase::Locked => self.pinned(),
            Phase::Unsealed => Err(RoundError::Unsealed),
            Phase::Voided => Err(RoundError::Voided),
        }
    }

    /// What was fixed when it opened.
    pub fn pinned(&self) -> Result<&Pinned, RoundError> {
        self.pinned.as_ref().ok_or(RoundError::NotOpen)
    }

    /// Who proposed, if this member may confirm it.
    pub fn confirmable_by(&self, member: MemberId) -> Result<MemberId, RoundError> {
        self.locked()?;
        match self.proposed_by {
            None => Err(RoundError::NothingProposed),
            Some(by) if by == member => Err(RoundError::SamePerson),
            Some(by) => Ok(by),
        }
    }

    fn before_opening(&self) -> Result<(), RoundError> {
        match self.phase {
            Phase::Waiting | Phase::Ready => Ok(()),
            Phase::Open | Phase::Locked | Phase::Unsealed => Err(RoundError::OpenedBefore),
            Phase::Voided => Err(RoundError::Voided),
        }
    }

    fn openable(&self, opened: &RoundOpened) -> Result<(), RoundError> {
        self.before_opening()?;
        if self.phase == Phase::Waiting {
            return Err(RoundError::PanelNotReady);
        }
        let tally = opened.tally.as_ref().ok_or(RoundError::NotInRulebook)?;
        rules(tally)?;
        Ok(())
    }

    fn proposable(&self) -> Result<(), RoundError> {
        self.locked()?;
        match self.proposed_by {
            Some(_) => Err(RoundError::ProposedBefore),
            None => Ok(()),
        }
    }

    /// Before the lock a fact is in time, and in a voided round nothing counts.
    fn answer(&self, fact: LateFact, scorecard: ScorecardId) -> Option<RoundEvent> {
        let outcome = match self.phase {
            Phase::Locked => LateOutcome::SetAside,
            Phase::Unsealed => LateOutcome::Noted,
            Phase::Waiting | Phase::Ready | Phase::Open | Phase::Voided => return None,
        };
        let (fact, outcome) = (fact.into(), outcome.into());
        Some(LateFactAnswered { fact, outcome, scorecard: scorecard.into() }.into())
    }

    fn voidable(&self) -> bool {
        matches!(self.phase, Phase::Ready | Phase::Open | Phase::Locked)
    }
}
