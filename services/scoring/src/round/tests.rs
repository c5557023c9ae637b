#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::{MemberId, ScorecardId};
use plaudit_proto::scoring::v1::{
    LateFact, LateFactAnswered, LateOutcome, PanelTaken, RoundLocked, RoundOpened, RoundUnsealed,
    RoundVoided, UnsealingProposed,
};
use plaudit_proto::v1::{self as proto, Reason};
use uuid::Uuid;

use super::{Counts, Round, RoundCommand, RoundError, RoundEvent};
use crate::rules::NoRules;

const FIRST: MemberId = MemberId(Uuid::from_u128(1));
const SECOND: MemberId = MemberId(Uuid::from_u128(2));
const COUNTS: Counts = Counts { sealed: 5, abstained: 1, set_aside: 2, missing: 1 };

fn as_member(actor: MemberId, events: Vec<RoundEvent>) -> AggregateTestExecutor<Round> {
    let now = Timestamp::UNIX_EPOCH;
    TestFramework::<Round>::with(Deciding { now, received_at: now, actor: Some(actor) }).given(events)
}

fn given(events: Vec<RoundEvent>) -> AggregateTestExecutor<Round> {
    as_member(FIRST, events)
}

fn taken() -> RoundEvent {
    PanelTaken { judges: 3, assignments: 9 }.into()
}

fn opening() -> RoundOpened {
    RoundOpened {
        rulebook_hash: Bytes::from_static(b"hash"),
        round: "final".to_owned(),
        tally: Some(proto::Tally {
            scale: Some(proto::Scale { min: "0".to_owned(), max: "10".to_owned(), step: "1".to_owned() }),
            criteria: vec![proto::Criterion { id: "impact".to_owned(), weight: "2".to_owned() }],
            aggregation: proto::Aggregation::Median.into(),
            ..proto::Tally::default()
        }),
        end: proto::RoundEnd::MarksOnly.into(),
        marks: proto::MarksVisibility::Public.into(),
        scorecards: 9,
    }
}

fn opened() -> Vec<RoundEvent> {
    vec![taken(), opening().into()]
}

fn locked() -> Vec<RoundEvent> {
    [opened(), vec![RoundLocked {}.into()]].concat()
}

fn proposed() -> Vec<RoundEvent> {
    [locked(), vec![UnsealingProposed { by: FIRST.into() }.into()]].concat()
}

fn unsealing() -> RoundEvent {
    RoundUnsealed {
        proposed_by: FIRST.into(),
        confirmed_by: SECOND.into(),
        sealed: 5,
        abstained: 1,
        set_aside: 2,
        missing: 1,
        digest: Bytes::from_static(&[9; 32]),
    }
    .into()
}

fn unsealed() -> Vec<RoundEvent> {
    [proposed(), vec![unsealing()]].concat()
}

fn unseal() -> RoundCommand {
    RoundCommand::Unseal { counts: COUNTS, digest: [9; 32] }
}

fn state(events: Vec<RoundEvent>) -> Round {
    let mut round = Round::default();
    events.into_iter().for_each(|event| cqrs_es::Aggregate::apply(&mut round, event));
    round
}

#[test]
fn a_panel_is_taken_until_the_round_opens() {
    let take = RoundCommand::TakePanel { judges: 3, assignments: 9 };
    given(vec![]).when(take.clone()).then_expect_events(vec![taken()]);
    given(vec![taken()]).when(take.clone()).then_expect_events(vec![taken()]);
    given(opened()).when(take).then_expect_error(RoundError::OpenedBefore);
}

#[test]
fn a_round_opens_once_its_panel_is_there() {
    given(vec![taken()]).when(RoundCommand::Open(opening())).then_expect_events(vec![opening().into()]);
    given(vec![]).when(RoundCommand::Open(opening())).then_expect_error(RoundError::PanelNotReady);
    given(opened()).when(RoundCommand::Open(opening())).then_expect_error(RoundError::OpenedBefore);
}

