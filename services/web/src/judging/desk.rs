//! A judge's desk in one round: what every page of it begins with.

use uuid::Uuid;

use super::queue::Queue;
use super::seen::{Begun, Panel, Reading, RoundPhase, RoundStands, Scorecard, Seat, SeatStatus};
use crate::api::{Programme, Round};
use crate::failure::Failure;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::Wording;

/// A round, and the reader's seat in it.
pub struct Desk {
    /// The programme.
    pub programme: Programme,
    /// The rulebook's round.
    pub rules: Round,
    /// What it says in words.
    pub wording: Wording,
    /// How far the round is.
    pub phase: RoundPhase,
    /// Whether there is a result.
    pub declared: bool,
    /// Whether judges don't know whose a pitch is.
    pub anonymous: bool,
    /// The reader's.
    pub seat: Seat,
}

impl Desk {
    /// Opens it; 404 without a seat in this round.
    pub async fn open(visitor: &Visitor, programme: Uuid, round: &str) -> Result<Self, Failure> {
        visitor.signed_in()?;
        let of_programme = format!("submissions/programmes/{programme}");
        let of_panel = format!("panels/programmes/{programme}/rounds/{round}/panel");
        let of_round = format!("scoring/programmes/{programme}/rounds/{round}");
        let (programme, panel, stands) = together!(
            visitor.api.get::<Programme>(&of_programme),
            visitor.api.find::<Panel>(&of_panel),
            visitor.api.find::<RoundStands>(&of_round),
        )?;
        let rules = programme.round(round).cloned().ok_or_else(|| Failure::not_found("round"))?;
        let panel = panel.ok_or_else(|| Failure::not_found("panel"))?;
        let seat = panel.seat.ok_or_else(|| Failure::not_found("seat"))?;
        Ok(Self {
            wording: Wording::of(&programme),
            phase: stands.as_ref().map_or(RoundPhase::Waiting, |stands| stands.phase),
            declared: stands.as_ref().is_some_and(|stands| stands.declared_at.is_some()),
            anonymous: panel.anonymous,
            programme,
            rules,
            seat,
        })
    }

    /// Opens it for somebody who sits and has declared their interests; others
    /// have no sheets.
    pub async fn open_to_mark(visitor: &Visitor, programme: Uuid, round: &str) -> Result<Self, Failure> {
        let desk = Self::open(visitor, programme, round).await?;
        if desk.may_mark() { Ok(desk) } else { Err(Failure::not_found("score sheet")) }
    }

    /// Whether the reader sits and has declared their interests.
    pub fn may_mark(&self) -> bool {
        self.seat.status == SeatStatus::Accepted && self.seat.declared
    }

    /// The reader's queue of sheets.
    pub async fn queue(&self, visitor: &Visitor) -> Result<Queue, Failure> {
        let (of_cards, of_drafts) = (self.of_round("/scorecards"), self.of_round("/drafts"));
        let of_pitches = format!("submissions/programmes/{}/pitches?names=true", self.programme.id);
        let (cards, drafts, pitches) = together!(
            visitor.api.list::<Scorecard>(&of_cards),
            begun(visitor, &of_drafts),
            visitor.api.list::<Reading>(&of_pitches),
        )?;
        Ok(Queue::of(&self.rules.kind, self.seat.judge, cards, &drafts, pitches))
    }

    /// Where scoring has this round.
    pub fn of_round(&self, rest: &str) -> String {
        format!("scoring/programmes/{}/rounds/{}{rest}", self.programme.id, self.rules.id)
    }

    /// Where panels has this round.
    pub fn of_panel(&self, rest: &str) -> String {
        format!("panels/programmes/{}/rounds/{}/panel{rest}", self.programme.id, self.rules.id)
    }

    /// Where these pages have this round.
    pub fn page(&self, rest: &str) -> String {
        page(self.programme.id, &self.rules.id, rest)
    }

    /// What the round is called.
    pub fn name(&self) -> String {
        self.wording.says(&self.rules.id)
    }
}

/// Where these pages have a round.
pub fn page(programme: Uuid, round: &str, rest: &str) -> String {
    format!("/programmes/{programme}/judging/{round}{rest}")
}

/// Which sheets are begun; none once the round is no longer open.
async fn begun(visitor: &Visitor, path: &str) -> Result<Vec<Begun>, Failure> {
    match visitor.api.list(path).await {
        Err(failure) if failure.status() == axum::http::StatusCode::NOT_FOUND => Ok(Vec::new()),
        other => other,
    }
}
