//! Given / when / then.

use std::collections::{BTreeMap, HashSet};

use cqrs_es::Aggregate as _;
use cqrs_es::test::TestFramework;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::{AwardId, MemberId, PitchId};
use plaudit_proto::awards::v1::{
    AwardAccepted, AwardAnnounced, AwardApproved, AwardDeclined, AwardLapsed, AwardProposed, AwardRefused,
    AwardWithdrawn, PlaceTaken, RankingTaken, WithdrawalProposed,
};
use plaudit_proto::v1::Reason;
use uuid::Uuid;

use super::reserve::{replaced, reserve};
use super::*;
use crate::money::Money;
use crate::ranking::{Ranking, RankingEvent};

type Awards = TestFramework<Award>;

const ADA: MemberId = MemberId(Uuid::from_u128(1));
const BEA: MemberId = MemberId(Uuid::from_u128(2));

fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
}

/// Decided at 1,000 seconds.
fn as_member(member: MemberId) -> Awards {
    Awards::with(Deciding { now: at(1_000), received_at: at(1_000), actor: Some(member) })
}

fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(number))
}

fn pounds(minor: u64) -> Money {
    Money { minor, currency: "GBP".into() }
}

fn terms(number: u128, in_place_of: Option<AwardId>) -> Terms {
    Terms {
        pitch: pitch(number),
        prize: "first".into(),
        amount: pounds(200_000),
        round: "final".into(),
        rank: Some(number as u32),
        departure: None,
        in_place_of,
    }
}

fn proposed_of(terms: Terms) -> AwardEvent {
    AwardProposed {
        pitch: terms.pitch.into(),
        prize: terms.prize,
        amount: Some(terms.amount.to_proto()),
        round: terms.round,
        rank: terms.rank.unwrap_or_default(),
        departure: terms.departure.unwrap_or_default(),
        in_place_of: terms.in_place_of.map(String::from).unwrap_or_default(),
        by: ADA.into(),
    }
    .into()
}

fn proposed() -> AwardEvent {
    proposed_of(terms(1, None))
}

fn approved() -> AwardEvent {
    AwardApproved { proposed_by: ADA.into(), approved_by: BEA.into() }.into()
}

fn announced(accept_by: i64) -> AwardEvent {
    AwardAnnounced { accept_by: Some(to_proto(at(accept_by))) }.into()
}

fn withdrawal(by: MemberId) -> AwardEvent {
    WithdrawalProposed { reason: Reason::IneligibleWinner.into(), by: by.into() }.into()
}

#[test]
fn an_award_is_proposed_by_whoever_asks() {
    as_member(ADA)
        .given_no_previous_events()
        .when(AwardCommand::Propose(terms(1, None)))
        .then_expect_events(vec![proposed()]);
}

#[test]
fn a_departure_carries_its_reason() {
    let departure = Terms { departure: Some(Reason::PanelDeparture.into()), ..terms(2, None) };
    as_member(ADA)
        .given_no_previous_events()
        .when(AwardCommand::Propose(departure.clone()))
        .then_expect_events(vec![proposed_of(departure)]);
}

#[test]
fn an_award_is_proposed_again_only_if_nobody_heard_of_it() {
    let again = || AwardCommand::Propose(terms(1, None));
    let refused = AwardRefused { reason: Reason::MadeInError.into() };
    let withdrawn = AwardWithdrawn::default();
    as_member(ADA).given(vec![proposed(), refused.into()]).when(again()).then_expect_events(vec![proposed()]);
    as_member(ADA)
        .given(vec![proposed(), approved(), withdrawal(ADA), withdrawn.clone().into()])
        .when(again())
        .then_expect_events(vec![proposed()]);
    as_member(ADA)
        .given(vec![proposed(), approved(), announced(2_000), withdrawal(ADA), withdrawn.into()])
        .when(again())
        .then_expect_error(AwardError::ProposedBefore(Phase::Withdrawn));
    as_member(ADA)
        .given(vec![proposed()])
        .when(again())
        .then_expect_error(AwardError::ProposedBefore(Phase::Proposed));
}

