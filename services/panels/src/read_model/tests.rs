#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use bytes::Bytes;
use plaudit_chassis::event::{Event, Recorded};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, RoundId, StreamId};
use plaudit_chassis::read_model::ReadModel;
use plaudit_proto::panels::v1::{self, *};
use plaudit_proto::v1::Reason;
use uuid::Uuid;

use super::*;
use crate::given::{PROGRAMME, recorded};
use crate::judge::JudgeEvent;
use crate::panel::PanelEvent;
use crate::words::{Connection, Office, PanelState, SeatState};

const ROUND: RoundId = RoundId(Uuid::from_u128(2));
const JUDGE: JudgeId = JudgeId(Uuid::from_u128(3));
const MEMBER: MemberId = MemberId(Uuid::from_u128(4));

fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(100 + number))
}

/// All rows after these events of one stream.
fn fold<M: ReadModel>(stream: &StreamId, events: &[impl Event]) -> BTreeMap<String, M::Row> {
    let mut rows = BTreeMap::new();
    for (position, event) in (1..).zip(events) {
        let event: Recorded = recorded(position, stream, event);
        for key in M::keys(&event).unwrap() {
            let row = M::apply(rows.remove(&key), &key, &event).unwrap();
            rows.extend(row.map(|row| (key, row)));
        }
    }
    rows
}

fn declared(number: u128, connection: v1::Connection, nature: &'static [u8]) -> JudgeEvent {
    let nature = Bytes::from_static(nature);
    InterestDeclared { pitch: pitch(number).into(), connection: connection.into(), nature }.into()
}

fn made(number: u128) -> JudgeEvent {
    AssignmentMade { pitch: pitch(number).into(), panel: ROUND.into(), member: MEMBER.into() }.into()
}

fn history() -> Vec<JudgeEvent> {
    vec![
        JudgeInvited {
            panel: ROUND.into(),
            member: MEMBER.into(),
            office: v1::Office::Deputy.into(),
            independent: true,
            cap: 5,
        }
        .into(),
        JudgeAccepted {}.into(),
        InterestsListed { interests: Bytes::from_static(b"interests") }.into(),
        declared(1, v1::Connection::None, b""),
        declared(2, v1::Connection::Known, b"nature 2"),
        declared(3, v1::Connection::StandAside, b""),
        DeclarationConfirmed { pitches: 3, digest: Bytes::new() }.into(),
        KnownConnectionAllowed { pitch: pitch(2).into() }.into(),
        made(1),
        made(2),
        JudgeRecused {
            pitch: pitch(1).into(),
            reason: Reason::ConflictOfInterest.into(),
            nature: Bytes::from_static(b"nature 1"),
            panel: ROUND.into(),
            member: MEMBER.into(),
        }
        .into(),
        AssignmentWithdrawn {
            pitch: pitch(1).into(),
            panel: ROUND.into(),
            member: MEMBER.into(),
            reason: Reason::ConflictOfInterest.into(),
        }
        .into(),
    ]
}

fn connection(connection: Connection, nature: &'static [u8]) -> ConnectionRow {
    let nature = Seal::of(&Bytes::from_static(nature));
    ConnectionRow { connection, allowed: false, recused: false, nature }
}

#[test]
fn a_judges_row_says_where_the_seat_stands() {
    let rows = fold::<Judges>(&JUDGE.stream(), &history());
    let row = &rows[&JUDGE.to_string()];
    assert_eq!((row.panel, row.member, row.programme), (ROUND, MEMBER, PROGRAMME));
    assert_eq!((row.office, row.independent, row.cap), (Office::Deputy, true, 5));
    assert_eq!((row.status, row.declared, row.assigned), (SeatState::Accepted, true, 1));
    assert_eq!(row.interests, Seal::of(&Bytes::from_static(b"interests")));
    let expected = BTreeMap::from([
        (pitch(1), ConnectionRow { recused: true, ..connection(Connection::StandAside, b"nature 1") }),
        (pitch(2), ConnectionRow { allowed: true, ..connection(Connection::Known, b"nature 2") }),
        (pitch(3), connection(Connection::StandAside, b"")),
    ]);
    assert_eq!(row.connections, expected);
    assert_eq!((row.since, row.version), (1, 12));
    assert_eq!(Judges::index(row).owner, Some(MEMBER.0));
}

#[test]
fn a_second_invitation_keeps_the_row_and_its_place() {
    let mut events = vec![history().remove(0), JudgeDeclined {}.into()];
    events.push(JudgeInvited { panel: ROUND.into(), member: MEMBER.into(), ..Default::default() }.into());
    let rows = fold::<Judges>(&JUDGE.stream(), &events);
    let row = &rows[&JUDGE.to_string()];
    assert_eq!((row.status, row.office, row.cap), (SeatState::Invited, Office::Judge, 0));
    assert_eq!((row.since, row.version), (1, 3));
}

#[test]
fn an_assignment_has_a_row_as_long_as_it_stands() {
    let rows = fold::<Assignments>(&JUDGE.stream(), &history());
    let keys: Vec<_> = rows.keys().cloned().collect();
    assert_eq!(keys, [AssignmentRow::key(JUDGE, pitch(2))]);
    let row = &rows[&keys[0]];
    assert_eq!((row.panel, row.pitch, row.judge, row.member), (ROUND, pitch(2), JUDGE, MEMBER));
    assert_eq!(Assignments::index(row).owner, Some(MEMBER.0));
}

#[test]
fn a_panels_row_says_how_far_it_has_come() {
    let convened = PanelConvened { round: "final".to_owned(), anonymous: true };
    let events: Vec<PanelEvent> = vec![
        convened.into(),
        SeatOffered { judge: JUDGE.into(), member: MEMBER.into() }.into(),
        AssignmentsCompleted { judges_per_pitch: 3, ..Default::default() }.into(),
        PanelReady { judges: 3, assignments: 9 }.into(),
    ];
    let states = [PanelState::Convened, PanelState::Convened, PanelState::Assigned, PanelState::Ready];
    for (come, state) in (1..).zip(states) {
        let rows = fold::<Panels>(&ROUND.panel(), &events[..come]);
        let row = &rows[&ROUND.0.to_string()];
        assert_eq!((row.state, row.version), (state, come as u64));
        assert_eq!(row.judges_per_pitch, (come > 2).then_some(3));
        assert_eq!((row.round.as_str(), row.anonymous), ("final", true));
    }
}

#[test]
fn a_row_that_should_be_there_and_is_not_stops_the_fold() {
    let event = recorded(1, &JUDGE.stream(), &JudgeEvent::from(JudgeAccepted {}));
    assert!(Judges::apply(None, "key", &event).is_err());
}