#[test]
fn rules_that_make_no_sense_open_no_round() {
    let unset = RoundOpened { tally: None, ..opening() };
    given(vec![taken()]).when(RoundCommand::Open(unset)).then_expect_error(RoundError::NotInRulebook);
    let mut senseless = opening();
    senseless.tally.as_mut().unwrap().scale.as_mut().unwrap().step = "3".to_owned();
    let refused = given(vec![taken()]).when(RoundCommand::Open(senseless)).inspect_result();
    assert!(matches!(refused, Err(RoundError::Rules(NoRules::Senseless(_)))));
    let mut unreadable = opening();
    unreadable.tally.as_mut().unwrap().criteria[0].weight = "much".to_owned();
    let refused = given(vec![taken()]).when(RoundCommand::Open(unreadable)).inspect_result();
    assert_eq!(refused, Err(RoundError::Rules(NoRules::Unreadable("a criterion's weight"))));
}

#[test]
fn marks_come_in_only_between_opening_and_lock() {
    assert_eq!(state(vec![]).open_for_marks(), Err(RoundError::Unknown));
    assert_eq!(state(vec![taken()]).open_for_marks(), Err(RoundError::NotOpen));
    let round = state(opened());
    let pinned = round.open_for_marks().unwrap();
    assert_eq!((pinned.slug.as_str(), pinned.marks_public, pinned.scorecards), ("final", true, 9));
    assert_eq!(state(locked()).open_for_marks(), Err(RoundError::Locked));
    assert_eq!(state(unsealed()).open_for_marks(), Err(RoundError::Locked));
}

#[test]
fn an_open_round_is_locked_once() {
    given(opened()).when(RoundCommand::Lock).then_expect_events(vec![RoundLocked {}.into()]);
    given(vec![taken()]).when(RoundCommand::Lock).then_expect_error(RoundError::NotOpen);
    given(locked()).when(RoundCommand::Lock).then_expect_error(RoundError::Locked);
}

#[test]
fn only_a_locked_round_is_unsealed() {
    let by_first = UnsealingProposed { by: FIRST.into() };
    given(locked()).when(RoundCommand::ProposeUnsealing).then_expect_events(vec![by_first.into()]);
    given(opened()).when(RoundCommand::ProposeUnsealing).then_expect_error(RoundError::NotLocked);
    given(proposed()).when(RoundCommand::ProposeUnsealing).then_expect_error(RoundError::ProposedBefore);
    as_member(SECOND, opened()).when(unseal()).then_expect_error(RoundError::NotLocked);
    as_member(SECOND, locked()).when(unseal()).then_expect_error(RoundError::NothingProposed);
}

#[test]
fn nobody_confirms_the_unsealing_they_proposed() {
    given(proposed()).when(unseal()).then_expect_error(RoundError::SamePerson);
    as_member(SECOND, proposed()).when(unseal()).then_expect_events(vec![unsealing()]);
    as_member(SECOND, unsealed()).when(unseal()).then_expect_error(RoundError::Unsealed);
    assert_eq!(state(unsealed()).unsealed, Some(COUNTS));
}

#[test]
fn a_fact_after_the_lock_touches_the_round_and_one_after_the_unsealing_changes_nothing() {
    let scorecard = ScorecardId(Uuid::from_u128(7));
    let late = RoundCommand::AnswerLateFact { fact: LateFact::Recusal, scorecard };
    let answered = |outcome: LateOutcome| {
        vec![
            LateFactAnswered {
                fact: LateFact::Recusal.into(),
                outcome: outcome.into(),
                scorecard: scorecard.into(),
            }
            .into(),
        ]
    };
    given(opened()).when(late.clone()).then_expect_events(vec![]);
    given(locked()).when(late.clone()).then_expect_events(answered(LateOutcome::SetAside));
    given(proposed()).when(late.clone()).then_expect_events(answered(LateOutcome::SetAside));
    given(unsealed()).when(late).then_expect_events(answered(LateOutcome::Noted));
}

#[test]
fn a_cancelled_programme_voids_what_is_not_unsealed() {
    let void = RoundCommand::Void(Reason::TooFewPitches);
    let voided = || vec![RoundVoided { reason: Reason::TooFewPitches.into() }.into()];
    given(opened()).when(void.clone()).then_expect_events(voided());
    given(proposed()).when(void.clone()).then_expect_events(voided());
    given(unsealed()).when(void.clone()).then_expect_events(vec![]);
    let round = [opened(), voided()].concat();
    given(round.clone()).when(void).then_expect_events(vec![]);
    given(round.clone()).when(RoundCommand::Lock).then_expect_error(RoundError::Voided);
    assert_eq!(state(round).open_for_marks(), Err(RoundError::Voided));
}
