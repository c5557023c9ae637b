//! Given / when / then.

use cqrs_es::test::TestFramework;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::{AwardId, PitchId};
use plaudit_proto::awards::v1::{
    AmountReleased, AmountReserved, AnnouncementScheduled, AnnouncementUnscheduled, WinnersAnnounced,
};
use plaudit_proto::v1::Reason;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::state::PotEvent;
use super::*;
use crate::money::Money;
use crate::ranking::Pool;

fn pot() -> TestFramework<Pot> {
    TestFramework::with(Deciding {
        now: Timestamp::UNIX_EPOCH,
        received_at: Timestamp::UNIX_EPOCH,
        actor: None,
    })
}

fn pounds(minor: u64) -> Money {
    Money { minor, currency: "GBP".into() }
}

fn award(number: u128) -> AwardId {
    AwardId(Uuid::from_u128(number))
}

fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(number))
}

/// A pot of 1,000, a prize that goes to one.
fn reserve(number: u128, prize: &str, minor: u64) -> Reservation {
    Reservation {
        award: award(number),
        pitch: pitch(number),
        prize: prize.into(),
        amount: pounds(minor),
        pool: Pool { shares: 1, minor, least: pounds(minor) },
        pot: pounds(1_000),
    }
}

fn reserved(number: u128, prize: &str, minor: u64) -> PotEvent {
    AmountReserved {
        award: award(number).into(),
        pitch: pitch(number).into(),
        prize: prize.into(),
        amount: Some(pounds(minor).to_proto()),
    }
    .into()
}

fn released(number: u128) -> PotEvent {
    AmountReleased { award: award(number).into(), reason: Reason::NotAnswered.into() }.into()
}

#[test]
fn the_whole_pot_can_be_promised_and_not_a_penny_more() {
    pot()
        .given(vec![reserved(1, "first", 600)])
        .when(PotCommand::Reserve(reserve(2, "second", 400)))
        .then_expect_events(vec![reserved(2, "second", 400)]);
    pot()
        .given(vec![reserved(1, "first", 600)])
        .when(PotCommand::Reserve(reserve(2, "second", 401)))
        .then_expect_error(PotError::OverThePot { amount: pounds(401), left: pounds(400) });
}

#[test]
fn what_was_released_can_be_promised_again() {
    pot()
        .given(vec![reserved(1, "first", 1_000), released(1)])
        .when(PotCommand::Reserve(reserve(2, "first", 1_000)))
        .then_expect_events(vec![reserved(2, "first", 1_000)]);
}

#[test]
fn a_prize_is_given_once() {
    pot()
        .given(vec![reserved(1, "first", 100)])
        .when(PotCommand::Reserve(reserve(2, "first", 100)))
        .then_expect_error(PotError::GivenAlready("first".into()));
}

#[test]
fn a_prize_without_money_is_given_once_too() {
    pot()
        .given(vec![reserved(1, "mentoring", 0)])
        .when(PotCommand::Reserve(reserve(2, "mentoring", 0)))
        .then_expect_error(PotError::GivenAlready("mentoring".into()));
}

#[test]
fn a_shared_prize_is_given_to_each_who_shares_it() {
    let pool = Pool { shares: 2, minor: 101, least: pounds(50) };
    let share = |number, minor| Reservation { pool: pool.clone(), ..reserve(number, "first", minor) };
    pot()
        .given(vec![reserved(1, "first", 51)])
        .when(PotCommand::Reserve(share(2, 50)))
        .then_expect_events(vec![reserved(2, "first", 50)]);
    pot()
        .given(vec![reserved(1, "first", 51), reserved(2, "first", 50)])
        .when(PotCommand::Reserve(share(3, 0)))
        .then_expect_error(PotError::GivenAlready("first".into()));
    pot()
        .given(vec![reserved(1, "first", 51)])
        .when(PotCommand::Reserve(share(2, 51)))
        .then_expect_error(PotError::GivenAlready("first".into()));
}

#[test]
fn an_award_reserves_once_and_releases_once() {
    pot()
        .given(vec![reserved(1, "first", 100)])
        .when(PotCommand::Reserve(reserve(1, "first", 100)))
        .then_expect_error(PotError::ReservedAlready);
    pot()
        .given(vec![reserved(1, "first", 100), released(1)])
        .when(PotCommand::Release { award: award(1), reason: Reason::NotAnswered })
        .then_expect_error(PotError::NotReserved);
}

#[test]
fn a_prize_in_another_currency_is_refused() {
    let euros = Money { minor: 1, currency: "EUR".into() };
    let error = PotError::TwoCurrencies { prize: "EUR".into(), pot: "GBP".into() };
    pot()
        .given_no_previous_events()
        .when(PotCommand::Reserve(Reservation { amount: euros, ..reserve(1, "first", 1) }))
        .then_expect_error(error);
}

#[test]
fn an_announcement_counts_what_stands_and_was_not_announced_before() {
    let line = |number: u128, minor: u64| format!("{} {} {minor}\n", award(number), pitch(number));
    let announced = |awards: u32, minor: u64, lines: String| -> PotEvent {
        let digest = Sha256::digest(lines).to_vec().into();
        WinnersAnnounced { awards, total: Some(pounds(minor).to_proto()), digest }.into()
    };
    let first = announced(2, 300, line(1, 100) + &line(3, 200));
    pot()
        .given(vec![reserved(3, "b", 200), reserved(2, "c", 50), released(2), reserved(1, "a", 100)])
        .when(PotCommand::Announce)
        .then_expect_events(vec![first.clone()]);
    pot()
        .given(vec![reserved(1, "a", 100), reserved(3, "b", 200), first, released(1), reserved(4, "a", 100)])
        .when(PotCommand::Announce)
        .then_expect_events(vec![announced(1, 100, line(4, 100))]);
}

#[test]
fn there_is_something_to_announce() {
    pot()
        .given(vec![reserved(1, "first", 100), released(1)])
        .when(PotCommand::Announce)
        .then_expect_error(PotError::NothingToAnnounce);
}

fn scheduled(seconds: i64) -> PotEvent {
    let at = Timestamp::from_second(seconds).map(plaudit_chassis::clock::to_proto).ok();
    AnnouncementScheduled { at }.into()
}

fn schedule(seconds: i64) -> PotCommand {
    let at = Timestamp::from_second(seconds).unwrap_or_default();
    PotCommand::Schedule { at, embargo: Timestamp::from_second(100).unwrap_or_default() }
}

#[test]
fn a_moment_is_still_to_come_and_not_before_the_embargo() {
    pot().given(vec![]).when(schedule(100)).then_expect_events(vec![scheduled(100)]);
    pot().given(vec![scheduled(100)]).when(schedule(200)).then_expect_events(vec![scheduled(200)]);
    pot().given(vec![scheduled(200)]).when(schedule(200)).then_expect_events(vec![]);
    pot().given(vec![]).when(schedule(0)).then_expect_error(PotError::MomentPassed);
    let embargo = Timestamp::from_second(100).unwrap_or_default();
    pot().given(vec![]).when(schedule(99)).then_expect_error(PotError::MomentBeforeEmbargo(embargo));
}

#[test]
fn what_is_called_off_or_announced_is_no_longer_to_come() {
    let off = PotEvent::from(AnnouncementUnscheduled {});
    pot().given(vec![scheduled(100)]).when(PotCommand::Unschedule).then_expect_events(vec![off.clone()]);
    for over in [off, WinnersAnnounced::default().into()] {
        pot()
            .given(vec![scheduled(100), over])
            .when(PotCommand::Unschedule)
            .then_expect_error(PotError::NothingScheduled);
    }
}
