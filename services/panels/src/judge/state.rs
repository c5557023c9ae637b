//! A judge's seat: what it decides, and what it has become.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::{MemberId, PitchId, RoundId};
use plaudit_proto::panels::v1::{
    AssignmentMade, AssignmentWithdrawn, Connection, DeclarationConfirmed, InterestDeclared, InterestsListed,
    JudgeAccepted, JudgeDeclined, JudgeInvited, JudgeRecused, JudgeStoodDown, KnownConnectionAllowed, Office,
};
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Declaration, Invitation, JudgeCommand, JudgeError};

plaudit_chassis::events! {
    /// What happens to a judge's seat.
    pub enum JudgeEvent {
        "plaudit.panels.v1" {
            JudgeInvited, JudgeAccepted, JudgeDeclined, JudgeStoodDown, InterestsListed,
            InterestDeclared, KnownConnectionAllowed, DeclarationConfirmed, JudgeRecused,
            AssignmentMade, AssignmentWithdrawn,
        }
    }
}

/// How far a seat has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Nobody was asked.
    #[default]
    Empty,
    Invited,
    Accepted,
    Declined,
    StoodDown,
}

/// What stands between a judge and a pitch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Connected {
    /// Known; not allowed yet.
    Known,
    /// Known, and an organiser allowed it.
    Allowed,
    /// A wall.
    Aside,
}

/// One person's seat on one panel.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Judge {
    /// The round whose panel it is.
    pub panel: RoundId,
    /// Whose seat.
    pub member: MemberId,
    /// Judge, chair or deputy.
    pub office: Office,
    /// Independent of the promoter and the sponsors.
    pub independent: bool,
    /// The most pitches they will take; 0: no limit.
    pub cap: u32,
    /// How far it has come.
    pub status: Status,
    /// Whether interests have been declared.
    pub declared: bool,
    /// The pitches to which there is a connection.
    pub connections: BTreeMap<PitchId, Connected>,
    /// The pitches to mark.
    pub assigned: BTreeSet<PitchId>,
}

impl Aggregate for Judge {
    const TYPE: &'static str = "judge";
    type Command = JudgeCommand;
    type Event = JudgeEvent;
    type Error = JudgeError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: JudgeCommand,
        deciding: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), JudgeError> {
        for event in self.decide(command, deciding)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: JudgeEvent) {
        match event {
            JudgeEvent::JudgeInvited(event) => self.invited(&event),
            JudgeEvent::JudgeAccepted(_) => self.status = Status::Accepted,
            JudgeEvent::JudgeDeclined(_) => self.status = Status::Declined,
            JudgeEvent::JudgeStoodDown(_) => self.status = Status::StoodDown,
            JudgeEvent::InterestsListed(_) => {}
            JudgeEvent::InterestDeclared(event) => match event.connection() {
                Connection::Known => self.connect(&event.pitch, Connected::Known),
                Connection::StandAside => self.connect(&event.pitch, Connected::Aside),
                Connection::None | Connection::Unspecified => {}
            },
            JudgeEvent::KnownConnectionAllowed(event) => self.connect(&event.pitch, Connected::Allowed),
            JudgeEvent::DeclarationConfirmed(_) => self.declared = true,
            JudgeEvent::JudgeRecused(event) => self.connect(&event.pitch, Connected::Aside),
            JudgeEvent::AssignmentMade(event) => {
                self.assigned.insert(pitch(&event.pitch));
            }
            JudgeEvent::AssignmentWithdrawn(event) => {
                self.assigned.remove(&pitch(&event.pitch));
            }
        }
    }
}

fn pitch(id: &str) -> PitchId {
    id.parse().unwrap_or_default()
}

impl Judge {
    fn invited(&mut self, event: &JudgeInvited) {
        self.panel = event.panel.parse().unwrap_or_default();
        self.member = event.member.parse().unwrap_or_default();
        self.office = event.office();
        self.independent = event.independent;
        self.cap = event.cap;
        self.status = Status::Invited;
    }

    /// Whatever comes after it, a wall stays.
    fn connect(&mut self, to: &str, connected: Connected) {
        let stands = self.connections.entry(pitch(to)).or_insert(connected);
        if *stands != Connected::Aside {
            *stands = connected;
        }
    }

