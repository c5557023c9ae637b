#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId};
use plaudit_proto::panels::v1::*;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::*;

const CHAIR: JudgeId = JudgeId(Uuid::from_u128(1));
const OTHER: JudgeId = JudgeId(Uuid::from_u128(2));
const FIRST: PitchId = PitchId(Uuid::from_u128(11));
const SECOND: PitchId = PitchId(Uuid::from_u128(12));
const MEMBER: MemberId = MemberId(Uuid::from_u128(21));

fn given(events: Vec<PanelEvent>) -> AggregateTestExecutor<Panel> {
    let now = Timestamp::UNIX_EPOCH;
    TestFramework::with(Deciding { now, received_at: now, actor: None }).given(events)
}

fn convened() -> PanelEvent {
    PanelConvened { round: "final".to_owned(), anonymous: true }.into()
}

fn offered() -> PanelEvent {
    SeatOffered { judge: CHAIR.into(), member: MEMBER.into() }.into()
}

fn assigned() -> PanelEvent {
    // Given in any order, digested sorted.
    let lines = format!("{FIRST} {CHAIR}\n{FIRST} {OTHER}\n{SECOND} {CHAIR}\n");
    AssignmentsCompleted {
        assignments: 3,
        pitches: 2,
        judges: 2,
        judges_per_pitch: 0,
        digest: Bytes::copy_from_slice(&Sha256::digest(lines)),
        seed: Bytes::from_static(&[7; 32]),
    }
    .into()
}

fn assignments() -> Vec<(PitchId, JudgeId)> {
    vec![(SECOND, CHAIR), (FIRST, OTHER), (FIRST, CHAIR)]
}

fn enough() -> Quorum {
    Quorum { needed: 2, there: 2, independent_needed: true, independent_there: true }
}

fn complete(quorum: Quorum) -> PanelCommand {
    let (assignments, seed) = (assignments(), [7; 32]);
    PanelCommand::CompleteAssignments(Completed { quorum, assignments, judges_per_pitch: 0, seed })
}

fn get_ready(quorum: Quorum, without: Option<PitchId>) -> PanelCommand {
    PanelCommand::GetReady { quorum, assignments: assignments(), without }
}

fn convene() -> PanelCommand {
    PanelCommand::Convene { round: "final".to_owned(), anonymous: true }
}

#[test]
fn is_convened_once() {
    given(vec![]).when(convene()).then_expect_events(vec![convened()]);
    given(vec![convened()]).when(convene()).then_expect_error(PanelError::AlreadyConvened);
}

#[test]
fn offers_seats_once_convened() {
    let offer = PanelCommand::OfferSeat { judge: CHAIR, member: MEMBER };
    given(vec![]).when(offer.clone()).then_expect_error(PanelError::NotConvened);
    given(vec![convened()]).when(offer).then_expect_events(vec![offered()]);
}

#[test]
fn whoever_is_asked_again_has_their_seat_already() {
    let offer = PanelCommand::OfferSeat { judge: CHAIR, member: MEMBER };
    given(vec![convened(), offered()]).when(offer).then_expect_events(vec![]);
}

#[test]
fn seats_can_be_offered_when_it_is_ready() {
    let ready = PanelReady { judges: 2, assignments: 3 };
    given(vec![convened(), assigned(), ready.into()])
        .when(PanelCommand::OfferSeat { judge: CHAIR, member: MEMBER })
        .then_expect_events(vec![offered()]);
}

#[test]
fn assignments_are_counted_and_digested() {
    given(vec![convened(), offered()]).when(complete(enough())).then_expect_events(vec![assigned()]);
}

#[test]
fn assignments_are_made_once() {
    given(vec![convened(), assigned()])
        .when(complete(enough()))
        .then_expect_error(PanelError::AlreadyAssigned);
}

#[test]
fn nothing_goes_on_without_the_quorum() {
    let few = Quorum { there: 1, ..enough() };
    let error = PanelError::NoQuorum { there: 1, needed: 2 };
    given(vec![convened()]).when(complete(few)).then_expect_error(error.clone());
    given(vec![convened(), assigned()]).when(get_ready(few, None)).then_expect_error(error);
}

#[test]
fn nothing_goes_on_without_the_independent_judge_where_one_is_needed() {
    let none = Quorum { independent_there: false, ..enough() };
    given(vec![convened()]).when(complete(none)).then_expect_error(PanelError::NoIndependentJudge);
    given(vec![convened(), assigned()])
        .when(get_ready(none, None))
        .then_expect_error(PanelError::NoIndependentJudge);
    let not_needed = Quorum { independent_needed: false, ..none };
    given(vec![convened()]).when(complete(not_needed)).then_expect_events(vec![assigned()]);
}

#[test]
fn is_ready_once_every_pitch_has_a_judge() {
    let ready = PanelEvent::from(PanelReady { judges: 2, assignments: 3 });
    given(vec![convened()]).when(get_ready(enough(), None)).then_expect_error(PanelError::NotAssigned);
    given(vec![convened(), assigned()])
        .when(get_ready(enough(), Some(SECOND)))
        .then_expect_error(PanelError::WithoutJudge(SECOND));
    given(vec![convened(), assigned()])
        .when(get_ready(enough(), None))
        .then_expect_events(vec![ready.clone()]);
    given(vec![convened(), assigned(), ready])
        .when(get_ready(enough(), None))
        .then_expect_error(PanelError::AlreadyReady);
}
