//! Pitches, as submissions decided on them.

use std::collections::HashMap;

use crate::event::{Data, Event, Place, Screening};
use crate::id::Id;
use crate::time::Time;

/// A pitch.
#[derive(Debug)]
pub struct Pitch {
    /// Its place in the running order: the position of its first submission.
    pub first: Place,
    /// Whoever entered it first.
    pub team: Vec<Id>,
    /// How often it was submitted.
    pub submission: u32,
    /// How it stands.
    pub standing: Standing,
    /// Two people let it be replaced until then.
    pub reopened_until: Option<Time>,
    /// Whether it was ever submitted after the call had closed.
    pub again: bool,
    /// Who screened it last.
    pub screened_by: Id,
    /// The second look is over.
    pub looked_again: bool,
    /// It was found eligible at some time.
    pub forward: bool,
    /// It went forward when the screening was completed.
    pub completed: bool,
    /// The services that have taken in that it left, a bit each.
    pub left_for: u8,
    /// A judge was given it.
    pub assigned: bool,
}

/// How far a pitch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided on it.
    Undecided,
    /// Goes forward.
    Eligible,
    /// Doesn't.
    Ineligible,
    /// Taken back.
    Withdrawn,
    /// Put out by two.
    Disqualified,
}

/// What the completion of the screening makes of a pitch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// Goes forward.
    Eligible,
    /// Refused or disqualified.
    Refused,
    /// Nobody has decided.
    NotYet,
    /// Taken back.
    Left,
}

impl Pitch {
    /// What the completion of the screening makes of it.
    pub fn decided(&self) -> Decided {
        match self.standing {
            Standing::Undecided => Decided::NotYet,
            Standing::Eligible => Decided::Eligible,
            Standing::Ineligible | Standing::Disqualified => Decided::Refused,
            Standing::Withdrawn => Decided::Left,
        }
    }

    /// Whether it was withdrawn or disqualified.
    pub fn left(&self) -> bool {
        matches!(self.standing, Standing::Withdrawn | Standing::Disqualified)
    }
}

/// `early`: what was reopened before it was ever submitted, because it had come too late.
pub(super) fn learn(pitches: &mut HashMap<Id, Pitch>, early: &mut HashMap<Id, Time>, event: &Event<'_>) {
    if let Data::ScreeningCompleted(_) = event.data {
        pitches.values_mut().for_each(|pitch| pitch.completed = pitch.standing == Standing::Eligible);
        return;
    }
    if let Data::PitchSubmitted(submitted) = &event.data {
        let pitch = pitches.entry(event.id()).or_insert_with(|| Pitch {
            first: event.at,
            team: Vec::new(),
            submission: 0,
            standing: Standing::Undecided,
            reopened_until: early.remove(&event.id()),
            again: false,
            screened_by: Id::default(),
            looked_again: false,
            forward: false,
            completed: false,
            left_for: 0,
            assigned: false,
        });
        pitch.team.clone_from(&submitted.team);
        pitch.submission = submitted.submission;
        pitch.standing = Standing::Undecided;
        pitch.again |= pitch.reopened_until.is_some();
        pitch.screened_by = Id::default();
        pitch.looked_again = false;
        return;
    }
    let Some(pitch) = pitches.get_mut(&event.id()) else {
        if let Data::PitchReopened(reopened) = &event.data {
            early.insert(event.id(), reopened.until);
        }
        return;
    };
    match &event.data {
        Data::PitchWithdrawn(_) => pitch.standing = Standing::Withdrawn,
        Data::PitchDisqualified(_) => pitch.standing = Standing::Disqualified,
        Data::PitchQueried(_) | Data::QueryAnswered(_) => pitch.standing = Standing::Undecided,
        Data::PitchScreened(screened) => {
            let eligible = screened.outcome == Screening::Eligible;
            pitch.standing = if eligible { Standing::Eligible } else { Standing::Ineligible };
            pitch.forward |= eligible;
            pitch.screened_by = screened.by;
            pitch.looked_again = screened.again;
        }
        Data::PitchReopened(reopened) => pitch.reopened_until = Some(reopened.until),
        _ => {}
    }
}
