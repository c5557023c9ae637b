//! What an award is, and when it may become what.

use std::fmt;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::{from_proto, to_proto};
use plaudit_chassis::id::{AwardId, MemberId, PitchId};
use plaudit_proto::awards::v1::{
    AwardAccepted, AwardAnnounced, AwardApproved, AwardDeclined, AwardLapsed, AwardProposed, AwardRefused,
    AwardWithdrawn, WithdrawalProposed,
};
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};

use super::{AwardCommand, AwardError};
use crate::money::Money;

plaudit_chassis::events! {
    /// What happens to an award.
    pub enum AwardEvent {
        "plaudit.awards.v1" {
            AwardProposed, AwardApproved, AwardRefused, AwardAnnounced, AwardAccepted,
            AwardDeclined, AwardLapsed, WithdrawalProposed, AwardWithdrawn,
        }
    }
}

/// One prize for one pitch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Award {
    terms: Option<Terms>,
    phase: Phase,
    proposed_by: MemberId,
    announced: bool,
    withdrawal: Option<(MemberId, i32)>,
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// To whom.
    pub pitch: PitchId,
    /// The prize's name in the rulebook.
    pub prize: String,
    /// As the ranking and the rulebook say.
    pub amount: Money,
    /// The round's name in the rulebook.
    pub round: String,
    /// The pitch's rank there; `None`: it has none.
    pub rank: Option<u32>,
    /// Why, if the award departs from the ranking: a `plaudit.v1.Reason`.
    pub departure: Option<i32>,
    /// The fallen award that this one replaces.
    pub in_place_of: Option<AwardId>,
}

/// How far an award has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Not even proposed.
    #[default]
    Absent,
    /// Waits for a second person.
    Proposed,
    /// Waits for the announcement.
    Approved,
    /// The second person said no.
    Refused,
    /// Waits for the winner's answer.
    Announced {
        /// The last instant to answer.
        accept_by: Timestamp,
    },
    /// The winner's.
    Accepted,
    /// The winner said no.
    Declined,
    /// The winner said nothing in time.
    Lapsed,
    /// Taken back by two.
    Withdrawn,
}

