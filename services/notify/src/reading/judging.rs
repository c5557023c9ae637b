//! Judges: asked, assigned, what they have yet to hand in, and what comes back. Of a scorecard
//! it is known whether it is there, and never what it says.

use deadpool_postgres::Transaction;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::id;
use plaudit_chassis::id::RoundId;
use plaudit_chassis::store::StoreError;
use plaudit_proto::panels::v1::{
    AssignmentMade, AssignmentWithdrawn, AssignmentsCompleted, JudgeAccepted, JudgeDeclined, JudgeInvited,
    JudgeRecused, JudgeStoodDown,
};
use plaudit_proto::scoring::v1::{
    CommentReturned, RoundLocked, RoundVoided, ScorecardAbstained, ScorecardExpected, ScorecardReleased,
    ScorecardSealed, ScorecardSetAside,
};

use super::concern::{Concerned, unreadable};
use crate::facts::{Judge, Panel, Round, Scorecard};
use crate::letter::{About, Kind};

plaudit_chassis::events! {
    /// What panels says that somebody is to hear of.
    enum Panels {
        "plaudit.panels.v1" {
            JudgeInvited, JudgeAccepted, JudgeDeclined, JudgeStoodDown, JudgeRecused, AssignmentMade,
            AssignmentWithdrawn, AssignmentsCompleted,
        }
    }
}

plaudit_chassis::events! {
    /// What scoring says of what is handed in.
    enum Scoring {
        "plaudit.scoring.v1" {
            RoundLocked, RoundVoided, ScorecardExpected, ScorecardReleased, ScorecardSealed,
            ScorecardAbstained, ScorecardSetAside, CommentReturned,
        }
    }
}

impl Concerned {
    pub async fn panels(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
    ) -> Result<(), StoreError> {
        let Some(said) = event.is::<Panels>().map_err(unreadable)? else { return Ok(()) };
        if let Panels::AssignmentsCompleted(_) = said {
            return self.assigned(transaction, event).await;
        }
        let (programme, own) = (event.envelope.programme, event.envelope.stream.id());
        let mut judge: Judge = self.shelf.get(transaction, own).await?;
        match said {
            Panels::JudgeInvited(invited) => {
                judge = Judge { panel: id(&invited.panel), member: id(&invited.member), ..judge };
                let word = invited.office().as_str_name().trim_start_matches("OFFICE_").to_lowercase();
                let about = About { word: Some(word), ..About::default() };
                self.write(event, [judge.member], Kind::JudgeInvited, about);
            }
            Panels::JudgeAccepted(_) => judge.gone = false,
            Panels::JudgeDeclined(_) | Panels::JudgeStoodDown(_) => judge.gone = true,
            Panels::JudgeRecused(recused) => {
                judge.assigned.remove(&id(&recused.pitch));
            }
            Panels::AssignmentMade(made) => {
                judge.assigned.insert(id(&made.pitch));
                let panel: Panel = self.shelf.get(transaction, judge.panel.0).await?;
                if panel.assigned {
                    self.tell_of_assignments(event, &judge);
                }
            }
            Panels::AssignmentWithdrawn(withdrawn) => {
                judge.assigned.remove(&id(&withdrawn.pitch));
            }
            Panels::AssignmentsCompleted(_) => {}
        }
        self.shelf.put(programme, own, &judge)
    }

    /// The list is complete: everybody on it hears of it, and whoever comes
    /// onto it later does then.
    async fn assigned(&mut self, transaction: &Transaction<'_>, event: &Recorded) -> Result<(), StoreError> {
        let (programme, panel) = (event.envelope.programme, RoundId(event.envelope.stream.id()));
        self.shelf.put(programme, panel.0, &Panel { assigned: true })?;
        let judges = self.shelf.all::<Judge>(transaction, programme).await?;
        for (_, judge) in judges.iter().filter(|(_, judge)| judge.panel == panel) {
            self.tell_of_assignments(event, judge);
        }
        Ok(())
    }

    /// Once a panel, however often its list changes.
    fn tell_of_assignments(&mut self, event: &Recorded, judge: &Judge) {
        if !judge.gone && !judge.assigned.is_empty() {
            let number = u32::try_from(judge.assigned.len()).ok();
            let about = About { number, ..About::default() };
            self.write_once(event, judge.panel.0, [judge.member], Kind::Assignment, about);
        }
    }

    pub async fn scoring(
        &mut self,
        transaction: &Transaction<'_>,
        event: &Recorded,
    ) -> Result<(), StoreError> {
        let Some(said) = event.is::<Scoring>().map_err(unreadable)? else { return Ok(()) };
        let (programme, own) = (event.envelope.programme, event.envelope.stream.id());
        if let Scoring::RoundLocked(_) | Scoring::RoundVoided(_) = said {
            return self.shelf.put(programme, own, &Round { over: true });
        }
        let mut scorecard: Scorecard = self.shelf.get(transaction, own).await?;
        match said {
            Scoring::ScorecardExpected(expected) => {
                scorecard = Scorecard {
                    round: id(&expected.round),
                    judge: id(&expected.judge),
                    pitch: id(&expected.pitch),
                    missing: true,
                };
            }
            Scoring::CommentReturned(_) => {
                let judge: Judge = self.shelf.get(transaction, scorecard.judge.0).await?;
                let about = About { pitch: Some(scorecard.pitch), ..About::default() };
                self.write(event, [judge.member], Kind::CommentReturned, about);
            }
            _ => scorecard.missing = false,
        }
        self.shelf.put(programme, own, &scorecard)
    }
}
