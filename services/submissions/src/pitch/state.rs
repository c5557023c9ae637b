//! What a pitch is, and what it decides.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::{from_proto, to_proto};
use plaudit_chassis::id::MemberId;
use plaudit_proto::submissions::v1::{PitchDisqualified, PitchSubmitted, PitchWithdrawn};
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};

use super::{Outcome, PitchCommand, PitchError, PitchEvent, Standing, Submission};
use crate::programme::{Call, Phase};
use crate::rulebook::answered_by;

/// Something that needs a second person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub by: MemberId,
    /// A number on the list of reasons.
    pub reason: i32,
    /// For a reopening: until when.
    pub until: Option<Timestamp>,
}

/// A pitch, folded from its stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pitch {
    /// `None` before it is submitted, though it may be reopened before.
    pub standing: Option<Standing>,
    /// How often it was submitted.
    pub submission: u32,
    /// The first is the one who entered.
    pub team: Vec<MemberId>,
    /// Two people let it be replaced until then.
    pub reopened_until: Option<Timestamp>,
    /// Who screened it last.
    pub screened_by: Option<MemberId>,
    /// The second look is over.
    pub looked_again: bool,
    pub disqualification: Option<Proposal>,
    pub reopening: Option<Proposal>,
}

/// What the completion of the screening makes of a pitch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    Eligible,
    Refused,
    NotYet,
    /// Taken back by its team.
    Left,
}

impl Aggregate for Pitch {
    const TYPE: &'static str = "pitch";
    type Command = PitchCommand;
    type Event = PitchEvent;
    type Error = PitchError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: PitchCommand,
        deciding: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), PitchError> {
        let event = self.decide(command, deciding)?;
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: PitchEvent) {
        use PitchEvent as E;
        match event {
            E::PitchSubmitted(event) => self.submitted(&event),
            E::PitchWithdrawn(_) => self.standing = Some(Standing::Withdrawn),
            E::PitchQueried(_) => self.standing = Some(Standing::Queried),
            E::QueryAnswered(_) => self.standing = Some(Standing::Answered),
            E::PitchScreened(event) => {
                self.standing = Some(match Outcome::of(event.outcome()) {
                    Outcome::Eligible => Standing::Eligible,
                    Outcome::Ineligible => Standing::Ineligible,
                });
                self.screened_by = event.by.parse().ok();
                self.looked_again = event.again;
            }
            E::DisqualificationProposed(event) => {
                let by = event.by.parse().unwrap_or_default();
                self.disqualification = Some(Proposal { by, reason: event.reason, until: None });
            }
            E::PitchDisqualified(_) => {
                self.standing = Some(Standing::Disqualified);
                self.disqualification = None;
            }
            E::ReopeningProposed(event) => {
                let by = event.by.parse().unwrap_or_default();
                let until = Some(from_proto(&event.until));
                self.reopening = Some(Proposal { by, reason: event.reason, until });
            }
            E::PitchReopened(event) => {
                self.reopened_until = Some(from_proto(&event.until));
                self.reopening = None;
            }
        }
    }
}

impl Pitch {
    fn decide(&self, command: PitchCommand, deciding: &Deciding) -> Result<PitchEvent, PitchError> {
        use PitchCommand as C;
        match command {
            C::Submit(submission) => self.submit(*submission),
            C::Withdraw { phase } => self.withdraw(phase),
            C::Screen(look) => self.screen(look, deciding),
            C::Query { phase, question } => self.query(phase, question, deciding.now),
            C::Answer { phase, answer } => self.answer(phase, answer),
            C::ProposeDisqualification { phase, reason } => {
                self.propose_disqualification(phase, reason, deciding.member())
            }
            C::ConfirmDisqualification { phase, proposers } => {
                self.confirm_disqualification(phase, &proposers, deciding.member())
            }
            C::ProposeReopening { call, until, reason } => {
                self.propose_reopening(call, until, reason, deciding)
            }
            C::ConfirmReopening { call, proposers } => self.confirm_reopening(call, &proposers, deciding),
        }
    }

    /// Whether the member is in its team.
    pub fn is_of(&self, member: MemberId) -> bool {
        self.team.contains(&member)
    }

    /// Who entered it.
    pub fn entrant(&self) -> Option<MemberId> {
        self.team.first().copied()
    }

    /// Whether it is in the competition, as far as it has been decided.
    pub fn is_in(&self) -> bool {
        self.standing().is_ok()
    }

