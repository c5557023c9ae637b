#![allow(clippy::unwrap_used)]

use cqrs_es::test::TestFramework;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::MemberId;
use plaudit_chassis::vault::Commitment;
use plaudit_proto::submissions::v1::*;
use plaudit_proto::v1::Reason;

use super::{Decided, Look, Outcome, Pitch, PitchCommand as C, PitchError as E, PitchEvent, Submission};
use crate::programme::tests::member;
use crate::programme::{Call, Phase};

const ADA: u128 = 1;
const BEN: u128 = 2;
const CLEO: u128 = 3;
const ENTRANT: u128 = 7;

fn last_instant() -> Timestamp {
    "2030-02-01T17:01:00Z".parse().unwrap()
}

fn later(milliseconds: i64) -> Timestamp {
    last_instant() + SignedDuration::from_millis(milliseconds)
}

fn sealed(byte: u8) -> Commitment {
    Commitment::from(vec![byte; 32])
}

fn call(phase: Phase) -> Call {
    Call { phase, last_instant: last_instant() }
}

fn submit(phase: Phase, received_at: Timestamp) -> C {
    C::Submit(Box::new(Submission {
        call: call(phase),
        received_at,
        team: vec![member(ENTRANT), member(8)],
        title: sealed(1),
        team_name: sealed(2),
        answers: sealed(3),
        attachments: Commitment::new(),
        rulebook_hash: sealed(4),
        by_itself: false,
    }))
}

fn submitted(submission: u32, received_at: Timestamp) -> PitchEvent {
    PitchSubmitted {
        submission,
        team: vec![member(ENTRANT).into(), member(8).into()],
        title: sealed(1),
        team_name: sealed(2),
        answers: sealed(3),
        rulebook_hash: sealed(4),
        received_at: Some(to_proto(received_at)),
        by_itself: false,
        attachments: Commitment::new(),
    }
    .into()
}

fn entered() -> Vec<PitchEvent> {
    vec![submitted(1, later(-60_000))]
}

fn after(events: Vec<PitchEvent>, more: impl IntoIterator<Item = PitchEvent>) -> Vec<PitchEvent> {
    events.into_iter().chain(more).collect()
}

fn by_at(number: u128, at: Timestamp) -> TestFramework<Pitch> {
    TestFramework::with(Deciding { now: at, received_at: at, actor: Some(member(number)) })
}

/// An hour after the last instant.
fn by(number: u128) -> TestFramework<Pitch> {
    by_at(number, later(3_600_000))
}

fn look(phase: Phase, outcome: Outcome, reason: Reason) -> C {
    C::Screen(Look { phase, outcome, reason, words: sealed(5) })
}

fn refuse() -> C {
    look(Phase::Closed, Outcome::Ineligible, Reason::OutOfScope)
}

fn let_in() -> C {
    look(Phase::Closed, Outcome::Eligible, Reason::Unspecified)
}

fn screened(number: u128, outcome: Screening, reason: Reason, again: bool) -> PitchEvent {
    PitchScreened {
        outcome: outcome.into(),
        reason: reason.into(),
        words: sealed(5),
        again,
        by: member(number).into(),
    }
    .into()
}

fn refused_by(number: u128) -> PitchEvent {
    screened(number, Screening::Ineligible, Reason::OutOfScope, false)
}

fn eligible_by(number: u128) -> PitchEvent {
    screened(number, Screening::Eligible, Reason::Unspecified, false)
}

#[test]
fn the_last_instant_is_in_and_a_millisecond_later_is_not() {
    let at =
        |received| by_at(ENTRANT, received).given_no_previous_events().when(submit(Phase::Open, received));
    at(last_instant()).then_expect_events(vec![submitted(1, last_instant())]);
    at(later(1)).then_expect_error(E::TooLate(last_instant()));
}

#[test]
fn what_counts_is_when_it_arrived_and_not_when_it_is_decided() {
    by_at(ENTRANT, later(20_000))
        .given_no_previous_events()
        .when(submit(Phase::Open, last_instant()))
        .then_expect_events(vec![submitted(1, last_instant())]);
}

