//! Every act and every sight, for everybody. A change of who may do what is a
//! change of these tables.
#![allow(clippy::unwrap_used)]

use Act::*;
use plaudit_chassis::id::PitchId;
use plaudit_proto::submissions::v1::OrganiserConflictDeclared;

use super::{Act, Relation, Seat, Sight, judged, sight, to_pitch, to_programme};
use crate::pitch::{Pitch, Standing};
use crate::programme::tests::{member, open_programme};
use crate::programme::{Phase, Programme};

const STRANGER: Relation =
    Relation { knows: true, organiser: false, second: false, team: false, conflicted: false };
const ORGANISER: Relation = Relation { organiser: true, second: true, ..STRANGER };
const APPROVER: Relation = Relation { second: true, ..STRANGER };
const TEAM: Relation = Relation { team: true, ..STRANGER };
const CONFLICTED_ORGANISER: Relation = Relation { conflicted: true, ..ORGANISER };
const CONFLICTED_APPROVER: Relation = Relation { conflicted: true, ..APPROVER };
const ENTERED_ORGANISER: Relation = Relation { team: true, ..ORGANISER };

fn status(result: Result<(), plaudit_chassis::Problem>) -> u16 {
    result.map_or_else(|problem| problem.status().as_u16(), |()| 200)
}

#[test]
#[rustfmt::skip]
fn acts_on_a_programme() {
    //                       organiser, approver, anybody
    let table = [
        (GrantRole,          [200, 403, 403]),
        (RevokeRole,         [200, 403, 403]),
        (DeclareConflict,    [200, 200, 403]),
        (PublishRulebook,    [200, 403, 403]),
        (AmendRulebook,      [200, 403, 403]),
        (ProposeOpening,     [200, 403, 403]),
        (ConfirmOpening,     [200, 200, 403]),
        (InviteEntrant,      [200, 403, 403]),
        (DeclineInvitation,  [200, 200, 200]),
        (MoveDeadline,       [200, 403, 403]),
        (ProposeClosing,     [200, 403, 403]),
        (ConfirmClosing,     [200, 200, 403]),
        (CompleteScreening,  [200, 403, 403]),
        (Cancel,             [200, 403, 403]),
        (Conclude,           [200, 403, 403]),
    ];
    for (act, expected) in table {
        let found = [ORGANISER, APPROVER, STRANGER].map(|relation| status(to_programme(act, relation)));
        assert_eq!(found, expected, "{act:?}");
        let hidden = Relation { knows: false, ..STRANGER };
        assert_eq!(status(to_programme(act, hidden)), 404, "{act:?}");
    }
}

#[test]
#[rustfmt::skip]
fn acts_on_a_pitch() {
    //                              organiser, approver, team, anybody
    let table = [
        (ReplacePitch,              [403, 403, 200, 404]),
        (WithdrawPitch,             [403, 403, 200, 404]),
        (AnswerQuery,               [403, 403, 200, 404]),
        (ScreenPitch,               [200, 403, 403, 404]),
        (QueryPitch,                [200, 403, 403, 404]),
        (ProposeDisqualification,   [200, 403, 403, 404]),
        (ConfirmDisqualification,   [200, 200, 403, 404]),
        (ProposeReopening,          [200, 403, 403, 404]),
        (ConfirmReopening,          [200, 200, 403, 404]),
    ];
    for (act, expected) in table {
        let found = [ORGANISER, APPROVER, TEAM, STRANGER].map(|relation| status(to_pitch(act, relation)));
        assert_eq!(found, expected, "{act:?}");
    }
}

#[test]
fn nobody_decides_on_a_pitch_behind_their_own_wall() {
    let deciding = [
        ScreenPitch,
        QueryPitch,
        ProposeDisqualification,
        ConfirmDisqualification,
        ProposeReopening,
        ConfirmReopening,
    ];
    for act in deciding {
        for relation in [CONFLICTED_ORGANISER, CONFLICTED_APPROVER, ENTERED_ORGANISER] {
            assert_eq!(status(to_pitch(act, relation)), 403, "{act:?} {relation:?}");
        }
    }
}

const SEAT: Seat = Seat { anonymous: false, sits: true, declared: false, walled: false, assigned: false };
const INVITED: Seat = Seat { sits: false, ..SEAT };
const DECLARED: Seat = Seat { declared: true, ..SEAT };
const ASSIGNED: Seat = Seat { assigned: true, ..DECLARED };
const ASSIGNED_EARLY: Seat = Seat { assigned: true, ..SEAT };
const ASIDE: Seat = Seat { walled: true, ..ASSIGNED };
const STOOD_DOWN: Seat = Seat { sits: false, ..ASSIGNED };