    /// Accepted and declared: may be given pitches.
    pub fn sits(&self) -> bool {
        self.status == Status::Accepted && self.declared
    }

    /// Whether a wall stands between this judge and a pitch.
    pub fn stands_aside(&self, pitch: PitchId) -> bool {
        self.connections.get(&pitch) == Some(&Connected::Aside)
    }

    /// Why this judge may not be given a pitch.
    pub fn may_mark(&self, pitch: PitchId) -> Result<(), JudgeError> {
        match self.connections.get(&pitch) {
            Some(Connected::Aside) => Err(JudgeError::StandsAside(pitch)),
            Some(Connected::Known) => Err(JudgeError::NotAllowedYet(pitch)),
            Some(Connected::Allowed) | None => Ok(()),
        }
    }

    fn decide(&self, command: JudgeCommand, deciding: &Deciding) -> Result<Vec<JudgeEvent>, JudgeError> {
        match command {
            JudgeCommand::Invite(invitation) => self.invite(&invitation),
            JudgeCommand::Accept { confidentiality } => self.accept(confidentiality),
            JudgeCommand::Decline => self.decline(),
            JudgeCommand::StandDown(reason) => self.stand_down(reason),
            JudgeCommand::Declare(declaration) => self.declare(&declaration),
            JudgeCommand::Allow(pitch) => self.allow(pitch, deciding.member()),
            JudgeCommand::Recuse { pitch, reason, nature } => self.recuse(pitch, reason, nature),
            JudgeCommand::Assign(pitches) => self.assign(&pitches),
            JudgeCommand::Withdraw(pitches) => self.withdraw(&pitches),
        }
    }

    fn invite(&self, invitation: &Invitation) -> Result<Vec<JudgeEvent>, JudgeError> {
        match self.status {
            Status::Empty | Status::Declined => {}
            Status::Invited | Status::Accepted => return Err(JudgeError::AlreadyInvited),
            Status::StoodDown => return Err(JudgeError::StoodDown),
        }
        let event = JudgeInvited {
            panel: invitation.panel.into(),
            member: invitation.member.into(),
            office: invitation.office.into(),
            independent: invitation.independent,
            cap: invitation.cap,
        };
        Ok(vec![event.into()])
    }

    fn accept(&self, confidentiality: bool) -> Result<Vec<JudgeEvent>, JudgeError> {
        self.asked()?;
        if !confidentiality {
            return Err(JudgeError::NoConfidentiality);
        }
        Ok(vec![JudgeAccepted {}.into()])
    }

    fn decline(&self) -> Result<Vec<JudgeEvent>, JudgeError> {
        self.asked()?;
        Ok(vec![JudgeDeclined {}.into()])
    }

    /// Invited, and has not answered yet.
    fn asked(&self) -> Result<(), JudgeError> {
        match self.status {
            Status::Invited => Ok(()),
            Status::Empty => Err(JudgeError::NotInvited),
            Status::Accepted => Err(JudgeError::AlreadyAccepted),
            Status::Declined => Err(JudgeError::Declined),
            Status::StoodDown => Err(JudgeError::StoodDown),
        }
    }

    /// Invited or accepted: the seat is this member's.
    fn seated(&self) -> Result<(), JudgeError> {
        match self.status {
            Status::Invited | Status::Accepted => Ok(()),
            Status::Empty => Err(JudgeError::NotInvited),
            Status::Declined => Err(JudgeError::Declined),
            Status::StoodDown => Err(JudgeError::StoodDown),
        }
    }

    fn accepted(&self) -> Result<(), JudgeError> {
        self.seated()?;
        if self.status == Status::Accepted { Ok(()) } else { Err(JudgeError::NotAccepted) }
    }

    fn stand_down(&self, reason: Reason) -> Result<Vec<JudgeEvent>, JudgeError> {
        self.seated()?;
        Ok(vec![JudgeStoodDown { reason: reason.into() }.into()])
    }

    fn declare(&self, declaration: &Declaration) -> Result<Vec<JudgeEvent>, JudgeError> {
        self.accepted()?;
        if self.declared {
            return Err(JudgeError::AlreadyDeclared);
        }
        if !declaration.none_for_the_rest {
            return Err(JudgeError::RestIsOpen);
        }
        let answers = answers(declaration)?;
        let mut events = Vec::with_capacity(answers.len() + 2);
        if !declaration.interests.is_empty() {
            events.push(InterestsListed { interests: declaration.interests.clone() }.into());
        }
        let confirmed = DeclarationConfirmed { pitches: count(answers.len()), digest: digest(&answers) };
        events.extend(answers.into_values().map(JudgeEvent::from));
        events.push(confirmed.into());
        Ok(events)
    }

