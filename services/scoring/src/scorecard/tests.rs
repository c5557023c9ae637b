#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use cqrs_es::test::TestFramework;
use jiff::Timestamp;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, RoundId};
use plaudit_chassis::{Deciding, Problem};
use plaudit_proto::scoring::v1::{
    Mark, ScorecardAbstained, ScorecardExpected, ScorecardReleased, ScorecardSealed, ScorecardSetAside,
    ScorecardUnsealed,
};
use plaudit_proto::v1::{self as proto, Reason};
use plaudit_tally::Rules;
use uuid::Uuid;

use super::{Place, Scorecard, ScorecardCommand, ScorecardError, ScorecardEvent, Sheet};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn place() -> Place {
    let round = RoundId(Uuid::from_u128(1));
    Place {
        round,
        pitch: PitchId(Uuid::from_u128(2)),
        judge: JudgeId::of(round, MemberId(Uuid::from_u128(3))),
    }
}

fn given(events: Vec<ScorecardEvent>) -> cqrs_es::test::AggregateTestExecutor<Scorecard> {
    TestFramework::<Scorecard>::with(Deciding { now: NOW, received_at: NOW, actor: None }).given(events)
}

fn expected() -> ScorecardEvent {
    let Place { round, pitch, judge } = place();
    ScorecardExpected { round: round.into(), pitch: pitch.into(), judge: judge.into() }.into()
}

fn sealed(sealing: u32) -> ScorecardEvent {
    ScorecardSealed {
        sealing,
        marks: Bytes::from_static(b"marks"),
        comment_to_panel: Bytes::new(),
        comment_to_entrant: Bytes::from_static(b"words"),
        round: place().round.into(),
        received_at: Some(to_proto(NOW)),
    }
    .into()
}

fn seal() -> ScorecardCommand {
    ScorecardCommand::Seal {
        marks: Bytes::from_static(b"marks"),
        comment_to_panel: Bytes::new(),
        comment_to_entrant: Bytes::from_static(b"words"),
    }
}

fn abstained() -> ScorecardEvent {
    ScorecardAbstained { reason: Reason::Absent.into(), words: Bytes::new() }.into()
}

fn abstain() -> ScorecardCommand {
    ScorecardCommand::Abstain { reason: Reason::Absent, words: Bytes::new() }
}

fn set_aside(reason: Reason) -> ScorecardEvent {
    ScorecardSetAside { reason: reason.into() }.into()
}

fn released(reason: Reason) -> ScorecardEvent {
    ScorecardReleased { reason: reason.into() }.into()
}

#[test]
fn an_assignment_is_expected_once() {
    given(vec![]).when(ScorecardCommand::Expect(place())).then_expect_events(vec![expected()]);
    given(vec![expected(), sealed(1)]).when(ScorecardCommand::Expect(place())).then_expect_events(vec![]);
}

#[test]
fn a_scorecard_is_sealed_again_and_again() {
    given(vec![expected()]).when(seal()).then_expect_events(vec![sealed(1)]);
    given(vec![expected(), sealed(1)]).when(seal()).then_expect_events(vec![sealed(2)]);
}

#[test]
fn nobody_seals_what_is_not_expected() {
    given(vec![]).when(seal()).then_expect_error(ScorecardError::NotExpected);
    given(vec![expected(), released(Reason::Reassigned)])
        .when(seal())
        .then_expect_error(ScorecardError::NotExpected);
    given(vec![expected(), sealed(1), set_aside(Reason::ConflictOfInterest)])
        .when(seal())
        .then_expect_error(ScorecardError::SetAside);
}

#[test]
fn a_judge_may_abstain_after_sealing_and_seal_after_abstaining() {
    given(vec![expected()]).when(abstain()).then_expect_events(vec![abstained()]);
    given(vec![expected(), sealed(1)]).when(abstain()).then_expect_events(vec![abstained()]);
    given(vec![expected(), sealed(1), abstained()]).when(seal()).then_expect_events(vec![sealed(2)]);
    given(vec![]).when(abstain()).then_expect_error(ScorecardError::NotExpected);
}

#[test]
fn an_abstention_counts_no_marks() {
    let mut card = Scorecard::default();
    for event in [expected(), sealed(1), abstained()] {
        cqrs_es::Aggregate::apply(&mut card, event);
    }
    assert!(!card.counts() && card.stands());
}

