//! After the deadline: screening, queries, and reopening by two.

use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::MemberId;
use plaudit_chassis::vault::Commitment;
use plaudit_proto::submissions::v1::{
    PitchQueried, PitchReopened, PitchScreened, QueryAnswered, ReopeningProposed, Screening,
};
use plaudit_proto::v1::Reason;

use super::state::confirmed;
use super::{Look, Outcome, Pitch, PitchError, PitchEvent, Standing};
use crate::programme::{Call, Phase};

impl Pitch {
    /// The first look, or the second and last at a refusal, by another person.
    /// The second is free until the programme is over: a refusal that was
    /// wrong is worth putting right late.
    pub(super) fn screen(&self, look: Look, deciding: &Deciding) -> Result<PitchEvent, PitchError> {
        let again = match self.standing()? {
            Standing::Eligible => return Err(PitchError::AlreadyEligible),
            Standing::Ineligible => {
                self.second_look(deciding.member())?;
                matches!(look.phase, Phase::Closed | Phase::Screened)
                    .then_some(true)
                    .ok_or(PitchError::NotScreeningTime)?
            }
            _ if look.phase == Phase::Closed => false,
            _ => return Err(PitchError::NotScreeningTime),
        };
        self.not_open(deciding.now)?;
        if look.outcome == Outcome::Ineligible && look.reason == Reason::Unspecified {
            return Err(PitchError::ReasonMissing);
        }
        Ok(PitchScreened {
            outcome: Screening::from(look.outcome).into(),
            reason: look.reason.into(),
            words: look.words,
            again,
            by: deciding.member().into(),
        }
        .into())
    }

    fn second_look(&self, by: MemberId) -> Result<(), PitchError> {
        if self.looked_again {
            Err(PitchError::SecondLookOver)
        } else if self.screened_by == Some(by) {
            Err(PitchError::SecondLookSamePerson)
        } else {
            Ok(())
        }
    }

    fn not_open(&self, now: Timestamp) -> Result<(), PitchError> {
        match self.open_until(now) {
            Some(until) => Err(PitchError::StillOpen(until)),
            None => Ok(()),
        }
    }

    pub(super) fn query(
        &self,
        phase: Phase,
        question: Commitment,
        now: Timestamp,
    ) -> Result<PitchEvent, PitchError> {
        if phase != Phase::Closed {
            return Err(PitchError::NotScreeningTime);
        }
        match self.standing()? {
            Standing::Submitted | Standing::Answered => self.not_open(now)?,
            _ => return Err(PitchError::NothingToAsk),
        }
        Ok(PitchQueried { question }.into())
    }

    pub(super) fn answer(&self, phase: Phase, answer: Commitment) -> Result<PitchEvent, PitchError> {
        if self.standing()? != Standing::Queried {
            return Err(PitchError::NothingAsked);
        }
        if phase != Phase::Closed {
            return Err(PitchError::NotScreeningTime);
        }
        Ok(QueryAnswered { answer }.into())
    }

    pub(super) fn propose_reopening(
        &self,
        call: Call,
        until: Timestamp,
        reason: Reason,
        deciding: &Deciding,
    ) -> Result<PitchEvent, PitchError> {
        self.can_reopen(call, until, deciding.now)?;
        Ok(ReopeningProposed {
            until: Some(to_proto(until)),
            reason: reason.into(),
            by: deciding.member().into(),
        }
        .into())
    }

    pub(super) fn confirm_reopening(
        &self,
        call: Call,
        proposers: &[MemberId],
        deciding: &Deciding,
    ) -> Result<PitchEvent, PitchError> {
        let second = deciding.member();
        let proposal = confirmed(self.reopening.as_ref(), proposers, second)?;
        let until = proposal.until.unwrap_or_default();
        self.can_reopen(call, until, deciding.now)?;
        Ok(PitchReopened {
            proposed_by: proposal.by.into(),
            confirmed_by: second.into(),
            until: Some(to_proto(until)),
            reason: proposal.reason,
        }
        .into())
    }

    /// Not once the eligible pitches are fixed. What came too late may be
    /// reopened before it was ever submitted.
    fn can_reopen(&self, call: Call, until: Timestamp, now: Timestamp) -> Result<(), PitchError> {
        if self.standing.is_some() {
            self.standing()?;
        }
        if !matches!(call.phase, Phase::Open | Phase::Closed) {
            return Err(PitchError::NotNow);
        }
        let with_the_call = call.phase == Phase::Open && until <= call.last_instant;
        if until <= now || with_the_call {
            return Err(PitchError::UntilTooEarly);
        }
        Ok(())
    }
}
