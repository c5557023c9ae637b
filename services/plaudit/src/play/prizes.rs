//! Who wins how much, worked out from ranks alone: what the awards are
//! proposed by, and then compared with.
//!
//! Whoever has a rank alone wins each prize of it. Those who share a rank pool
//! the prizes of all the ranks that they take up and split them evenly, the
//! pennies that are left going one each to the first in running order; each
//! gets one award, under the name of the pool's first prize.

use super::scenario::{Pledge, Prize};

/// What one pitch wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Its place in the running order, from 0.
    pub pitch: usize,
    pub rank: u32,
    /// The prize's place in the scenario, from 0.
    pub prize: usize,
    /// Whole minor units.
    pub minor: u64,
    pub support: Vec<Pledge>,
}

/// What the rulebook calls a prize.
pub fn slug(prize: usize) -> String {
    format!("prize-{}", prize + 1)
}

/// Every share, best rank first. `ranks` are in running order.
pub fn shares(prizes: &[Prize], ranks: &[Option<u32>]) -> Vec<Share> {
    let mut ranked: Vec<(u32, usize)> =
        ranks.iter().enumerate().filter_map(|(pitch, rank)| Some(((*rank)?, pitch))).collect();
    ranked.sort_unstable();
    let groups = ranked.chunk_by(|a, b| a.0 == b.0);
    groups.flat_map(|group| of_group(prizes, group)).collect()
}

fn of_group(prizes: &[Prize], group: &[(u32, usize)]) -> Vec<Share> {
    let Some(&(first, _)) = group.first() else { return Vec::new() };
    let taken_up = first..first + group.len() as u32;
    let mut won: Vec<usize> = (0..prizes.len()).filter(|at| taken_up.contains(&prizes[*at].rank)).collect();
    won.sort_by_key(|at| prizes[*at].rank);
    match group {
        [(rank, pitch)] => won.iter().map(|prize| whole(prizes, *prize, *rank, *pitch)).collect(),
        _ if won.is_empty() => Vec::new(),
        _ => split(prizes, &won, group),
    }
}

fn whole(prizes: &[Prize], prize: usize, rank: u32, pitch: usize) -> Share {
    let Prize { minor, support, .. } = &prizes[prize];
    Share { pitch, rank, prize, minor: *minor, support: support.iter().cloned().collect() }
}

fn split(prizes: &[Prize], won: &[usize], group: &[(u32, usize)]) -> Vec<Share> {
    let sharing = group.len() as u64;
    let pool: u64 = won.iter().map(|prize| prizes[*prize].minor).sum();
    let support: Vec<Vec<Option<Pledge>>> = won
        .iter()
        .filter_map(|prize| prizes[*prize].support.as_ref())
        .map(|pledge| pledge.among(group.len() as u32))
        .collect();
    let share = |(place, &(rank, pitch)): (usize, &(u32, usize))| Share {
        pitch,
        rank,
        prize: won[0],
        minor: pool / sharing + u64::from((place as u64) < pool % sharing),
        support: support.iter().filter_map(|shares| shares[place].clone()).collect(),
    };
    group.iter().enumerate().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prizes(amounts: &[(u32, u64)]) -> Vec<Prize> {
        amounts.iter().map(|&(rank, minor)| Prize { rank, minor, support: None }).collect()
    }

    fn won(amounts: &[(u32, u64)], ranks: &[u32]) -> Vec<(usize, usize, u64)> {
        let ranks: Vec<_> = ranks.iter().map(|rank| Some(*rank).filter(|rank| *rank > 0)).collect();
        let shares = shares(&prizes(amounts), &ranks);
        shares.into_iter().map(|share| (share.pitch, share.prize, share.minor)).collect()
    }

    #[test]
    fn a_rank_of_ones_own_wins_each_of_its_prizes() {
        assert_eq!(won(&[(1, 500), (2, 300), (1, 7)], &[2, 1, 3]), [(1, 0, 500), (1, 2, 7), (0, 1, 300)]);
    }

    #[test]
    fn a_shared_first_pools_first_and_second_with_the_odd_penny_to_the_earlier() {
        assert_eq!(won(&[(1, 500), (2, 301)], &[3, 1, 1]), [(1, 0, 401), (2, 0, 400)]);
    }

    #[test]
    fn a_shared_second_reaches_the_third_prize_and_nobody_else() {
        assert_eq!(won(&[(3, 100)], &[1, 2, 2, 4]), [(1, 0, 50), (2, 0, 50)]);
    }

    #[test]
    fn the_unranked_win_nothing() {
        assert_eq!(won(&[(1, 500), (2, 300)], &[0, 1]), [(1, 0, 500)]);
    }

    #[test]
    fn shared_support_is_split_in_quarters() {
        let prizes = [Prize { rank: 1, minor: 0, support: Pledge::read("3 days of advice") }];
        let quarters = shares(&prizes, &[Some(1); 5]).into_iter().map(|share| share.support[0].quarters);
        assert_eq!(quarters.collect::<Vec<_>>(), [3, 3, 2, 2, 2]);
    }
}
