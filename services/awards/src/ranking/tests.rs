//! Given / when / then.

use cqrs_es::test::TestFramework;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::PitchId;
use plaudit_proto::awards::v1::{PlaceTaken, RankingTaken};
use plaudit_proto::v1::Prize;
use uuid::Uuid;

use super::*;
use crate::money::Money;

type Rankings = TestFramework<Ranking>;

fn rankings() -> Rankings {
    Rankings::with(Deciding { now: Timestamp::UNIX_EPOCH, received_at: Timestamp::UNIX_EPOCH, actor: None })
}

fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(number))
}

fn taken(number: u128, rank: u32, shared_by: u32) -> RankingEvent {
    PlaceTaken { pitch: pitch(number).into(), rank, shared_by }.into()
}

fn whole(places: u32) -> RankingEvent {
    RankingTaken { round: "final".into(), places }.into()
}

/// Pitches in order, by their ranks; 0: unranked.
fn ranking(places: &[(u128, u32)]) -> Ranking {
    use cqrs_es::Aggregate as _;
    let mut ranking = Ranking::default();
    for (number, rank) in places {
        ranking.apply(taken(*number, *rank, 1));
    }
    ranking.apply(whole(places.len() as u32));
    ranking
}

fn prize(id: &str, rank: u32, minor: u64) -> Prize {
    let amount = Money { minor, currency: "GBP".into() };
    Prize { id: id.into(), rank, amount: Some(amount.to_proto()), support: false }
}

fn three() -> Vec<Prize> {
    vec![prize("first", 1, 500_000), prize("second", 2, 300_000), prize("third", 3, 200_000)]
}

fn split(ranking: &Ranking, prizes: &[Prize]) -> Vec<(String, u128, u64)> {
    let shares = ranking.shares(prizes).expect("prizes that can be split");
    shares.into_iter().map(|share| (share.prize, share.pitch.0.as_u128(), share.amount.minor)).collect()
}

#[test]
fn a_place_is_taken_in() {
    rankings()
        .given(vec![taken(1, 1, 1)])
        .when(RankingCommand::Place(Place { pitch: pitch(2), rank: None, shared_by: 0 }))
        .then_expect_events(vec![taken(2, 0, 0)]);
}

#[test]
fn a_pitch_has_one_place() {
    rankings()
        .given(vec![taken(1, 1, 1)])
        .when(RankingCommand::Place(Place { pitch: pitch(1), rank: Some(2), shared_by: 1 }))
        .then_expect_error(RankingError::PlacedTwice);
}

#[test]
fn a_ranking_closes_only_when_every_place_is_there() {
    let close = |places| RankingCommand::Close { round: "final".into(), places };
    rankings().given(vec![taken(1, 1, 1), taken(2, 2, 1)]).when(close(2)).then_expect_events(vec![whole(2)]);
    rankings()
        .given(vec![taken(1, 1, 1)])
        .when(close(2))
        .then_expect_error(RankingError::Incomplete { taken: 1, places: 2 });
}

#[test]
fn a_superseding_result_starts_again() {
    use cqrs_es::Aggregate as _;
    let mut twice = ranking(&[(1, 1), (2, 2)]);
    twice.apply(taken(2, 1, 1));
    assert_eq!(twice.places(), None, "not whole while it is being taken in");
    twice.apply(taken(1, 2, 1));
    twice.apply(whole(2));
    assert_eq!(twice.rank(pitch(2)), Some(1));
}

#[test]
fn nothing_is_won_before_the_ranking_is_whole() {
    use cqrs_es::Aggregate as _;
    let mut half = Ranking::default();
    half.apply(taken(1, 1, 1));
    assert_eq!(half.shares(&three()), Err(RankingError::NotDeclared));
}

#[test]
fn each_rank_wins_its_own_prize() {
    assert_eq!(
        split(&ranking(&[(7, 1), (8, 2), (9, 3), (4, 4), (5, 0)]), &three()),
        [("first".into(), 7, 500_000), ("second".into(), 8, 300_000), ("third".into(), 9, 200_000)]
    );
}

#[test]
fn a_shared_rank_pools_the_prizes_it_takes_up() {
    let shared = ranking(&[(7, 1), (8, 1), (9, 3)]);
    assert_eq!(
        split(&shared, &three()),
        [("first".into(), 7, 400_000), ("first".into(), 8, 400_000), ("third".into(), 9, 200_000)]
    );
    let second = &three()[1];
    assert_eq!(shared.pool(&three(), second), Ok(None), "it was pooled into the first");
}

#[test]
fn the_pennies_left_go_by_running_order() {
    let only = [prize("only", 1, 200_000)];
    let shared = ranking(&[(9, 1), (8, 1), (7, 1)]);
    assert_eq!(
        split(&shared, &only),
        [("only".into(), 9, 66_667), ("only".into(), 8, 66_667), ("only".into(), 7, 66_666)]
    );
    let pool = shared.pool(&only, &only[0]).expect("a split").expect("a pool");
    assert_eq!((pool.shares, pool.minor, pool.least.minor), (3, 200_000, 66_666));
}

#[test]
fn two_prizes_of_one_rank_are_two_awards_unless_they_are_shared() {
    let two = [prize("money", 1, 1_000), prize("mentoring", 1, 0)];
    assert_eq!(
        split(&ranking(&[(1, 1), (2, 2)]), &two),
        [("money".into(), 1, 1_000), ("mentoring".into(), 1, 0)]
    );
    assert_eq!(
        split(&ranking(&[(1, 1), (2, 1)]), &two),
        [("money".into(), 1, 500), ("money".into(), 2, 500)]
    );
}

#[test]
fn a_prize_whose_rank_nobody_has_is_there_for_a_departure() {
    let few = ranking(&[(1, 1), (2, 0)]);
    assert_eq!(split(&few, &three()), [("first".into(), 1, 500_000)]);
    let third = &three()[2];
    let pool = few.pool(&three(), third).expect("a split").expect("a pool");
    assert_eq!((pool.shares, pool.minor), (1, 200_000));
}