    fn allow(&self, pitch: PitchId, by: MemberId) -> Result<Vec<JudgeEvent>, JudgeError> {
        self.seated()?;
        if by == self.member {
            return Err(JudgeError::OwnConnection);
        }
        match self.connections.get(&pitch) {
            Some(Connected::Known) => Ok(vec![KnownConnectionAllowed { pitch: pitch.into() }.into()]),
            Some(Connected::Allowed) => Err(JudgeError::AlreadyAllowed),
            Some(Connected::Aside) => Err(JudgeError::StandsAside(pitch)),
            None => Err(JudgeError::NothingToAllow(pitch)),
        }
    }

    fn recuse(&self, pitch: PitchId, reason: Reason, nature: Bytes) -> Result<Vec<JudgeEvent>, JudgeError> {
        self.seated()?;
        if self.stands_aside(pitch) {
            return Err(JudgeError::StandsAside(pitch));
        }
        let event = JudgeRecused {
            pitch: pitch.into(),
            reason: reason.into(),
            nature,
            panel: self.panel.into(),
            member: self.member.into(),
        };
        Ok(vec![event.into()])
    }

    fn assign(&self, pitches: &[PitchId]) -> Result<Vec<JudgeEvent>, JudgeError> {
        self.accepted()?;
        if !self.declared {
            return Err(JudgeError::NotDeclared);
        }
        for &pitch in pitches {
            self.may_mark(pitch)?;
            if self.assigned.contains(&pitch) {
                return Err(JudgeError::AlreadyAssigned(pitch));
            }
        }
        if self.cap > 0 && self.assigned.len() + pitches.len() > self.cap as usize {
            return Err(JudgeError::CapReached(self.cap));
        }
        let made = pitches.iter().map(|&pitch| AssignmentMade {
            pitch: pitch.into(),
            panel: self.panel.into(),
            member: self.member.into(),
        });
        Ok(made.map(JudgeEvent::from).collect())
    }

    fn withdraw(&self, pitches: &[(PitchId, Reason)]) -> Result<Vec<JudgeEvent>, JudgeError> {
        let withdrawn = pitches.iter().map(|&(pitch, reason)| {
            if !self.assigned.contains(&pitch) {
                return Err(JudgeError::NotAssigned(pitch));
            }
            let event = AssignmentWithdrawn {
                pitch: pitch.into(),
                panel: self.panel.into(),
                member: self.member.into(),
                reason: reason.into(),
            };
            Ok(event.into())
        });
        withdrawn.collect()
    }
}

/// An answer about every pitch: those listed, and none for the rest.
fn answers(declaration: &Declaration) -> Result<BTreeMap<PitchId, InterestDeclared>, JudgeError> {
    let none = declaration.eligible.iter().map(|&pitch| {
        let connection = Connection::None.into();
        (pitch, InterestDeclared { pitch: pitch.into(), connection, nature: Bytes::new() })
    });
    let mut answers: BTreeMap<_, _> = none.collect();
    for (place, declared) in declaration.connections.iter().enumerate() {
        let answer = answers.get_mut(&declared.pitch).ok_or(JudgeError::NotToBeJudged { place })?;
        if answer.connection() != Connection::None {
            return Err(JudgeError::ListedTwice { place });
        }
        if declared.connection == Connection::Known && declared.nature.is_empty() {
            return Err(JudgeError::NatureMissing { place });
        }
        answer.connection = declared.connection.into();
        answer.nature.clone_from(&declared.nature);
    }
    Ok(answers)
}

/// As `DeclarationConfirmed.digest` says it. A map is sorted by its pitches,
/// and ids sort as their texts do.
fn digest(answers: &BTreeMap<PitchId, InterestDeclared>) -> Bytes {
    let mut hash = Sha256::new();
    for (pitch, answer) in answers {
        hash.update(format!("{pitch} {}\n", answer.connection));
    }
    Bytes::copy_from_slice(&hash.finalize())
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