#[test]
fn a_second_person_approves() {
    as_member(BEA).given(vec![proposed()]).when(AwardCommand::Approve).then_expect_events(vec![approved()]);
}

#[test]
fn nobody_approves_what_they_proposed() {
    as_member(ADA)
        .given(vec![proposed()])
        .when(AwardCommand::Approve)
        .then_expect_error(AwardError::SamePerson);
}

#[test]
fn only_a_proposal_is_approved_or_refused() {
    as_member(BEA)
        .given(vec![proposed(), approved()])
        .when(AwardCommand::Approve)
        .then_expect_error(AwardError::NotProposed(Phase::Approved));
    as_member(BEA)
        .given(vec![proposed(), approved()])
        .when(AwardCommand::Refuse(Reason::MadeInError))
        .then_expect_error(AwardError::NotProposed(Phase::Approved));
    as_member(BEA)
        .given(vec![proposed()])
        .when(AwardCommand::Refuse(Reason::MadeInError))
        .then_expect_events(vec![AwardRefused { reason: Reason::MadeInError.into() }.into()]);
}

#[test]
fn only_an_approved_award_is_announced() {
    as_member(ADA)
        .given(vec![proposed()])
        .when(AwardCommand::Announce { accept_by: at(2_000) })
        .then_expect_error(AwardError::NotApproved(Phase::Proposed));
    as_member(ADA)
        .given(vec![proposed(), approved()])
        .when(AwardCommand::Announce { accept_by: at(2_000) })
        .then_expect_events(vec![announced(2_000)]);
}

#[test]
fn the_last_instant_to_answer_is_in() {
    as_member(BEA)
        .given(vec![proposed(), approved(), announced(1_000)])
        .when(AwardCommand::Accept)
        .then_expect_events(vec![AwardAccepted {}.into()]);
    as_member(BEA)
        .given(vec![proposed(), approved(), announced(1_000)])
        .when(AwardCommand::Decline)
        .then_expect_events(vec![AwardDeclined {}.into()]);
    as_member(BEA)
        .given(vec![proposed(), approved(), announced(999)])
        .when(AwardCommand::Accept)
        .then_expect_error(AwardError::TooLate(at(999)));
}

#[test]
fn an_answer_in_time_counts_though_it_is_carried_out_later() {
    let late = Deciding { now: at(1_020), received_at: at(1_000), actor: Some(BEA) };
    Awards::with(late)
        .given(vec![proposed(), approved(), announced(1_000)])
        .when(AwardCommand::Accept)
        .then_expect_events(vec![AwardAccepted {}.into()]);
}

#[test]
fn an_unanswered_award_lapses_when_its_time_is_over() {
    as_member(BEA)
        .given(vec![proposed(), approved(), announced(999)])
        .when(AwardCommand::Lapse)
        .then_expect_events(vec![AwardLapsed {}.into()]);
    as_member(BEA)
        .given(vec![proposed(), approved(), announced(1_000)])
        .when(AwardCommand::Lapse)
        .then_expect_error(AwardError::NotYet(at(1_000)));
    as_member(BEA)
        .given(vec![proposed(), approved(), announced(999), AwardAccepted {}.into()])
        .when(AwardCommand::Lapse)
        .then_expect_error(AwardError::NotAnnounced(Phase::Accepted));
}

