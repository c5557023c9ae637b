//! What a ranking gives to whom: the rulebook's prizes over the ranks, to the
//! penny.
//!
//! A pitch that has its rank alone wins each prize of that rank. Pitches that
//! share a rank pool the prizes of all the ranks that they take up, and split
//! the pool; each gets one award, under the name of the pool's first prize.

use plaudit_chassis::id::PitchId;
use plaudit_proto::v1::Prize;
use plaudit_tally as tally;

use super::{Place, Ranking, RankingError};
use crate::money::Money;

/// What a pitch wins of one prize.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The prize's name in the rulebook.
    pub prize: String,
    /// Who wins it.
    pub pitch: PitchId,
    /// Their rank.
    pub rank: u32,
    /// How much.
    pub amount: Money,
    /// Whether business support comes with it.
    pub support: bool,
}

/// How far a prize goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// How many awards of it there may be at a time.
    pub shares: u32,
    /// What they may come to together, in minor units.
    pub minor: u64,
    /// The smallest of the shares: what a departure gets.
    pub least: Money,
}

impl Ranking {
    /// Every share, best rank first, in running order where it is shared.
    pub fn shares(&self, prizes: &[Prize]) -> Result<Vec<Share>, RankingError> {
        let places = self.places().ok_or(RankingError::NotDeclared)?;
        let ranked: Vec<&Place> = places.iter().filter(|place| place.rank.is_some()).collect();
        let mut shares = Vec::new();
        let mut first = 1;
        for group in ranked.chunk_by(|a, b| a.rank == b.rank) {
            let after = first + group.len() as u32;
            for pool in pools(prizes, first..after) {
                shares.extend(split(&pool, group)?);
            }
            first = after;
        }
        Ok(shares)
    }

    /// How far a prize goes; `None` if it was pooled into another.
    pub fn pool(&self, prizes: &[Prize], prize: &Prize) -> Result<Option<Pool>, RankingError> {
        let shares = self.shares(prizes)?;
        let of_it: Vec<&Share> = shares.iter().filter(|share| share.prize == prize.id).collect();
        let least = of_it.iter().map(|share| &share.amount).min_by_key(|amount| amount.minor);
        if let Some(least) = least {
            let minor = of_it.iter().map(|share| share.amount.minor).sum();
            return Ok(Some(Pool { shares: of_it.len() as u32, minor, least: least.clone() }));
        }
        let ranked = self.places().into_iter().flatten().filter(|place| place.rank.is_some()).count();
        let nobody_has_the_rank = prize.rank as usize > ranked;
        let whole = Money::from_proto(prize.amount.as_ref());
        Ok(nobody_has_the_rank.then_some(Pool { shares: 1, minor: whole.minor, least: whole }))
    }
}

/// What each of a group of equals gets of a prize that falls to all of them.
pub fn among(group: &[&Place], prize: &Prize) -> Result<Vec<Share>, RankingError> {
    split(&[prize], group)
}

/// The prizes of some ranks, as they are given: each by itself where one pitch
/// has the rank alone, else all as one.
fn pools(prizes: &[Prize], ranks: std::ops::Range<u32>) -> Vec<Vec<&Prize>> {
    let alone = ranks.len() == 1;
    let mut won: Vec<&Prize> = prizes.iter().filter(|prize| ranks.contains(&prize.rank)).collect();
    won.sort_by_key(|prize| prize.rank);
    match won.is_empty() {
        true => Vec::new(),
        false if alone => won.into_iter().map(|prize| vec![prize]).collect(),
        false => vec![won],
    }
}

/// A pool over those who share it: for the tally, all of them first, with all
/// of its prizes for the first.
fn split(pool: &[&Prize], group: &[&Place]) -> Result<Vec<Share>, RankingError> {
    let Some(named) = pool.first() else { return Ok(Vec::new()) };
    let currency = Money::from_proto(named.amount.as_ref()).currency;
    let minor = |prize: &&Prize| Money::from_proto(prize.amount.as_ref()).minor;
    let prizes: Vec<_> = pool.iter().map(|prize| tally::Prize { rank: 1, minor: minor(prize) }).collect();
    let pitches: Vec<String> = group.iter().map(|place| place.pitch.to_string()).collect();
    let equals: Vec<_> = pitches.iter().map(|pitch| (1, pitch.as_str())).collect();
    let shares = group.iter().zip(tally::split_ranks(&prizes, &equals)?).map(|(place, share)| Share {
        prize: named.id.clone(),
        pitch: place.pitch,
        rank: place.rank.unwrap_or_default(),
        amount: Money { minor: share.minor, currency: currency.clone() },
        support: pool.iter().any(|prize| prize.support),
    });
    Ok(shares.collect())
}
