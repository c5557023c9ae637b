//! Proposing an award: what it is worth is computed, never asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use plaudit_chassis::id::{AwardId, PitchId, RoundId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::{Prize, Reason, Rulebook};

use super::reserve::next_in_rank;
use super::{Award, AwardCommand, AwardError, Terms};
use crate::access::{self, Act, Phase};
use crate::guard;
use crate::money::Money;
use crate::pot::{self, Pot, PotCommand, Reservation};
use crate::ranking::{self, Pool, Ranking, RankingError};

/// An organiser proposes to give a prize to a pitch.
#[derive(Clone, Debug)]
pub struct ProposeAward {
    /// The round whose ranking it follows, as the rulebook calls it.
    pub round: String,
    /// The prize, as the rulebook calls it.
    pub prize: String,
    /// To whom.
    pub pitch: PitchId,
    /// Why, if the ranking doesn't give it.
    pub departure: Option<Reason>,
    /// The fallen award that it replaces.
    pub in_place_of: Option<AwardId>,
}

impl ProposeAward {
    /// The award that it is about.
    fn award(&self, scope: &Scope) -> AwardId {
        AwardId::of(scope.programme(), &self.prize, self.pitch)
    }
}

/// What is fair, before anybody departs from it.
struct Due {
    /// What the pitch gets by the rules, if it gets anything.
    amount: Option<Money>,
    /// How far the prize goes.
    pool: Pool,
}

impl Decision for ProposeAward {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = guard::programme(scope).await?;
        let who = guard::who(scope, Some(self.pitch)).await?;
        access::allow(who, Act::Propose, Phase::Secret, "pitch")?;
        let rulebook = guard::rulebook(&programme)?;
        let ranking = ranking_of(scope, &self.round).await?;
        self.in_the_running(scope, &ranking).await?;
        let prize = rulebook.prizes.iter().find(|prize| prize.id == self.prize);
        let prize = prize.ok_or_else(|| AwardError::NoSuchPrize(self.prize.clone()))?;
        let due = self.due(scope, rulebook, &ranking, prize).await?;
        let award = self.award(scope);
        let terms = self.terms(&ranking, &due)?;
        let reservation = Reservation {
            award,
            pitch: self.pitch,
            prize: self.prize.clone(),
            amount: terms.amount.clone(),
            pool: due.pool,
            pot: Money::from_proto(rulebook.pot.as_ref()),
        };
        scope.handle::<Award>(&award.stream(), AwardCommand::Propose(terms)).await?;
        let pot = pot::stream(scope.programme());
        scope.handle::<Pot>(&pot, PotCommand::Reserve(reservation)).await?;
        Ok(award.stream())
    }
}

/// A round's ranking, once declared.
async fn ranking_of(scope: &mut Scope, round: &str) -> Result<Arc<Ranking>, Problem> {
    let stream = ranking::stream(RoundId::of(scope.programme(), round));
    let ranking = scope.load::<Ranking>(&stream).await?.state;
    match ranking.places() {
        Some(_) => Ok(ranking),
        None => Err(RankingError::NotDeclared.into()),
    }
}

impl ProposeAward {
    async fn in_the_running(&self, scope: &mut Scope, ranking: &Ranking) -> Result<(), Problem> {
        let facts = guard::pitch(scope, self.pitch).await?;
        let placed =
            ranking.places().is_some_and(|places| places.iter().any(|place| place.pitch == self.pitch));
        if placed && !facts.left() {
            return Ok(());
        }
        Err(AwardError::NotInTheRunning.into())
    }

    async fn due(
        &self,
        scope: &mut Scope,
        rulebook: &Rulebook,
        ranking: &Ranking,
        prize: &Prize,
    ) -> Result<Due, Problem> {
        let pool = ranking.pool(&rulebook.prizes, prize)?;
        let mut pool = pool.ok_or_else(|| AwardError::Pooled(self.prize.clone()))?;
        let Some(fallen) = self.in_place_of else {
            let shares = ranking.shares(&rulebook.prizes)?;
            let own = shares.into_iter().find(|share| share.prize == prize.id && share.pitch == self.pitch);
            return Ok(Due { amount: own.map(|share| share.amount), pool });
        };
        let awards = self.awards(scope).await?;
        pool.least = self.what_fell(&awards, fallen)?;
        let group = next_in_rank(scope, ranking, &awards, fallen).await?;
        // What one had may fall to several who are equal.
        pool.shares += (group.len() as u32).saturating_sub(1);
        let own = group.into_iter().find(|share| share.pitch == self.pitch);
        Ok(Due { amount: own.map(|share| share.amount), pool })
    }

    /// Every award of the programme; the pot's version guards the list.
    async fn awards(&self, scope: &mut Scope) -> Result<BTreeMap<AwardId, Award>, Problem> {
        let stream = pot::stream(scope.programme());
        let pot = scope.load::<Pot>(&stream).await?.state;
        let mut awards = BTreeMap::new();
        for id in pot.awards() {
            let award = scope.load::<Award>(&id.stream()).await?.state;
            awards.insert(id, (*award).clone());
        }
        Ok(awards)
    }

    fn what_fell(&self, awards: &BTreeMap<AwardId, Award>, fallen: AwardId) -> Result<Money, AwardError> {
        let award = awards.get(&fallen).filter(|award| award.phase().fallen());
        let terms = award.and_then(Award::terms);
        terms
            .filter(|terms| terms.prize == self.prize && terms.round == self.round)
            .map(|terms| terms.amount.clone())
            .ok_or(AwardError::NothingFell)
    }

    fn terms(&self, ranking: &Ranking, due: &Due) -> Result<Terms, AwardError> {
        let amount = match (&due.amount, self.departure) {
            (Some(amount), None) => amount.clone(),
            (Some(_), Some(_)) => return Err(AwardError::NoDeparture),
            (None, None) => return Err(AwardError::DepartureNeedsReason),
            (None, Some(_)) => due.pool.least.clone(),
        };
        Ok(Terms {
            pitch: self.pitch,
            prize: self.prize.clone(),
            amount,
            round: self.round.clone(),
            rank: ranking.rank(self.pitch),
            departure: self.departure.map(i32::from),
            in_place_of: self.in_place_of,
        })
    }
}
