use bytes::Bytes;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::{JudgeId, PitchId, RoundId, ScorecardId};
use plaudit_proto::scoring::v1::{
    CommentReturned, CommentReworded, ScorecardAbstained, ScorecardExpected, ScorecardReleased,
    ScorecardSealed, ScorecardSetAside, ScorecardUnsealed,
};
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};

use super::{ScorecardCommand, ScorecardError};

plaudit_chassis::events! {
    /// What happens to a scorecard.
    pub enum ScorecardEvent {
        "plaudit.scoring.v1" {
            ScorecardExpected, ScorecardReleased, ScorecardSealed, ScorecardAbstained,
            ScorecardSetAside, ScorecardUnsealed, CommentReturned, CommentReworded,
        }
    }
}

/// Where a scorecard belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// In which round.
    pub round: RoundId,
    /// On which pitch.
    pub pitch: PitchId,
    /// From which judge.
    pub judge: JudgeId,
}

impl Place {
    /// The scorecard of this place.
    pub fn scorecard(self) -> ScorecardId {
        ScorecardId::of(self.judge, self.pitch)
    }
}

/// How a scorecard stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody expects it.
    #[default]
    Unknown,
    /// It is waited for.
    Expected,
    /// Handed in.
    Sealed,
    /// The judge gives no mark: never a zero.
    Abstained,
    /// No longer waited for; there was nothing in it.
    Released,
    /// Not counted, whatever is in it.
    SetAside,
}

/// One judge's marks on one pitch in one round.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Scorecard {
    /// Where it belongs, once it was expected.
    pub place: Place,
    /// How it stands.
    pub standing: Standing,
    /// How often it was sealed.
    pub sealing: u32,
    /// Commitments of what was answered last; empty ones are absent.
    pub marks: Bytes,
    /// See `marks`.
    pub comment_to_panel: Bytes,
    /// See `marks`.
    pub comment_to_entrant: Bytes,
    /// See `marks`.
    pub words: Bytes,
    /// Why it is abstained, released or set aside.
    pub reason: i32,
    /// Its pitch is no longer in the programme.
    pub pitch_left: bool,
    /// Its marks are in the log.
    pub revealed: bool,
    /// Why other words to the entrant are waited for; 0: they are not.
    pub returned: i32,
}

impl Aggregate for Scorecard {
    const TYPE: &'static str = "scorecard";
    type Command = ScorecardCommand;
    type Event = ScorecardEvent;
    type Error = ScorecardError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: ScorecardCommand,
        deciding: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), ScorecardError> {
        let event = match command {
            ScorecardCommand::Expect(place) => self.expect(place),
            ScorecardCommand::Seal { marks, comment_to_panel, comment_to_entrant } => {
                self.in_the_judges_hands()?;
                Some(self.seal(marks, comment_to_panel, comment_to_entrant, deciding))
            }
            ScorecardCommand::Abstain { reason, words } => {
                self.in_the_judges_hands()?;
                Some(ScorecardAbstained { reason: reason.into(), words }.into())
            }
            ScorecardCommand::LeaveJudge(reason) => self.leave_judge(reason),
            ScorecardCommand::LeavePitch => self.leave_pitch(),
            ScorecardCommand::ReturnComment(reason) => Some(self.return_comment(reason)?),
            ScorecardCommand::Reword(comment_to_entrant) => {
                self.rewordable()?;
                Some(CommentReworded { comment_to_entrant }.into())
            }
            ScorecardCommand::Unseal { salt, sheet } => self.unseal(&salt, &sheet),
        };
        if let Some(event) = event {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ScorecardEvent) {
        match event {
            ScorecardEvent::ScorecardExpected(expected) => {
                self.place = Place {
                    round: expected.round.parse().unwrap_or_default(),
                    pitch: expected.pitch.parse().unwrap_or_default(),
                    judge: expected.judge.parse().unwrap_or_default(),
                };
                self.supersede();
                self.stand(Standing::Expected, 0);
            }
            ScorecardEvent::ScorecardReleased(released) => {
                self.stand(Standing::Released, released.reason);
            }
            ScorecardEvent::ScorecardSealed(sealed) => {
                self.supersede();
                self.sealing = sealed.sealing;
                self.marks = sealed.marks;
                self.comment_to_panel = sealed.comment_to_panel;
                self.comment_to_entrant = sealed.comment_to_entrant;
                self.stand(Standing::Sealed, 0);
            }
            ScorecardEvent::ScorecardAbstained(abstained) => {
                self.supersede();
                self.words = abstained.words;
                self.stand(Standing::Abstained, abstained.reason);
            }
            ScorecardEvent::ScorecardSetAside(aside) => {
                self.pitch_left |= aside.reason == i32::from(Reason::PitchLeft);
                self.stand(Standing::SetAside, aside.reason);
            }
            ScorecardEvent::ScorecardUnsealed(_) => self.revealed = true,
            ScorecardEvent::CommentReturned(returned) => self.returned = returned.reason,
            ScorecardEvent::CommentReworded(reworded) => {
                self.comment_to_entrant = reworded.comment_to_entrant;
                self.returned = 0;
            }
        }
    }
}

