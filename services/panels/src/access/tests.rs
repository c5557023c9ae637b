//! Every role × every act, by hand.

use super::Act::*;
use super::Verdict::{Forbidden, Hidden, Walled, Yes};
use super::*;

const ORGANISER: Who = Who { organiser: true, approver: false, seated: false };
const APPROVER: Who = Who { organiser: false, approver: true, seated: false };
const JUDGE: Who = Who { organiser: false, approver: false, seated: true };
const BOTH: Who = Who { organiser: true, approver: false, seated: true };
const APPROVING_JUDGE: Who = Who { organiser: false, approver: true, seated: true };
const NOBODY: Who = Who { organiser: false, approver: false, seated: false };

/// Act; organiser, the same before a wall, approver, judge, organiser who
/// judges, the same before a wall, approver who judges, anybody else.
type Row = (Act, [Verdict; 8]);

#[rustfmt::skip]
const TABLE: [Row; 15] = [
    (Convene,           [Yes,       Yes,       Forbidden, Forbidden, Yes, Yes,    Forbidden, Hidden]),
    (Invite,            [Yes,       Yes,       Forbidden, Forbidden, Yes, Yes,    Forbidden, Hidden]),
    (EndSeat,           [Yes,       Yes,       Forbidden, Forbidden, Yes, Yes,    Forbidden, Hidden]),
    (AssignAll,         [Yes,       Yes,       Forbidden, Forbidden, Yes, Yes,    Forbidden, Hidden]),
    (GetReady,          [Yes,       Yes,       Forbidden, Forbidden, Yes, Yes,    Forbidden, Hidden]),
    (AllowConnection,   [Yes,       Walled,    Forbidden, Forbidden, Yes, Walled, Forbidden, Hidden]),
    (RecuseJudge,       [Yes,       Walled,    Forbidden, Forbidden, Yes, Walled, Forbidden, Hidden]),
    (MoveAssignment,    [Yes,       Walled,    Forbidden, Forbidden, Yes, Walled, Forbidden, Hidden]),
    (AnswerInvitation,  [Forbidden, Forbidden, Forbidden, Yes,       Yes, Yes,    Yes,       Hidden]),
    (StandDown,         [Forbidden, Forbidden, Forbidden, Yes,       Yes, Yes,    Yes,       Hidden]),
    (Declare,           [Forbidden, Forbidden, Forbidden, Yes,       Yes, Yes,    Yes,       Hidden]),
    (RecuseOneself,     [Forbidden, Forbidden, Forbidden, Yes,       Yes, Yes,    Yes,       Hidden]),
    (SeeOwnDeclaration, [Forbidden, Forbidden, Forbidden, Yes,       Yes, Yes,    Yes,       Hidden]),
    (SeeMatrix,         [Yes,       Yes,       Yes,       Forbidden, Yes, Yes,    Yes,       Hidden]),
    (SeePanel,          [Yes,       Yes,       Yes,       Yes,       Yes, Yes,    Yes,       Hidden]),
];

#[test]
fn every_role_and_every_act() {
    let columns = [
        (ORGANISER, false),
        (ORGANISER, true),
        (APPROVER, false),
        (JUDGE, false),
        (BOTH, false),
        (BOTH, true),
        (APPROVING_JUDGE, false),
        (NOBODY, false),
    ];
    for (act, verdicts) in TABLE {
        for ((who, walled), expected) in columns.into_iter().zip(verdicts) {
            assert_eq!(may(who, act, walled), expected, "{who:?} walled: {walled}: {act:?}");
        }
    }
}

#[test]
fn a_wall_opens_nothing_to_anybody() {
    for who in [APPROVER, JUDGE, APPROVING_JUDGE, NOBODY] {
        for (act, _) in TABLE {
            assert_eq!(may(who, act, true), may(who, act, false), "{who:?}: {act:?}");
        }
    }
}

#[test]
fn judges_see_their_own_approvers_all_but_the_words() {
    let views = [
        (ORGANISER, Some(View::Words)),
        (APPROVER, Some(View::Whole)),
        (JUDGE, Some(View::Own)),
        (BOTH, Some(View::Words)),
        (APPROVING_JUDGE, Some(View::Whole)),
        (NOBODY, None),
    ];
    for (who, expected) in views {
        assert_eq!(view(who), expected, "{who:?}");
    }
}
