//! A panel: what it decides, and what it has become.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId};
use plaudit_proto::panels::v1::{AssignmentsCompleted, PanelConvened, PanelReady, SeatOffered};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Completed, PanelCommand, PanelError, Quorum};

plaudit_chassis::events! {
    /// What happens to a panel.
    pub enum PanelEvent {
        "plaudit.panels.v1" { PanelConvened, SeatOffered, AssignmentsCompleted, PanelReady }
    }
}

/// What assignments were made by, and are repaired by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// 0: every judge marks every pitch.
    pub judges_per_pitch: u32,
    /// What the lots are drawn from.
    pub seed: [u8; 32],
}

/// Who judges one round.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Panel {
    /// The round, as the rulebook calls it; empty until convened.
    pub round: String,
    /// Whether judges see whose a pitch is.
    pub anonymous: bool,
    /// Everybody who was asked.
    pub seats: BTreeMap<JudgeId, MemberId>,
    /// Present once assignments were made.
    pub drawn: Option<Drawn>,
    /// Whether the round can open.
    pub ready: bool,
}

impl Aggregate for Panel {
    const TYPE: &'static str = "panel";
    type Command = PanelCommand;
    type Event = PanelEvent;
    type Error = PanelError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: PanelCommand,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), PanelError> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: PanelEvent) {
        match event {
            PanelEvent::PanelConvened(event) => {
                self.round = event.round;
                self.anonymous = event.anonymous;
            }
            PanelEvent::SeatOffered(event) => {
                let judge = event.judge.parse().unwrap_or_default();
                self.seats.insert(judge, event.member.parse().unwrap_or_default());
            }
            PanelEvent::AssignmentsCompleted(event) => {
                let seed = event.seed.as_ref().try_into().unwrap_or_default();
                self.drawn = Some(Drawn { judges_per_pitch: event.judges_per_pitch, seed });
            }
            PanelEvent::PanelReady(_) => self.ready = true,
        }
    }
}

impl Panel {
    /// Refuses what needs a panel where there is none.
    pub fn convened(&self) -> Result<(), PanelError> {
        if self.round.is_empty() { Err(PanelError::NotConvened) } else { Ok(()) }
    }

    /// Whether assignments can be made now.
    pub fn assignable(&self, quorum: &Quorum) -> Result<(), PanelError> {
        self.convened()?;
        if self.drawn.is_some() {
            return Err(PanelError::AlreadyAssigned);
        }
        quorum.holds()
    }

    fn decide(&self, command: PanelCommand) -> Result<Option<PanelEvent>, PanelError> {
        match command {
            PanelCommand::Convene { round, anonymous } => {
                if !self.round.is_empty() {
                    return Err(PanelError::AlreadyConvened);
                }
                Ok(Some(PanelConvened { round, anonymous }.into()))
            }
            PanelCommand::OfferSeat { judge, member } => self.offer(judge, member),
            PanelCommand::CompleteAssignments(plan) => {
                self.assignable(&plan.quorum)?;
                Ok(Some(completed(&plan).into()))
            }
            PanelCommand::GetReady { quorum, assignments, without } => {
                self.get_ready(&quorum, &assignments, without)
            }
        }
    }

    /// Whoever declined and is asked again has their seat already.
    fn offer(&self, judge: JudgeId, member: MemberId) -> Result<Option<PanelEvent>, PanelError> {
        self.convened()?;
        if self.seats.contains_key(&judge) {
            return Ok(None);
        }
        Ok(Some(SeatOffered { judge: judge.into(), member: member.into() }.into()))
    }

    fn get_ready(
        &self,
        quorum: &Quorum,
        assignments: &[(PitchId, JudgeId)],
        without: Option<PitchId>,
    ) -> Result<Option<PanelEvent>, PanelError> {
        self.convened()?;
        if self.drawn.is_none() {
            return Err(PanelError::NotAssigned);
        }
        if self.ready {
            return Err(PanelError::AlreadyReady);
        }
        quorum.holds()?;
        if let Some(pitch) = without {
            return Err(PanelError::WithoutJudge(pitch));
        }
        let event = PanelReady { judges: judges(assignments), assignments: count(assignments.len()) };
        Ok(Some(event.into()))
    }
}

impl Quorum {
    /// Whether enough are there.
    fn holds(&self) -> Result<(), PanelError> {
        if self.there < self.needed {
            return Err(PanelError::NoQuorum { there: self.there, needed: self.needed });
        }
        if self.independent_needed && !self.independent_there {
            return Err(PanelError::NoIndependentJudge);
        }
        Ok(())
    }
}

fn completed(plan: &Completed) -> AssignmentsCompleted {
    let pitches: BTreeSet<_> = plan.assignments.iter().map(|(pitch, _)| pitch).collect();
    AssignmentsCompleted {
        assignments: count(plan.assignments.len()),
        pitches: count(pitches.len()),
        judges: judges(&plan.assignments),
        judges_per_pitch: plan.judges_per_pitch,
        digest: digest(&plan.assignments),
        seed: Bytes::copy_from_slice(&plan.seed),
    }
}

/// As `AssignmentsCompleted.digest` says it.
fn digest(assignments: &[(PitchId, JudgeId)]) -> Bytes {
    let sorted: BTreeSet<_> = assignments.iter().copied().collect();
    let mut hash = Sha256::new();
    for (pitch, judge) in sorted {
        hash.update(format!("{pitch} {judge}\n"));
    }
    Bytes::copy_from_slice(&hash.finalize())
}

/// How many of them have something to mark.
fn judges(assignments: &[(PitchId, JudgeId)]) -> u32 {
    let judges: BTreeSet<_> = assignments.iter().map(|(_, judge)| judge).collect();
    count(judges.len())
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