    /// What the completion of the screening makes of it.
    pub fn decided(&self, now: Timestamp) -> Decided {
        match self.standing {
            Some(Standing::Withdrawn) => Decided::Left,
            Some(Standing::Disqualified) => Decided::Refused,
            _ if self.open_until(now).is_some() => Decided::NotYet,
            // Reopened for what came too late, and never submitted.
            None => Decided::Left,
            Some(Standing::Eligible) => Decided::Eligible,
            Some(Standing::Ineligible) => Decided::Refused,
            Some(Standing::Submitted | Standing::Queried | Standing::Answered) => Decided::NotYet,
        }
    }

    /// How it stands, unless it has left the competition.
    pub fn standing(&self) -> Result<Standing, PitchError> {
        match self.standing {
            // What was never submitted is refused before: there is no such pitch.
            None | Some(Standing::Withdrawn) => Err(PitchError::Withdrawn),
            Some(Standing::Disqualified) => Err(PitchError::Disqualified),
            Some(standing) => Ok(standing),
        }
    }

    /// Until when it may be replaced after the deadline, if it still may:
    /// what had arrived in time is waited for.
    pub(super) fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.reopened_until.filter(|until| now < answered_by(*until))
    }

    fn submit(&self, submission: Submission) -> Result<PitchEvent, PitchError> {
        self.takes(submission.call, submission.received_at)?;
        Ok(PitchSubmitted {
            submission: self.submission + 1,
            team: submission.team.into_iter().map(String::from).collect(),
            title: submission.title,
            team_name: submission.team_name,
            answers: submission.answers,
            attachments: submission.attachments,
            rulebook_hash: submission.rulebook_hash,
            received_at: Some(to_proto(submission.received_at)),
            by_itself: submission.by_itself,
        }
        .into())
    }

    /// Refuses what belongs to a submission that could not come in.
    pub fn takes(&self, call: Call, received_at: Timestamp) -> Result<(), PitchError> {
        if self.standing.is_some() {
            self.standing()?;
        }
        self.in_time(call, received_at)
    }

    /// What counts is when the last byte had arrived; the last instant is in.
    fn in_time(&self, call: Call, received_at: Timestamp) -> Result<(), PitchError> {
        let reopened = self.reopened_until.filter(|_| call.phase <= Phase::Closed);
        if reopened.is_some_and(|until| received_at <= until) {
            return Ok(());
        }
        match call.phase {
            Phase::Drafted | Phase::Published => Err(PitchError::CallNotOpen),
            Phase::Open if received_at <= call.last_instant => Ok(()),
            Phase::Open => Err(PitchError::TooLate(call.last_instant)),
            _ => Err(PitchError::CallClosed),
        }
    }

    /// A replaced pitch is screened from the start.
    fn submitted(&mut self, event: &PitchSubmitted) {
        self.standing = Some(Standing::Submitted);
        self.submission = event.submission;
        self.team = event.team.iter().filter_map(|member| member.parse().ok()).collect();
        self.screened_by = None;
        self.looked_again = false;
    }

    fn withdraw(&self, phase: Phase) -> Result<PitchEvent, PitchError> {
        self.standing()?;
        if phase > Phase::Screened {
            return Err(PitchError::NotNow);
        }
        Ok(PitchWithdrawn {}.into())
    }

    fn propose_disqualification(
        &self,
        phase: Phase,
        reason: Reason,
        by: MemberId,
    ) -> Result<PitchEvent, PitchError> {
        self.can_disqualify(phase)?;
        Ok(super::DisqualificationProposed { reason: reason.into(), by: by.into() }.into())
    }

    fn confirm_disqualification(
        &self,
        phase: Phase,
        proposers: &[MemberId],
        second: MemberId,
    ) -> Result<PitchEvent, PitchError> {
        self.can_disqualify(phase)?;
        let proposal = confirmed(self.disqualification.as_ref(), proposers, second)?;
        Ok(PitchDisqualified {
            proposed_by: proposal.by.into(),
            confirmed_by: second.into(),
            reason: proposal.reason,
        }
        .into())
    }

    fn can_disqualify(&self, phase: Phase) -> Result<(), PitchError> {
        self.standing()?;
        if phase > Phase::Screened { Err(PitchError::NotNow) } else { Ok(()) }
    }
}

/// The proposal that `second` confirms: by somebody else who may still
/// propose it.
pub(super) fn confirmed<'a>(
    proposal: Option<&'a Proposal>,
    proposers: &[MemberId],
    second: MemberId,
) -> Result<&'a Proposal, PitchError> {
    let proposal =
        proposal.filter(|proposal| proposers.contains(&proposal.by)).ok_or(PitchError::NotProposed)?;
    if proposal.by == second { Err(PitchError::SamePerson) } else { Ok(proposal) }
}