impl Scorecard {
    /// Whether its marks count.
    pub fn counts(&self) -> bool {
        self.standing == Standing::Sealed
    }

    /// Whether the round still looks to this judge for this pitch.
    pub fn stands(&self) -> bool {
        matches!(self.standing, Standing::Expected | Standing::Sealed | Standing::Abstained)
    }

    /// What was answered before counts no more; the trail keeps it.
    fn supersede(&mut self) {
        for commitment in
            [&mut self.marks, &mut self.comment_to_panel, &mut self.comment_to_entrant, &mut self.words]
        {
            *commitment = Bytes::new();
        }
        self.returned = 0;
    }

    fn stand(&mut self, standing: Standing, reason: i32) {
        self.standing = standing;
        self.reason = reason;
    }

    fn expect(&self, place: Place) -> Option<ScorecardEvent> {
        let Place { round, pitch, judge } = place;
        let expected = || ScorecardExpected { round: round.into(), pitch: pitch.into(), judge: judge.into() };
        (!self.stands() && !self.pitch_left).then(|| expected().into())
    }

    /// Whether the judge may answer, as far as the scorecard goes.
    pub fn in_the_judges_hands(&self) -> Result<(), ScorecardError> {
        match self.standing {
            Standing::Expected | Standing::Sealed | Standing::Abstained => Ok(()),
            Standing::Unknown | Standing::Released => Err(ScorecardError::NotExpected),
            Standing::SetAside => Err(ScorecardError::SetAside),
        }
    }

    fn seal(&self, marks: Bytes, to_panel: Bytes, to_entrant: Bytes, deciding: &Deciding) -> ScorecardEvent {
        ScorecardSealed {
            sealing: self.sealing + 1,
            marks,
            comment_to_panel: to_panel,
            comment_to_entrant: to_entrant,
            round: self.place.round.into(),
            received_at: Some(to_proto(deciding.received_at)),
        }
        .into()
    }

    fn return_comment(&self, reason: Reason) -> Result<ScorecardEvent, ScorecardError> {
        if self.returned != 0 {
            return Err(ScorecardError::ReturnedAlready);
        }
        if !self.counts() || self.comment_to_entrant.is_empty() {
            return Err(ScorecardError::NothingToReturn);
        }
        Ok(CommentReturned { reason: reason.into() }.into())
    }

    fn rewordable(&self) -> Result<(), ScorecardError> {
        if self.returned == 0 { Err(ScorecardError::NotReturned) } else { Ok(()) }
    }

    /// The judge leaves the pitch: what was answered is set aside, visibly;
    /// what was only waited for is released.
    fn leave_judge(&self, reason: Reason) -> Option<ScorecardEvent> {
        let reason = reason.into();
        match self.standing {
            Standing::Expected => Some(ScorecardReleased { reason }.into()),
            Standing::Sealed | Standing::Abstained => Some(ScorecardSetAside { reason }.into()),
            Standing::Unknown | Standing::Released | Standing::SetAside => None,
        }
    }

    /// The pitch leaves the programme: every scorecard of it says so, so that
    /// the result can be derived from scorecards alone.
    fn leave_pitch(&self) -> Option<ScorecardEvent> {
        let known = self.standing != Standing::Unknown && !self.pitch_left;
        known.then(|| ScorecardSetAside { reason: Reason::PitchLeft.into() }.into())
    }

    /// Nothing if it doesn't count, or no longer: whatever set it aside after
    /// the lock touched the round too, so that the unsealing is decided again.
    fn unseal(&self, salt: &[u8; 32], sheet: &super::Sheet) -> Option<ScorecardEvent> {
        let revealed = || ScorecardUnsealed {
            commitment: self.marks.clone(),
            salt: Bytes::copy_from_slice(salt),
            marks: sheet.revealed(),
        };
        (self.counts() && !self.revealed).then(|| revealed().into())
    }
}
