use super::*;

#[test]
fn are_made_and_withdrawn() {
    given(sitting())
        .when(JudgeCommand::Assign(vec![pitch(3), pitch(4)]))
        .then_expect_events(vec![made(3), made(4)]);
    let withdrawn = AssignmentWithdrawn {
        pitch: pitch(3).into(),
        panel: PANEL.into(),
        member: ADA.into(),
        reason: Reason::PitchLeft.into(),
    };
    given(with(sitting(), made(3)))
        .when(JudgeCommand::Withdraw(vec![(pitch(3), Reason::PitchLeft)]))
        .then_expect_events(vec![withdrawn.into()]);
}

#[test]
fn go_to_judges_who_declared() {
    given(vec![invited()])
        .when(JudgeCommand::Assign(vec![pitch(3)]))
        .then_expect_error(JudgeError::NotAccepted);
    given(accepted()).when(JudgeCommand::Assign(vec![pitch(3)])).then_expect_error(JudgeError::NotDeclared);
    given(with(sitting(), stood_down()))
        .when(JudgeCommand::Assign(vec![pitch(3)]))
        .then_expect_error(JudgeError::StoodDown);
}

#[test]
fn respect_walls_and_connections_not_allowed_yet() {
    given(sitting())
        .when(JudgeCommand::Assign(vec![pitch(2)]))
        .then_expect_error(JudgeError::StandsAside(pitch(2)));
    given(sitting())
        .when(JudgeCommand::Assign(vec![pitch(1)]))
        .then_expect_error(JudgeError::NotAllowedYet(pitch(1)));
}

#[test]
fn stay_within_the_cap() {
    given(with(sitting(), made(3)))
        .when(JudgeCommand::Assign(vec![pitch(4), pitch(5)]))
        .then_expect_error(JudgeError::CapReached(2));
}

#[test]
fn are_there_once() {
    given(with(sitting(), made(3)))
        .when(JudgeCommand::Assign(vec![pitch(3)]))
        .then_expect_error(JudgeError::AlreadyAssigned(pitch(3)));
    given(sitting())
        .when(JudgeCommand::Withdraw(vec![(pitch(3), Reason::Reassigned)]))
        .then_expect_error(JudgeError::NotAssigned(pitch(3)));
}

#[test]
fn of_a_judge_who_left_can_still_be_withdrawn() {
    let events = with(with(sitting(), made(3)), stood_down());
    let withdrawn =
        given(events).when(JudgeCommand::Withdraw(vec![(pitch(3), Reason::StoodDown)])).inspect_result();
    assert_eq!(withdrawn.unwrap().len(), 1);
}