#[test]
fn nothing_comes_in_before_the_call_or_after_it() {
    let in_time = later(-60_000);
    for (phase, error) in [
        (Phase::Drafted, E::CallNotOpen),
        (Phase::Published, E::CallNotOpen),
        (Phase::Closed, E::CallClosed),
        (Phase::Screened, E::CallClosed),
        (Phase::Concluded, E::CallClosed),
        (Phase::Cancelled, E::CallClosed),
    ] {
        by(ENTRANT).given_no_previous_events().when(submit(phase, in_time)).then_expect_error(error);
    }
}

#[test]
fn a_pitch_is_replaced_until_the_deadline() {
    by(ENTRANT)
        .given(entered())
        .when(submit(Phase::Open, last_instant()))
        .then_expect_events(vec![submitted(2, last_instant())]);
    by(ENTRANT)
        .given(entered())
        .when(submit(Phase::Open, later(1)))
        .then_expect_error(E::TooLate(last_instant()));
    let left = after(entered(), [PitchWithdrawn {}.into()]);
    by(ENTRANT).given(left).when(submit(Phase::Open, last_instant())).then_expect_error(E::Withdrawn);
}

#[test]
fn a_pitch_is_withdrawn_until_the_programme_is_over() {
    let withdraw = |phase| C::Withdraw { phase };
    for phase in [Phase::Open, Phase::Closed, Phase::Screened] {
        by(ENTRANT).given(entered()).when(withdraw(phase)).then_expect_events(vec![PitchWithdrawn {}.into()]);
    }
    by(ENTRANT).given(entered()).when(withdraw(Phase::Concluded)).then_expect_error(E::NotNow);
    let left = after(entered(), [PitchWithdrawn {}.into()]);
    by(ENTRANT).given(left).when(withdraw(Phase::Open)).then_expect_error(E::Withdrawn);
}

#[test]
fn pitches_are_screened_after_the_close() {
    by(ADA).given(entered()).when(let_in()).then_expect_events(vec![eligible_by(ADA)]);
    by(ADA).given(entered()).when(refuse()).then_expect_events(vec![refused_by(ADA)]);
    for phase in [Phase::Open, Phase::Screened, Phase::Concluded] {
        let early = look(phase, Outcome::Eligible, Reason::Unspecified);
        by(ADA).given(entered()).when(early).then_expect_error(E::NotScreeningTime);
    }
    let unsaid = look(Phase::Closed, Outcome::Ineligible, Reason::Unspecified);
    by(ADA).given(entered()).when(unsaid).then_expect_error(E::ReasonMissing);
}

#[test]
fn a_refusal_is_looked_at_once_more_by_another_person() {
    let refused = after(entered(), [refused_by(ADA)]);
    by(ADA).given(refused.clone()).when(let_in()).then_expect_error(E::SecondLookSamePerson);
    let again = screened(BEN, Screening::Eligible, Reason::MadeInError, true);
    let second = || look(Phase::Closed, Outcome::Eligible, Reason::MadeInError);
    by(BEN).given(refused.clone()).when(second()).then_expect_events(vec![again]);
    let twice = after(refused, [screened(BEN, Screening::Ineligible, Reason::OutOfScope, true)]);
    by(CLEO).given(twice).when(second()).then_expect_error(E::SecondLookOver);
    let fine = after(entered(), [eligible_by(ADA)]);
    by(BEN).given(fine).when(refuse()).then_expect_error(E::AlreadyEligible);
}

#[test]
fn a_refusal_can_be_put_right_after_the_screening() {
    let refused = after(entered(), [refused_by(ADA)]);
    let late = |phase| look(phase, Outcome::Eligible, Reason::MadeInError);
    let again = screened(BEN, Screening::Eligible, Reason::MadeInError, true);
    by(BEN).given(refused.clone()).when(late(Phase::Screened)).then_expect_events(vec![again]);
    by(BEN).given(refused).when(late(Phase::Concluded)).then_expect_error(E::NotScreeningTime);
}

