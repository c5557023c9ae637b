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
        let ranking = ranks_only(places);
        let ranked: Vec<&Place> = places.iter().filter(|place| place.rank.is_some()).collect();
        let mut shares = Vec::new();
        let mut first = 1;
        for group in ranked.chunk_by(|a, b| a.rank == b.rank) {
            let after = first + group.len() as u32;
            for pool in pools(prizes, first..after) {
                shares.extend(split(&pool, &ranking, group)?);
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

/// What each of a group of equals gets of a prize for rank 1 that falls to all
/// of them.
pub fn among(group: &[&Place], prize: &Prize) -> Result<Vec<Share>, RankingError> {
    let first = |place: &&Place| Place { rank: Some(1), ..(*place).clone() };
    let equals: Vec<Place> = group.iter().map(first).collect();
    split(&[prize], &ranks_only(&equals), group)
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

fn split(pool: &[&Prize], ranking: &tally::Ranking, group: &[&Place]) -> Result<Vec<Share>, RankingError> {
    let Some(named) = pool.first() else { return Ok(Vec::new()) };
    let currency = Money::from_proto(named.amount.as_ref()).currency;
    let prizes: Vec<tally::Prize> = pool
        .iter()
        .map(|prize| tally::Prize { rank: prize.rank, minor: Money::from_proto(prize.amount.as_ref()).minor })
        .collect();
    let split = tally::split_prizes(&prizes, ranking)?;
    let shares = group.iter().map(|place| {
        let pitch = place.pitch.to_string();
        let share = split.iter().find(|share| share.pitch == pitch);
        Share {
            prize: named.id.clone(),
            pitch: place.pitch,
            rank: place.rank.unwrap_or_default(),
            amount: Money { minor: share.map_or(0, |share| share.minor), currency: currency.clone() },
            support: pool.iter().any(|prize| prize.support),
        }
    });
    Ok(shares.collect())
}

/// The ranking as the tally knows one, as far as the split reads it: pitches
/// and their ranks. How scoring came to them is not awards' to know.
fn ranks_only(places: &[Place]) -> tally::Ranking {
    let zero = tally::Exact::new(tally::Rational::default(), 0);
    let standing = |place: &Place| match place.rank {
        Some(rank) => tally::Standing::Ranked(tally::Ranked {
            rank,
            total: zero.clone(),
            sum: zero.clone(),
            rungs: Vec::new(),
        }),
        None => tally::Standing::Unranked(tally::Unranked::NoScorecards),
    };
    let pitches = (1..).zip(places).map(|(order, place)| tally::PitchDerivation {
        version: tally::Version::V1,
        pitch: place.pitch.to_string(),
        order,
        standing: standing(place),
        criteria: Vec::new(),
    });
    tally::Ranking {
        version: tally::Version::V1,
        rules: no_rules(),
        pitches: pitches.collect(),
        ties: Vec::new(),
    }
}

/// Rules that no split reads.
fn no_rules() -> tally::Rules {
    let zero = tally::Decimal::ZERO;
    tally::Rules {
        scale: tally::Scale { min: zero, max: zero, step: zero },
        criteria: Vec::new(),
        aggregation: tally::Aggregation::Mean,
        normalisation: tally::Normalisation::None,
        round_criterion: None,
        round_weighted: None,
        round_total: None,
        ties: Vec::new(),
        least_marks: 0,
    }
}
