//! Reserving, releasing, and the announcement.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::{AwardId, PitchId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::{Reason, Rulebook};

use super::{Pot, PotError, stream};
use crate::access::{self, Act, Phase};
use crate::award::{self, Award, AwardCommand};
use crate::guard;
use crate::money::Money;
use crate::ranking::Pool;

/// What a pot is asked.
#[derive(Clone, Debug)]
pub enum PotCommand {
    /// Promise an amount.
    Reserve(Reservation),
    /// The promise is off.
    Release {
        /// To whom it was made.
        award: AwardId,
        /// Why it is off.
        reason: Reason,
    },
    /// Announce at this moment, and at no other that was set before.
    Schedule {
        /// When.
        at: Timestamp,
        /// Not before this.
        embargo: Timestamp,
    },
    /// Announce at no moment that was set before.
    Unschedule,
    /// Announce every award that has not been.
    Announce,
}

/// An amount to be promised, and what it is measured by.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// For this award,
    pub award: AwardId,
    /// of this pitch,
    pub pitch: PitchId,
    /// of this prize,
    pub prize: String,
    /// so much.
    pub amount: Money,
    /// How far the prize goes.
    pub pool: Pool,
    /// What all awards together may not exceed.
    pub pot: Money,
}

/// All approved awards of the programme become public in one moment.
#[derive(Clone, Copy, Debug)]
pub struct AnnounceWinners;

impl Decision for AnnounceWinners {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = organised(scope).await?;
        let pot = scope.load::<Pot>(&stream(scope.programme())).await?.state;
        announce(scope, guard::rulebook(&programme)?, &pot).await
    }
}

/// The moment that was set has come. One that was moved or called off since, or
/// forestalled, announces nothing.
#[derive(Clone, Copy, Debug)]
pub struct AnnounceAsScheduled {
    /// The moment.
    pub at: Timestamp,
}

impl Decision for AnnounceAsScheduled {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = stream(scope.programme());
        let pot = scope.load::<Pot>(&stream).await?.state;
        if pot.scheduled().is_none_or(|at| at.as_millisecond() != self.at.as_millisecond()) {
            return Ok(stream);
        }
        let programme = guard::programme(scope).await?;
        announce(scope, guard::rulebook(&programme)?, &pot).await
    }
}

async fn announce(scope: &mut Scope, rulebook: &Rulebook, pot: &Pot) -> Result<StreamId, Problem> {
    let now = scope.deciding().now;
    embargo_is_over(rulebook, now)?;
    let waiting = pot.waiting();
    all_approved(scope, &waiting).await?;
    let days = SignedDuration::from_hours(24 * i64::from(rulebook.days_to_accept));
    let accept_by = now.checked_add(days).unwrap_or(Timestamp::MAX);
    for award in waiting {
        let announce = AwardCommand::Announce { accept_by };
        scope.handle::<Award>(&award.stream(), announce).await?;
    }
    let stream = stream(scope.programme());
    scope.handle::<Pot>(&stream, PotCommand::Announce).await?;
    Ok(stream)
}

/// An organiser sets the moment of the next announcement. Who wins was decided
/// by two people each; when it is said needs only one.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleAnnouncement {
    /// When: whole milliseconds.
    pub at: Timestamp,
}

impl Decision for ScheduleAnnouncement {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = organised(scope).await?;
        let embargo = from_proto(&guard::rulebook(&programme)?.embargo);
        let stream = stream(scope.programme());
        scope.handle::<Pot>(&stream, PotCommand::Schedule { at: self.at, embargo }).await?;
        Ok(stream)
    }
}

/// An organiser calls it off.
#[derive(Clone, Copy, Debug)]
pub struct UnscheduleAnnouncement;

impl Decision for UnscheduleAnnouncement {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        organised(scope).await?;
        let stream = stream(scope.programme());
        scope.handle::<Pot>(&stream, PotCommand::Unschedule).await?;
        Ok(stream)
    }
}

/// The programme, if it is for them to say when its winners are announced.
async fn organised(scope: &mut Scope) -> Result<Arc<ProgrammeFacts>, Problem> {
    let programme = guard::programme(scope).await?;
    let pot = scope.load::<Pot>(&stream(scope.programme())).await?.state;
    let who = guard::who(scope, None).await?;
    access::allow(who, Act::Announce, Phase::from(pot.announced()), "programme")?;
    Ok(programme)
}

/// The embargo's own instant is after it.
fn embargo_is_over(rulebook: &Rulebook, now: Timestamp) -> Result<(), PotError> {
    let embargo = from_proto(&rulebook.embargo);
    if now < embargo { Err(PotError::Embargo(embargo)) } else { Ok(()) }
}

/// Nothing may still wait for its second person. Says what does, except behind
/// the asker's own walls.
async fn all_approved(scope: &mut Scope, waiting: &[AwardId]) -> Result<(), Problem> {
    let streams: Vec<StreamId> = waiting.iter().map(|award| award.stream()).collect();
    let awards = scope.load_many::<Award>(&streams).await?;
    let mut proposed = Vec::new();
    let mut hidden = false;
    for id in waiting {
        let Some(award) = awards.get(&id.stream()).map(|loaded| &loaded.state) else { continue };
        let Some(terms) = award.terms().filter(|_| award.phase() == award::Phase::Proposed) else { continue };
        let who = guard::who(scope, Some(terms.pitch)).await?;
        match access::may(who, Act::SeeAward, Phase::Secret) {
            access::Verdict::Yes => proposed.push(*id),
            _ => hidden = true,
        }
    }
    if proposed.is_empty() && !hidden {
        return Ok(());
    }
    Err(PotError::StillProposed(proposed).into())
}