#[test]
fn a_question_is_asked_before_the_decision_and_answered_once() {
    let query = |phase| C::Query { phase, question: sealed(6) };
    let answer = || C::Answer { phase: Phase::Closed, answer: sealed(7) };
    let queried: PitchEvent = PitchQueried { question: sealed(6) }.into();
    let answered: PitchEvent = QueryAnswered { answer: sealed(7) }.into();
    by(ADA).given(entered()).when(query(Phase::Closed)).then_expect_events(vec![queried.clone()]);
    by(ADA).given(entered()).when(query(Phase::Open)).then_expect_error(E::NotScreeningTime);
    let asked = after(entered(), [queried.clone()]);
    by(ENTRANT).given(asked.clone()).when(answer()).then_expect_events(vec![answered.clone()]);
    by(ADA).given(asked.clone()).when(query(Phase::Closed)).then_expect_error(E::NothingToAsk);
    let told = after(asked, [answered]);
    by(ENTRANT).given(told.clone()).when(answer()).then_expect_error(E::NothingAsked);
    by(ADA).given(told).when(query(Phase::Closed)).then_expect_events(vec![queried]);
    let decided = after(entered(), [eligible_by(ADA)]);
    by(ADA).given(decided).when(query(Phase::Closed)).then_expect_error(E::NothingToAsk);
}

fn disqualification_by(number: u128) -> PitchEvent {
    DisqualificationProposed { reason: Reason::RulesBroken.into(), by: member(number).into() }.into()
}

#[test]
fn a_pitch_is_disqualified_by_two() {
    let propose = |phase| C::ProposeDisqualification { phase, reason: Reason::RulesBroken };
    let confirm = |proposers: &[MemberId]| C::ConfirmDisqualification {
        phase: Phase::Closed,
        proposers: proposers.to_vec(),
    };
    by(ADA).given(entered()).when(propose(Phase::Closed)).then_expect_events(vec![disqualification_by(ADA)]);
    by(ADA).given(entered()).when(propose(Phase::Concluded)).then_expect_error(E::NotNow);
    by(BEN).given(entered()).when(confirm(&[member(ADA)])).then_expect_error(E::NotProposed);
    let proposed = after(entered(), [disqualification_by(ADA)]);
    by(ADA).given(proposed.clone()).when(confirm(&[member(ADA)])).then_expect_error(E::SamePerson);
    // Ada has lost the role, or has declared a conflict since.
    by(BEN).given(proposed.clone()).when(confirm(&[member(CLEO)])).then_expect_error(E::NotProposed);
    let out = PitchDisqualified {
        proposed_by: member(ADA).into(),
        confirmed_by: member(BEN).into(),
        reason: Reason::RulesBroken.into(),
    };
    by(BEN)
        .given(proposed.clone())
        .when(confirm(&[member(ADA)]))
        .then_expect_events(vec![out.clone().into()]);
    let gone = after(proposed, [out.into()]);
    by(ADA).given(gone).when(let_in()).then_expect_error(E::Disqualified);
}

fn reopening_until(until: Timestamp) -> PitchEvent {
    ReopeningProposed {
        until: Some(to_proto(until)),
        reason: Reason::ServiceFault.into(),
        by: member(ADA).into(),
    }
    .into()
}

fn reopened_until(until: Timestamp) -> PitchEvent {
    PitchReopened {
        proposed_by: member(ADA).into(),
        confirmed_by: member(BEN).into(),
        until: Some(to_proto(until)),
        reason: Reason::ServiceFault.into(),
    }
    .into()
}

#[test]
fn what_came_too_late_is_reopened_by_two_before_it_was_ever_in() {
    let until = later(7_200_000);
    let propose = C::ProposeReopening { call: call(Phase::Closed), until, reason: Reason::ServiceFault };
    let confirm = || C::ConfirmReopening { call: call(Phase::Closed), proposers: vec![member(ADA)] };
    by(ADA).given_no_previous_events().when(propose).then_expect_events(vec![reopening_until(until)]);
    by(BEN).given_no_previous_events().when(confirm()).then_expect_error(E::NotProposed);
    let proposed = vec![reopening_until(until)];
    by(ADA).given(proposed.clone()).when(confirm()).then_expect_error(E::SamePerson);
    by(ENTRANT)
        .given(proposed.clone())
        .when(submit(Phase::Closed, later(1)))
        .then_expect_error(E::CallClosed);
    by(BEN).given(proposed.clone()).when(confirm()).then_expect_events(vec![reopened_until(until)]);
    let reopened = after(proposed, [reopened_until(until)]);
    by_at(ENTRANT, until)
        .given(reopened.clone())
        .when(submit(Phase::Closed, until))
        .then_expect_events(vec![submitted(1, until)]);
    by(ENTRANT)
        .given(reopened.clone())
        .when(submit(Phase::Closed, later(7_200_001)))
        .then_expect_error(E::CallClosed);
    by(ADA).given(reopened.clone()).when(let_in()).then_expect_error(E::Withdrawn);
    // The screening waits for it, and then goes on without it.
    let mut pitch = Pitch::default();
    reopened.into_iter().for_each(|event| cqrs_es::Aggregate::apply(&mut pitch, event));
    assert_eq!(pitch.decided(until), Decided::NotYet);
    assert_eq!(pitch.decided(later(7_200_000 + 31_000)), Decided::Left);
}