#[test]
fn a_recusal_after_a_seal_sets_it_aside_visibly() {
    let recused = ScorecardCommand::LeaveJudge(Reason::ConflictOfInterest);
    given(vec![expected(), sealed(1)])
        .when(recused.clone())
        .then_expect_events(vec![set_aside(Reason::ConflictOfInterest)]);
    given(vec![expected(), abstained()])
        .when(recused.clone())
        .then_expect_events(vec![set_aside(Reason::ConflictOfInterest)]);
    // The withdrawn assignment that follows a recusal finds nothing to do.
    given(vec![expected(), sealed(1), set_aside(Reason::ConflictOfInterest)])
        .when(recused.clone())
        .then_expect_events(vec![]);
    given(vec![]).when(recused).then_expect_events(vec![]);
}

#[test]
fn a_moved_assignment_releases_what_was_only_waited_for() {
    let moved = ScorecardCommand::LeaveJudge(Reason::Reassigned);
    given(vec![expected()]).when(moved).then_expect_events(vec![released(Reason::Reassigned)]);
    given(vec![expected(), released(Reason::Reassigned)])
        .when(ScorecardCommand::Expect(place()))
        .then_expect_events(vec![expected()]);
}

#[test]
fn a_pitch_that_leaves_takes_every_scorecard_with_it() {
    let left = || vec![set_aside(Reason::PitchLeft)];
    given(vec![expected()]).when(ScorecardCommand::LeavePitch).then_expect_events(left());
    given(vec![expected(), sealed(1)]).when(ScorecardCommand::LeavePitch).then_expect_events(left());
    given(vec![expected(), released(Reason::Reassigned)])
        .when(ScorecardCommand::LeavePitch)
        .then_expect_events(left());
    given(vec![expected(), set_aside(Reason::PitchLeft)])
        .when(ScorecardCommand::LeavePitch)
        .then_expect_events(vec![]);
    given(vec![expected(), set_aside(Reason::PitchLeft)])
        .when(ScorecardCommand::Expect(place()))
        .then_expect_events(vec![]);
}

fn sheet(marks: &[(&str, &str)]) -> Sheet {
    let marks = marks.iter().map(|(criterion, mark)| ((*criterion).to_owned(), mark.parse().unwrap()));
    Sheet(marks.collect())
}

#[test]
fn unsealing_reveals_the_marks_with_their_salt() {
    let unseal = |sheet| ScorecardCommand::Unseal { salt: [7; 32], sheet };
    let revealed = ScorecardUnsealed {
        commitment: Bytes::from_static(b"marks"),
        salt: Bytes::from_static(&[7; 32]),
        marks: vec![
            Mark { criterion: "impact".to_owned(), mark: "9.5".to_owned() },
            Mark { criterion: "team".to_owned(), mark: "8".to_owned() },
        ],
    };
    given(vec![expected(), sealed(1)])
        .when(unseal(sheet(&[("team", "8.0"), ("impact", "9.50")])))
        .then_expect_events(vec![revealed.into()]);
    given(vec![expected(), abstained()]).when(unseal(Sheet::default())).then_expect_events(vec![]);
}

#[test]
fn the_sealed_bytes_of_marks_are_sorted_canonical_lines() {
    let marks = sheet(&[("team", "8.0"), ("impact", "9.50"), ("a-1", "-0.5")]);
    assert_eq!(marks.bytes(), b"a-1=-0.5\nimpact=9.5\nteam=8\n");
    assert_eq!(Sheet::read(&marks.bytes()).unwrap(), marks);
    assert!(Sheet::read(b"impact\n").is_err() && Sheet::read(b"impact=x\n").is_err());
}

fn rules() -> Rules {
    let criterion = |id: &str| proto::Criterion { id: id.to_owned(), weight: "1".to_owned() };
    crate::rules::rules(&proto::Tally {
        scale: Some(proto::Scale { min: "0".to_owned(), max: "10".to_owned(), step: "0.25".to_owned() }),
        criteria: vec![criterion("impact"), criterion("team")],
        aggregation: proto::Aggregation::Mean.into(),
        ..proto::Tally::default()
    })
    .unwrap()
}

#[test]
fn wrong_marks_name_their_fields() {
    let marks = sheet(&[("impact", "9.3"), ("novelty", "5")]);
    let errors = rules().check_marks(&marks.0).unwrap_err();
    let problem = serde_json::to_value(Problem::from(ScorecardError::Marks(errors))).unwrap();
    assert_eq!(problem["status"], 422);
    let errors = problem["errors"].as_array().unwrap();
    let fields: Vec<&str> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["marks.impact", "marks.team", "marks.novelty"]);
    assert!(errors[0]["detail"].as_str().unwrap().contains("steps of 0.25"));
    assert!(errors[1]["detail"].as_str().unwrap().contains("has no mark"));

    let errors = rules().check_marks(&sheet(&[("impact", "10.25"), ("team", "10")]).0).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().contains("marks go from 0 to 10"));
}
