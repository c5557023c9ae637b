#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use cqrs_es::Aggregate;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, RoundId};
use plaudit_chassis::{Deciding, Problem};
use plaudit_proto::panels::v1::*;
use plaudit_proto::v1::Reason;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::*;

mod assignments;

const PANEL: RoundId = RoundId(Uuid::from_u128(1));
const ADA: MemberId = MemberId(Uuid::from_u128(2));
const ORGANISER: MemberId = MemberId(Uuid::from_u128(3));

fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(100 + number))
}

fn given(events: Vec<JudgeEvent>) -> AggregateTestExecutor<Judge> {
    given_asked_by(ADA, events)
}

fn given_asked_by(actor: MemberId, events: Vec<JudgeEvent>) -> AggregateTestExecutor<Judge> {
    let now = Timestamp::UNIX_EPOCH;
    TestFramework::with(Deciding { now, received_at: now, actor: Some(actor) }).given(events)
}

fn invitation() -> Invitation {
    Invitation { panel: PANEL, member: ADA, office: Office::Chair, independent: true, cap: 2 }
}

fn invited() -> JudgeEvent {
    JudgeInvited {
        panel: PANEL.into(),
        member: ADA.into(),
        office: Office::Chair.into(),
        independent: true,
        cap: 2,
    }
    .into()
}

fn accepted() -> Vec<JudgeEvent> {
    vec![invited(), JudgeAccepted {}.into()]
}

fn declared(number: u128, connection: Connection, nature: &'static str) -> JudgeEvent {
    InterestDeclared {
        pitch: pitch(number).into(),
        connection: connection.into(),
        nature: Bytes::from_static(nature.as_bytes()),
    }
    .into()
}

/// Pitch 1 known, pitch 2 aside, nothing between Ada and the rest.
fn sitting() -> Vec<JudgeEvent> {
    let mut events = accepted();
    events.push(declared(1, Connection::Known, "nature 1"));
    events.push(declared(2, Connection::StandAside, ""));
    events.push(declared(3, Connection::None, ""));
    events.push(DeclarationConfirmed { pitches: 3, digest: Bytes::new() }.into());
    events
}

fn made(number: u128) -> JudgeEvent {
    AssignmentMade { pitch: pitch(number).into(), panel: PANEL.into(), member: ADA.into() }.into()
}

fn recused(number: u128) -> JudgeEvent {
    JudgeRecused {
        pitch: pitch(number).into(),
        reason: Reason::ConflictOfInterest.into(),
        nature: Bytes::new(),
        panel: PANEL.into(),
        member: ADA.into(),
    }
    .into()
}

fn stood_down() -> JudgeEvent {
    JudgeStoodDown { reason: Reason::Absent.into() }.into()
}

fn recuse(number: u128) -> JudgeCommand {
    JudgeCommand::Recuse { pitch: pitch(number), reason: Reason::ConflictOfInterest, nature: Bytes::new() }
}

fn with(mut events: Vec<JudgeEvent>, more: JudgeEvent) -> Vec<JudgeEvent> {
    events.push(more);
    events
}

mod seat {
    use super::*;

    #[test]
    fn is_offered_on_the_organisers_terms() {
        given(vec![]).when(JudgeCommand::Invite(invitation())).then_expect_events(vec![invited()]);
    }

    #[test]
    fn is_offered_once() {
        for events in [vec![invited()], accepted()] {
            given(events)
                .when(JudgeCommand::Invite(invitation()))
                .then_expect_error(JudgeError::AlreadyInvited);
        }
    }

    #[test]
    fn may_be_offered_again_to_whoever_declined() {
        given(vec![invited(), JudgeDeclined {}.into()])
            .when(JudgeCommand::Invite(invitation()))
            .then_expect_events(vec![invited()]);
    }

    #[test]
    fn is_never_offered_again_to_whoever_stood_down() {
        given(with(accepted(), stood_down()))
            .when(JudgeCommand::Invite(invitation()))
            .then_expect_error(JudgeError::StoodDown);
    }

    #[test]
    fn is_taken_with_the_promise_of_confidentiality() {
        given(vec![invited()])
            .when(JudgeCommand::Accept { confidentiality: true })
            .then_expect_events(vec![JudgeAccepted {}.into()]);
    }

    #[test]
    fn is_not_taken_without_the_promise() {
        given(vec![invited()])
            .when(JudgeCommand::Accept { confidentiality: false })
            .then_expect_error(JudgeError::NoConfidentiality);
    }

    #[test]
    fn is_answered_once_and_only_by_whoever_was_asked() {
        let answers = [
            (vec![], JudgeError::NotInvited),
            (accepted(), JudgeError::AlreadyAccepted),
            (vec![invited(), JudgeDeclined {}.into()], JudgeError::Declined),
            (with(accepted(), stood_down()), JudgeError::StoodDown),
        ];
        for (events, error) in answers {
            let accept = JudgeCommand::Accept { confidentiality: true };
            given(events.clone()).when(accept).then_expect_error(error.clone());
            given(events).when(JudgeCommand::Decline).then_expect_error(error);
        }
    }

    #[test]
    fn is_declined() {
        given(vec![invited()]).when(JudgeCommand::Decline).then_expect_events(vec![JudgeDeclined {}.into()]);
    }

    #[test]
    fn ends_when_the_judge_stands_down() {
        for events in [vec![invited()], accepted(), sitting()] {
            given(events)
                .when(JudgeCommand::StandDown(Reason::Absent))
                .then_expect_events(vec![stood_down()]);
        }
    }
}

mod declaration {
    use super::*;