fn anonymous(seat: Seat) -> Seat {
    Seat { anonymous: true, ..seat }
}

#[test]
#[rustfmt::skip]
fn what_is_seen_of_a_pitch_that_is_judged() {
    let table = [
        (TEAM,                 None,                             Sight::Everything),
        (ORGANISER,            None,                             Sight::Everything),
        (APPROVER,             None,                             Sight::Everything),
        (CONFLICTED_ORGANISER, None,                             Sight::Existence),
        (CONFLICTED_APPROVER,  None,                             Sight::Existence),
        (STRANGER,             None,                             Sight::Nothing),
        (STRANGER,             Some(INVITED),                    Sight::Nothing),
        (STRANGER,             Some(SEAT),                       Sight::Names),
        (STRANGER,             Some(ASSIGNED_EARLY),             Sight::Names),
        (STRANGER,             Some(DECLARED),                   Sight::Names),
        (STRANGER,             Some(ASSIGNED),                   Sight::Content),
        (STRANGER,             Some(ASIDE),                      Sight::Nothing),
        (STRANGER,             Some(STOOD_DOWN),                 Sight::Nothing),
        (STRANGER,             Some(anonymous(SEAT)),            Sight::Nothing),
        (STRANGER,             Some(anonymous(DECLARED)),        Sight::Nothing),
        (STRANGER,             Some(anonymous(ASSIGNED)),        Sight::Anonymous),
        (STRANGER,             Some(anonymous(ASIDE)),           Sight::Nothing),
        // A wall against a judge stands against them in every other role.
        (ORGANISER,            Some(ASIDE),                      Sight::Existence),
        (ORGANISER,            Some(ASSIGNED),                   Sight::Everything),
    ];
    for (relation, seat, expected) in table {
        let seats: Vec<Seat> = seat.into_iter().collect();
        assert_eq!(sight(relation, true, &seats), expected, "{relation:?} {seat:?}");
    }
}

#[test]
fn judges_see_only_what_is_judged() {
    assert_eq!(sight(STRANGER, false, &[ASSIGNED]), Sight::Nothing);
    assert_eq!(sight(ORGANISER, false, &[]), Sight::Everything);
    assert_eq!(sight(TEAM, false, &[]), Sight::Everything);
    let standings = [
        (Standing::Submitted, false),
        (Standing::Queried, false),
        (Standing::Answered, false),
        (Standing::Eligible, true),
        (Standing::Ineligible, false),
        (Standing::Withdrawn, false),
        (Standing::Disqualified, false),
    ];
    for (standing, expected) in standings {
        let pitch = Pitch { standing: Some(standing), ..Pitch::default() };
        assert_eq!(judged(Some(Phase::Screened), &pitch), expected, "{standing:?}");
        assert!(!judged(Some(Phase::Cancelled), &pitch));
        assert!(!judged(Some(Phase::Open), &pitch));
    }
}

#[test]
fn a_wall_in_one_round_is_a_wall_in_every_round() {
    assert_eq!(sight(STRANGER, true, &[ASSIGNED, ASIDE]), Sight::Nothing);
}

#[test]
fn a_name_seen_in_another_round_does_not_lift_anonymity() {
    assert_eq!(sight(STRANGER, true, &[anonymous(ASSIGNED), SEAT]), Sight::Anonymous);
}

#[test]
fn what_members_are_to_a_programme() {
    let mut programme = open_programme();
    assert_eq!(Relation::of(&programme, member(1)), ORGANISER);
    assert_eq!(Relation::of(&programme, member(2)), APPROVER);
    assert_eq!(Relation::of(&programme, member(7)), STRANGER);
    let id = PitchId::random();
    let declared =
        OrganiserConflictDeclared { member: member(2).into(), pitch: id.into(), ..Default::default() };
    cqrs_es::Aggregate::apply(&mut programme, declared.into());
    let pitch = Pitch { team: vec![member(7)], ..Pitch::default() };
    assert_eq!(Relation::to_pitch(&programme, &pitch, id, member(2)), CONFLICTED_APPROVER);
    assert_eq!(Relation::to_pitch(&programme, &pitch, id, member(7)), TEAM);
    assert!(!Relation::of(&Programme::default(), member(1)).knows);
}
