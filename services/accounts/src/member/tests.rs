use cqrs_es::test::TestFramework;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_proto::accounts::v1::{MemberForgotten, MemberInvited, MemberJoined};

use super::{Member, MemberCommand, MemberError, MemberEvent};

fn given(events: Vec<MemberEvent>) -> cqrs_es::test::AggregateTestExecutor<Member> {
    let (now, received_at) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
    TestFramework::with(Deciding { now, received_at, actor: None }).given(events)
}

fn invited() -> MemberEvent {
    MemberInvited {}.into()
}

fn joined() -> MemberEvent {
    MemberJoined {}.into()
}

fn forgotten() -> MemberEvent {
    MemberForgotten {}.into()
}

#[test]
fn an_invited_member_joins_and_is_forgotten() {
    given(vec![]).when(MemberCommand::Invite).then_expect_events(vec![invited()]);
    given(vec![invited()]).when(MemberCommand::Join).then_expect_events(vec![joined()]);
    given(vec![invited(), joined()]).when(MemberCommand::Forget).then_expect_events(vec![forgotten()]);
}

#[test]
fn somebody_joins_uninvited() {
    given(vec![]).when(MemberCommand::Join).then_expect_events(vec![joined()]);
}

#[test]
fn an_invitation_can_be_forgotten_before_anybody_came() {
    given(vec![invited()]).when(MemberCommand::Forget).then_expect_events(vec![forgotten()]);
}

#[test]
fn asking_again_after_an_interruption_changes_nothing() {
    given(vec![invited()]).when(MemberCommand::Invite).then_expect_events(vec![]);
    given(vec![joined()]).when(MemberCommand::Invite).then_expect_events(vec![]);
    given(vec![joined()]).when(MemberCommand::Join).then_expect_events(vec![]);
    given(vec![joined(), forgotten()]).when(MemberCommand::Forget).then_expect_events(vec![]);
}

#[test]
fn a_member_that_never_was_in_the_log_is_forgotten_without_a_trace() {
    given(vec![]).when(MemberCommand::Forget).then_expect_events(vec![]);
}

#[test]
fn a_forgotten_member_never_comes_back() {
    for again in [MemberCommand::Invite, MemberCommand::Join] {
        given(vec![joined(), forgotten()]).when(again).then_expect_error(MemberError::Forgotten);
    }
}
