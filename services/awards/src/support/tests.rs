//! Given / when / then.

use cqrs_es::test::TestFramework;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::PitchId;
use plaudit_chassis::vault::Commitment;
use plaudit_proto::awards::v1::{
    SupportAccepted, SupportClosed, SupportDelivered, SupportDeliveryConfirmed, SupportPledged,
    SupportScheduled, SupportUnit,
};
use uuid::Uuid;

use super::*;

const PITCH: PitchId = PitchId(Uuid::from_u128(7));

fn support() -> TestFramework<Support> {
    let now = Timestamp::UNIX_EPOCH;
    TestFramework::with(Deciding { now, received_at: now, actor: None })
}

/// Three hours.
fn pledge(quarters: u32) -> SupportPledged {
    SupportPledged {
        what: Commitment::from_static(b"legal help"),
        quarters,
        unit: SupportUnit::Hour.into(),
        award: String::new(),
        by: Uuid::from_u128(1).to_string(),
    }
}

fn pledged() -> SupportEvent {
    pledge(12).into()
}

fn accepted() -> SupportEvent {
    SupportAccepted { pitch: PITCH.into() }.into()
}

fn delivered(part: u32, quarters: u32, evidence: &'static [u8]) -> SupportEvent {
    SupportDelivered { part, quarters, evidence: Commitment::from_static(evidence) }.into()
}

fn confirmed(part: u32) -> SupportEvent {
    SupportDeliveryConfirmed { part }.into()
}

fn deliver(quarters: u32) -> SupportCommand {
    SupportCommand::Deliver { quarters, evidence: Commitment::new() }
}

#[test]
fn something_is_pledged() {
    support()
        .given_no_previous_events()
        .when(SupportCommand::Pledge(pledge(12)))
        .then_expect_events(vec![pledged()]);
    support()
        .given_no_previous_events()
        .when(SupportCommand::Pledge(pledge(0)))
        .then_expect_error(SupportError::NoQuarters);
}

#[test]
fn a_pledge_is_accepted_once() {
    support().given(vec![pledged()]).when(SupportCommand::Accept(PITCH)).then_expect_events(vec![accepted()]);
    support()
        .given(vec![pledged(), accepted()])
        .when(SupportCommand::Accept(PITCH))
        .then_expect_error(SupportError::AcceptedBefore);
}

#[test]
fn nothing_is_scheduled_or_given_before_it_is_accepted() {
    let at = Timestamp::UNIX_EPOCH;
    let schedule = || SupportCommand::Schedule { at, quarters: 4 };
    support().given(vec![pledged()]).when(schedule()).then_expect_error(SupportError::NotAccepted);
    support().given(vec![pledged()]).when(deliver(4)).then_expect_error(SupportError::NotAccepted);
    let scheduled = SupportScheduled { at: Some(to_proto(at)), quarters: 4 };
    support().given(vec![pledged(), accepted()]).when(schedule()).then_expect_events(vec![scheduled.into()]);
}

#[test]
fn parts_are_numbered_and_never_more_than_was_pledged() {
    let given = || vec![pledged(), accepted(), delivered(1, 8, b"")];
    support().given(given()).when(deliver(4)).then_expect_events(vec![delivered(2, 4, b"")]);
    support().given(given()).when(deliver(5)).then_expect_error(SupportError::MoreThanPledged { left: 4 });
    support().given(given()).when(deliver(0)).then_expect_error(SupportError::NoQuarters);
}

#[test]
fn each_part_is_confirmed_once() {
    let given = || vec![pledged(), accepted(), delivered(1, 8, b"")];
    support().given(given()).when(SupportCommand::Confirm(1)).then_expect_events(vec![confirmed(1)]);
    for part in [0, 2] {
        support()
            .given(given())
            .when(SupportCommand::Confirm(part))
            .then_expect_error(SupportError::NoSuchPart(part));
    }
    support()
        .given([given(), vec![confirmed(1)]].concat())
        .when(SupportCommand::Confirm(1))
        .then_expect_error(SupportError::ConfirmedBefore(1));
}

#[test]
fn it_closes_when_every_part_is_confirmed_or_evidenced() {
    let given = || vec![pledged(), accepted(), delivered(1, 8, b""), delivered(2, 2, b"minutes")];
    support().given(given()).when(SupportCommand::Close).then_expect_error(SupportError::PartOpen(1));
    let closed = SupportClosed { quarters_pledged: 12, quarters_delivered: 10 };
    support()
        .given([given(), vec![confirmed(1)]].concat())
        .when(SupportCommand::Close)
        .then_expect_events(vec![closed.into()]);
    support()
        .given([given(), vec![confirmed(1), closed.into()]].concat())
        .when(deliver(1))
        .then_expect_error(SupportError::Closed);
}