#[test]
fn two_people_withdraw_an_award() {
    let accepted = || vec![proposed(), approved(), announced(2_000), AwardAccepted {}.into()];
    as_member(ADA)
        .given(accepted())
        .when(AwardCommand::ProposeWithdrawal(Reason::IneligibleWinner))
        .then_expect_events(vec![withdrawal(ADA)]);
    as_member(ADA)
        .given(accepted())
        .and(vec![withdrawal(ADA)])
        .when(AwardCommand::ConfirmWithdrawal)
        .then_expect_error(AwardError::SamePerson);
    let withdrawn = AwardWithdrawn {
        proposed_by: ADA.into(),
        confirmed_by: BEA.into(),
        reason: Reason::IneligibleWinner.into(),
    };
    as_member(BEA)
        .given(accepted())
        .and(vec![withdrawal(ADA)])
        .when(AwardCommand::ConfirmWithdrawal)
        .then_expect_events(vec![withdrawn.into()]);
    as_member(BEA)
        .given(accepted())
        .when(AwardCommand::ConfirmWithdrawal)
        .then_expect_error(AwardError::NoWithdrawalProposed);
}

/// Four pitches with these ranks.
fn ranking(ranks: [u32; 4]) -> Ranking {
    let mut ranking = Ranking::default();
    for (number, rank) in (1..).zip(ranks) {
        let place = PlaceTaken { pitch: pitch(number).into(), rank, shared_by: 1 };
        ranking.apply(RankingEvent::PlaceTaken(place));
    }
    ranking.apply(RankingEvent::RankingTaken(RankingTaken { round: "final".into(), places: 4 }));
    ranking
}

fn award(events: Vec<AwardEvent>) -> Award {
    let mut award = Award::default();
    for event in events {
        award.apply(event);
    }
    award
}

fn id(number: u128) -> AwardId {
    AwardId(Uuid::from_u128(number))
}

fn falls_to(
    ranking: &Ranking,
    awards: &BTreeMap<AwardId, Award>,
    fallen: u128,
    left: &[u128],
) -> Vec<(u128, u32, u64)> {
    let left: HashSet<PitchId> = left.iter().map(|number| pitch(*number)).collect();
    let shares = reserve(ranking, awards, id(fallen), &left).expect("a whole ranking");
    shares.into_iter().map(|share| (share.pitch.0.as_u128(), share.rank, share.amount.minor)).collect()
}

#[test]
fn what_lapsed_falls_to_the_next_in_rank_without_an_award() {
    let lapsed = award(vec![proposed(), approved(), announced(9), AwardLapsed {}.into()]);
    let second = award(vec![proposed_of(terms(2, None)), approved()]);
    let awards = BTreeMap::from([(id(1), lapsed), (id(2), second)]);
    let ranking = ranking([1, 2, 3, 4]);
    assert_eq!(falls_to(&ranking, &awards, 1, &[]), [(3, 3, 200_000)]);
    assert_eq!(falls_to(&ranking, &awards, 1, &[3]), [(4, 4, 200_000)], "past one who left");
    assert_eq!(falls_to(&ranking, &awards, 1, &[3, 4]), []);
}

#[test]
fn equal_reserves_share_what_falls_to_them() {
    let declined = award(vec![proposed(), approved(), announced(9), AwardDeclined {}.into()]);
    let mut awards = BTreeMap::from([(id(1), declined)]);
    let ranking = ranking([1, 2, 2, 4]);
    let both = [(2, 2, 100_000), (3, 2, 100_000)];
    assert_eq!(falls_to(&ranking, &awards, 1, &[]), both);
    awards.insert(id(2), award(vec![proposed_of(terms(2, Some(id(1))))]));
    assert_eq!(falls_to(&ranking, &awards, 1, &[]), both, "also after one of them is proposed");
}

#[test]
fn an_award_is_replaced_unless_its_replacement_was_refused() {
    let replacement = || proposed_of(terms(2, Some(id(1))));
    let mut awards = BTreeMap::from([(id(2), award(vec![replacement()]))]);
    assert!(replaced(&awards, id(1)));
    let refused = AwardRefused { reason: Reason::MadeInError.into() };
    awards.insert(id(2), award(vec![replacement(), refused.into()]));
    assert!(!replaced(&awards, id(1)));
}