impl Phase {
    /// One word, as the API says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Announced { .. } => "announced",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether the prize has come free again and falls to the reserve.
    pub fn fallen(self) -> bool {
        matches!(self, Self::Declined | Self::Lapsed | Self::Withdrawn)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Award {
    /// What was proposed last, if anything was.
    pub fn terms(&self) -> Option<&Terms> {
        self.terms.as_ref()
    }

    /// How far it has come.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether it was part of an announcement.
    pub fn announced(&self) -> bool {
        self.announced
    }

    /// Why its withdrawal is proposed, if it is.
    pub fn withdrawal_reason(&self) -> Option<Reason> {
        self.withdrawal.and_then(|(_, reason)| Reason::try_from(reason).ok())
    }

    fn propose(&self, terms: Terms, by: MemberId) -> Result<AwardProposed, AwardError> {
        let again = match self.phase {
            Phase::Absent | Phase::Refused => true,
            // Taken back before anybody had heard of it.
            Phase::Withdrawn => !self.announced,
            _ => false,
        };
        if !again {
            return Err(AwardError::ProposedBefore(self.phase));
        }
        Ok(AwardProposed {
            pitch: terms.pitch.into(),
            prize: terms.prize,
            amount: Some(terms.amount.to_proto()),
            round: terms.round,
            rank: terms.rank.unwrap_or_default(),
            departure: terms.departure.unwrap_or_default(),
            in_place_of: terms.in_place_of.map(String::from).unwrap_or_default(),
            by: by.into(),
        })
    }

    fn approve(&self, by: MemberId) -> Result<AwardApproved, AwardError> {
        if self.phase != Phase::Proposed {
            return Err(AwardError::NotProposed(self.phase));
        }
        if self.proposed_by == by {
            return Err(AwardError::SamePerson);
        }
        Ok(AwardApproved { proposed_by: self.proposed_by.into(), approved_by: by.into() })
    }

    fn refuse(&self, reason: Reason) -> Result<AwardRefused, AwardError> {
        if self.phase != Phase::Proposed {
            return Err(AwardError::NotProposed(self.phase));
        }
        Ok(AwardRefused { reason: reason.into() })
    }

    fn announce(&self, accept_by: Timestamp) -> Result<AwardAnnounced, AwardError> {
        if self.phase != Phase::Approved {
            return Err(AwardError::NotApproved(self.phase));
        }
        Ok(AwardAnnounced { accept_by: Some(to_proto(accept_by)) })
    }

    /// The last instant is in.
    fn in_time(&self, received_at: Timestamp) -> Result<(), AwardError> {
        match self.phase {
            Phase::Announced { accept_by } if received_at <= accept_by => Ok(()),
            Phase::Announced { accept_by } => Err(AwardError::TooLate(accept_by)),
            phase => Err(AwardError::NotAnnounced(phase)),
        }
    }

    fn lapse(&self, now: Timestamp) -> Result<AwardLapsed, AwardError> {
        match self.phase {
            Phase::Announced { accept_by } if now > accept_by => Ok(AwardLapsed {}),
            Phase::Announced { accept_by } => Err(AwardError::NotYet(accept_by)),
            phase => Err(AwardError::NotAnnounced(phase)),
        }
    }

    fn withdrawable(&self) -> Result<(), AwardError> {
        match self.phase {
            Phase::Approved | Phase::Announced { .. } | Phase::Accepted => Ok(()),
            phase => Err(AwardError::NotWithdrawable(phase)),
        }
    }

    fn propose_withdrawal(&self, reason: Reason, by: MemberId) -> Result<WithdrawalProposed, AwardError> {
        self.withdrawable()?;
        if self.withdrawal.is_some() {
            return Err(AwardError::WithdrawalProposedBefore);
        }
        Ok(WithdrawalProposed { reason: reason.into(), by: by.into() })
    }

    fn confirm_withdrawal(&self, by: MemberId) -> Result<AwardWithdrawn, AwardError> {
        self.withdrawable()?;
        let (proposed_by, reason) = self.withdrawal.ok_or(AwardError::NoWithdrawalProposed)?;
        if proposed_by == by {
            return Err(AwardError::SamePerson);
        }
        Ok(AwardWithdrawn { proposed_by: proposed_by.into(), confirmed_by: by.into(), reason })
    }

    fn begin(&mut self, proposed: AwardProposed) {
        *self = Self {
            phase: Phase::Proposed,
            proposed_by: proposed.by.parse().unwrap_or_default(),
            terms: Some(Terms {
                pitch: proposed.pitch.parse().unwrap_or_default(),
                prize: proposed.prize,
                amount: Money::from_proto(proposed.amount.as_ref()),
                round: proposed.round,
                rank: (proposed.rank > 0).then_some(proposed.rank),
                departure: (proposed.departure != 0).then_some(proposed.departure),
                in_place_of: proposed.in_place_of.parse().ok(),
            }),
            announced: false,
            withdrawal: None,
        };
    }
}

impl Aggregate for Award {
    const TYPE: &'static str = "award";
    type Command = AwardCommand;
    type Event = AwardEvent;
    type Error = AwardError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: AwardCommand,
        deciding: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), AwardError> {
        let by = deciding.member();
        let event: AwardEvent = match command {
            AwardCommand::Propose(terms) => self.propose(terms, by)?.into(),
            AwardCommand::Approve => self.approve(by)?.into(),
            AwardCommand::Refuse(reason) => self.refuse(reason)?.into(),
            AwardCommand::Announce { accept_by } => self.announce(accept_by)?.into(),
            AwardCommand::Accept => {
                self.in_time(deciding.received_at)?;
                AwardAccepted {}.into()
            }
            AwardCommand::Decline => {
                self.in_time(deciding.received_at)?;
                AwardDeclined {}.into()
            }
            AwardCommand::Lapse => self.lapse(deciding.now)?.into(),
            AwardCommand::ProposeWithdrawal(reason) => self.propose_withdrawal(reason, by)?.into(),
            AwardCommand::ConfirmWithdrawal => self.confirm_withdrawal(by)?.into(),
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: AwardEvent) {
        match event {
            AwardEvent::AwardProposed(proposed) => self.begin(proposed),
            AwardEvent::AwardApproved(_) => self.phase = Phase::Approved,
            AwardEvent::AwardRefused(_) => self.phase = Phase::Refused,
            AwardEvent::AwardAnnounced(announced) => {
                self.announced = true;
                self.phase = Phase::Announced { accept_by: from_proto(&announced.accept_by) };
            }
            AwardEvent::AwardAccepted(_) => self.phase = Phase::Accepted,
            AwardEvent::AwardDeclined(_) => self.phase = Phase::Declined,
            AwardEvent::AwardLapsed(_) => self.phase = Phase::Lapsed,
            AwardEvent::WithdrawalProposed(proposed) => {
                self.withdrawal = Some((proposed.by.parse().unwrap_or_default(), proposed.reason));
            }
            AwardEvent::AwardWithdrawn(_) => self.phase = Phase::Withdrawn,
        }
    }
}
