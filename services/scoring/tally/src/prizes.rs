//! Who wins how much: the prizes of shared ranks are pooled and split.

use std::collections::BTreeMap;

use crate::derivation::Ranking;

/// What a rank wins. Several prizes may go to one rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prize {
    /// The rank, from 1.
    pub rank: u32,
    /// Whole minor units (pence) of the programme's currency.
    pub minor: u64,
}

/// What a pitch wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The pitch's id.
    pub pitch: String,
    /// Its rank.
    pub rank: u32,
    /// Whole minor units (pence) of the programme's currency; may be 0.
    pub minor: u64,
}

/// Why prizes can't be split.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrizeError {
    /// A prize names a rank that nobody can have.
    #[error("a prize is for rank 0; ranks start at 1")]
    RankZero,
    /// The sum of the prizes doesn't fit its type.
    #[error("the prizes add up to more than can be counted")]
    TooMuch,
}

/// What each ranked pitch wins, best rank first: see [`split_ranks`].
///
/// # Errors
/// If a prize is for rank 0, or the prizes add up to more than a `u64` holds.
pub fn split_prizes(prizes: &[Prize], ranking: &Ranking) -> Result<Vec<Share>, PrizeError> {
    let ranks: Vec<_> = ranking
        .pitches
        .iter()
        .filter_map(|derivation| Some((derivation.rank()?, derivation.pitch.as_str())))
        .collect();
    split_ranks(prizes, &ranks)
}

/// What each pitch wins by its rank alone, for whoever knows no more of a
/// ranking. `ranks` are pairs of rank and pitch, best rank first, a shared rank
/// in running order.
///
/// Where n pitches share rank r, the prizes of the ranks r to r + n - 1 are pooled
/// and split evenly. The pennies that are left go one each to the first of them in
/// running order. A prize whose rank nobody has is not given.
///
/// # Errors
/// If a prize is for rank 0, or the prizes add up to more than a `u64` holds.
pub fn split_ranks(prizes: &[Prize], ranks: &[(u32, &str)]) -> Result<Vec<Share>, PrizeError> {
    let by_rank = by_rank(prizes)?;
    let mut shares = Vec::with_capacity(ranks.len());
    let mut rank_after = 1;
    for group in ranks.chunk_by(|a, b| a.0 == b.0) {
        let first_rank = rank_after;
        rank_after += group.len() as u64;
        let pool: u64 = by_rank.range(first_rank..rank_after).map(|(_, minor)| minor).sum();
        let (each, left) = (pool / group.len() as u64, pool % group.len() as u64);
        for (place, (rank, pitch)) in (0..).zip(group) {
            let minor = each + u64::from(place < left);
            shares.push(Share { pitch: (*pitch).to_owned(), rank: *rank, minor });
        }
    }
    Ok(shares)
}

fn by_rank(prizes: &[Prize]) -> Result<BTreeMap<u64, u64>, PrizeError> {
    let mut by_rank = BTreeMap::new();
    let mut sum = 0_u64;
    for prize in prizes {
        if prize.rank == 0 {
            return Err(PrizeError::RankZero);
        }
        // Every pool is a part of this sum, so none of them can overflow.
        sum = sum.checked_add(prize.minor).ok_or(PrizeError::TooMuch)?;
        *by_rank.entry(u64::from(prize.rank)).or_insert(0) += prize.minor;
    }
    Ok(by_rank)
}