    fn declaration() -> Declaration {
        Declaration {
            interests: Bytes::from_static(b"interests"),
            connections: vec![
                known(3, "nature 3"),
                Declared { pitch: pitch(1), connection: Connection::StandAside, nature: Bytes::new() },
            ],
            none_for_the_rest: true,
            eligible: vec![pitch(3), pitch(2), pitch(1)],
        }
    }

    fn known(number: u128, nature: &'static str) -> Declared {
        let nature = Bytes::from_static(nature.as_bytes());
        Declared { pitch: pitch(number), connection: Connection::Known, nature }
    }

    #[test]
    fn is_an_event_a_pitch_and_one_that_closes_the_list() {
        let lines = format!("{} 3\n{} 1\n{} 2\n", pitch(1), pitch(2), pitch(3));
        let digest = Bytes::copy_from_slice(&Sha256::digest(lines));
        given(accepted()).when(JudgeCommand::Declare(declaration())).then_expect_events(vec![
            InterestsListed { interests: Bytes::from_static(b"interests") }.into(),
            declared(1, Connection::StandAside, ""),
            declared(2, Connection::None, ""),
            declared(3, Connection::Known, "nature 3"),
            DeclarationConfirmed { pitches: 3, digest }.into(),
        ]);
    }

    #[test]
    fn is_nil_for_everything_in_one_action() {
        let nil = Declaration { interests: Bytes::new(), connections: vec![], ..declaration() };
        let events = given(accepted()).when(JudgeCommand::Declare(nil)).inspect_result().unwrap();
        assert_eq!(events.len(), 4);
        assert_eq!(events[0], declared(1, Connection::None, ""));
    }

    #[test]
    fn comes_after_acceptance() {
        given(vec![invited()])
            .when(JudgeCommand::Declare(declaration()))
            .then_expect_error(JudgeError::NotAccepted);
    }

    #[test]
    fn is_made_once() {
        given(sitting())
            .when(JudgeCommand::Declare(declaration()))
            .then_expect_error(JudgeError::AlreadyDeclared);
    }

    #[test]
    fn is_about_every_pitch() {
        given(accepted())
            .when(JudgeCommand::Declare(Declaration { none_for_the_rest: false, ..declaration() }))
            .then_expect_error(JudgeError::RestIsOpen);
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        let wrong = [
            (known(4, "no such pitch"), JudgeError::NotToBeJudged { place: 2 }),
            (known(3, "once more"), JudgeError::ListedTwice { place: 2 }),
            (known(2, ""), JudgeError::NatureMissing { place: 2 }),
        ];
        for (line, error) in wrong {
            let mut declaration = declaration();
            declaration.connections.push(line);
            given(accepted()).when(JudgeCommand::Declare(declaration)).then_expect_error(error.clone());
            let shown = serde_json::to_value(Problem::from(error)).unwrap();
            assert_eq!(shown["status"], 422);
            assert!(shown["errors"][0]["field"].as_str().unwrap().starts_with("connections[2]."));
        }
    }
}

mod known_connection {
    use super::*;

    fn allowed(number: u128) -> JudgeEvent {
        KnownConnectionAllowed { pitch: pitch(number).into() }.into()
    }

    #[test]
    fn is_allowed_by_an_organiser() {
        given_asked_by(ORGANISER, sitting())
            .when(JudgeCommand::Allow(pitch(1)))
            .then_expect_events(vec![allowed(1)]);
    }

    #[test]
    fn is_never_allowed_by_the_judge() {
        given_asked_by(ADA, sitting())
            .when(JudgeCommand::Allow(pitch(1)))
            .then_expect_error(JudgeError::OwnConnection);
    }

    #[test]
    fn is_allowed_once_and_only_where_it_was_declared() {
        given_asked_by(ORGANISER, with(sitting(), allowed(1)))
            .when(JudgeCommand::Allow(pitch(1)))
            .then_expect_error(JudgeError::AlreadyAllowed);
        given_asked_by(ORGANISER, sitting())
            .when(JudgeCommand::Allow(pitch(3)))
            .then_expect_error(JudgeError::NothingToAllow(pitch(3)));
    }

    #[test]
    fn no_organiser_lifts_a_wall() {
        given_asked_by(ORGANISER, sitting())
            .when(JudgeCommand::Allow(pitch(2)))
            .then_expect_error(JudgeError::StandsAside(pitch(2)));
        given_asked_by(ORGANISER, with(sitting(), recused(1)))
            .when(JudgeCommand::Allow(pitch(1)))
            .then_expect_error(JudgeError::StandsAside(pitch(1)));
    }
}

mod recusal {
    use super::*;

    #[test]
    fn is_possible_at_any_time() {
        let before = [vec![invited()], accepted(), sitting(), with(sitting(), made(3))];
        for events in before {
            given(events).when(recuse(3)).then_expect_events(vec![recused(3)]);
        }
    }

    #[test]
    fn stands_once_declared_or_found() {
        given(sitting()).when(recuse(2)).then_expect_error(JudgeError::StandsAside(pitch(2)));
        given(with(sitting(), recused(3)))
            .when(recuse(3))
            .then_expect_error(JudgeError::StandsAside(pitch(3)));
    }

    #[test]
    fn outweighs_a_connection_that_was_allowed() {
        let mut judge = Judge::default();
        let allowed = KnownConnectionAllowed { pitch: pitch(1).into() };
        for event in with(with(sitting(), allowed.into()), recused(1)) {
            judge.apply(event);
        }
        assert_eq!(judge.may_mark(pitch(1)), Err(JudgeError::StandsAside(pitch(1))));
    }
}

#[test]
fn a_wall_found_before_the_declaration_outlasts_it() {
    let mut judge = Judge::default();
    let known = declared(1, Connection::Known, "nature 1");
    for event in with(with(accepted(), recused(1)), known) {
        judge.apply(event);
    }
    assert!(judge.stands_aside(pitch(1)));
}