#[test]
fn a_pitch_is_reopened_by_two() {
    let until = later(7_200_000);
    let propose =
        |phase, until| C::ProposeReopening { call: call(phase), until, reason: Reason::ServiceFault };
    let confirm = || C::ConfirmReopening { call: call(Phase::Closed), proposers: vec![member(ADA)] };
    by(ADA)
        .given(entered())
        .when(propose(Phase::Closed, until))
        .then_expect_events(vec![reopening_until(until)]);
    by(ADA).given(entered()).when(propose(Phase::Screened, until)).then_expect_error(E::NotNow);
    by(ADA).given(entered()).when(propose(Phase::Closed, later(0))).then_expect_error(E::UntilTooEarly);
    by_at(ADA, later(-9_000))
        .given(entered())
        .when(propose(Phase::Open, later(-1)))
        .then_expect_error(E::UntilTooEarly);
    let proposed = after(entered(), [reopening_until(until)]);
    by(ADA).given(proposed.clone()).when(confirm()).then_expect_error(E::SamePerson);
    by(BEN).given(proposed.clone()).when(confirm()).then_expect_events(vec![reopened_until(until)]);
    by_at(BEN, until).given(proposed).when(confirm()).then_expect_error(E::UntilTooEarly);
}

#[test]
fn a_reopened_pitch_is_replaced_after_the_deadline_and_screened_after_that() {
    let until = later(7_200_000);
    let open_again = after(entered(), [refused_by(ADA), reopened_until(until)]);
    by(ADA).given(open_again.clone()).when(let_in()).then_expect_error(E::SecondLookSamePerson);
    by(BEN).given(open_again.clone()).when(let_in()).then_expect_error(E::StillOpen(until));
    by(ENTRANT)
        .given(open_again.clone())
        .when(submit(Phase::Closed, until))
        .then_expect_events(vec![submitted(2, until)]);
    let late = until + SignedDuration::from_millis(1);
    by(ENTRANT).given(open_again.clone()).when(submit(Phase::Closed, late)).then_expect_error(E::CallClosed);
    let replaced = after(open_again, [submitted(2, until)]);
    let past = until + SignedDuration::from_secs(30);
    by_at(ADA, past).given(replaced).when(let_in()).then_expect_events(vec![eligible_by(ADA)]);
}

fn folded(events: Vec<PitchEvent>) -> Pitch {
    let mut pitch = Pitch::default();
    for event in events {
        cqrs_es::Aggregate::apply(&mut pitch, event);
    }
    pitch
}

#[test]
fn what_screening_has_made_of_a_pitch() {
    let now = later(3_600_000);
    let after_that = |more: Vec<PitchEvent>| folded(after(entered(), more)).decided(now);
    let out = PitchDisqualified { proposed_by: String::new(), confirmed_by: String::new(), reason: 24 };
    assert_eq!(after_that(vec![]), Decided::NotYet);
    assert_eq!(after_that(vec![PitchQueried { question: sealed(1) }.into()]), Decided::NotYet);
    assert_eq!(after_that(vec![eligible_by(ADA)]), Decided::Eligible);
    assert_eq!(after_that(vec![refused_by(ADA)]), Decided::Refused);
    assert_eq!(after_that(vec![out.into()]), Decided::Refused);
    assert_eq!(after_that(vec![PitchWithdrawn {}.into()]), Decided::Left);
    assert_eq!(after_that(vec![eligible_by(ADA), reopened_until(later(7_200_000))]), Decided::NotYet);
    assert_eq!(after_that(vec![eligible_by(ADA), reopened_until(later(0))]), Decided::Eligible);
}
