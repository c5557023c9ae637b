//! Every kind of person, every act, before and after the announcement.

use super::Verdict::{Forbidden as No, Unknown as Hid, Yes};
use super::*;

/// The people, in the order of the table's columns.
fn people() -> [(&'static str, Who); 8] {
    let nobody = Who::default();
    [
        ("organiser", Who { organiser: true, ..nobody }),
        ("approver", Who { approver: true, ..nobody }),
        ("conflicted organiser", Who { organiser: true, conflicted: true, ..nobody }),
        ("conflicted approver", Who { approver: true, conflicted: true, ..nobody }),
        ("organiser in the team", Who { organiser: true, team: true, ..nobody }),
        ("winner", Who { team: true, ..nobody }),
        ("supporter", Who { supporter: true, ..nobody }),
        ("anybody", nobody),
    ]
}

#[rustfmt::skip]
const BEFORE: [(Act, [Verdict; 8]); 27] = [
    //                       org  appr c-org c-app o-team win  supp any
    (Act::SeeRanking,        [Yes, Yes, No,  No,  No,  Hid, Hid, Hid]),
    (Act::SeeWinners,        [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::SeeAward,          [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::Propose,           [Yes, No,  No,  No,  No,  No,  No,  No ]),
    (Act::Approve,           [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::Refuse,            [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::SeeAnnouncement,   [Yes, Yes, Yes, Yes, Yes, Hid, Hid, Hid]),
    (Act::Announce,          [Yes, No,  Yes, No,  Yes, No,  No,  No ]),
    (Act::Answer,            [No,  No,  Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::ProposeWithdrawal, [Yes, No,  Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::ConfirmWithdrawal, [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::SeePayout,         [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::SeeAccount,        [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::NamePayee,         [No,  No,  Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::CheckPayee,        [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::RecordAgreement,   [Yes, No,  Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::RequestPayout,     [Yes, No,  Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::AuthorisePayout,   [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::SettlePayout,      [Yes, Yes, Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::ConfirmPayout,     [No,  No,  Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::Pledge,            [No,  No,  Hid, Hid, Hid, Hid, Hid, Hid]),
    (Act::SeeSupport,        [Yes, Yes, Hid, Hid, Hid, Hid, Yes, Hid]),
    (Act::AcceptSupport,     [Yes, No,  Hid, Hid, Hid, Hid, No,  Hid]),
    (Act::AssignSupport,     [Yes, No,  Hid, Hid, Hid, Hid, No,  Hid]),
    (Act::ScheduleSupport,   [Yes, No,  Hid, Hid, Hid, Hid, Yes, Hid]),
    (Act::DeliverSupport,    [Yes, No,  Hid, Hid, Hid, Hid, Yes, Hid]),
    (Act::ConfirmDelivery,   [No,  No,  Hid, Hid, Hid, Hid, No,  Hid]),
];

#[rustfmt::skip]
const AFTER: [(Act, [Verdict; 8]); 28] = [
    //                       org  appr c-org c-app o-team win  supp any
    (Act::SeeRanking,        [Yes, Yes, No,  No,  No,  Hid, Hid, Hid]),
    (Act::SeeWinners,        [Yes, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
    (Act::SeeAward,          [Yes, Yes, No,  No,  Yes, Yes, No,  No ]),
    (Act::Propose,           [Yes, No,  No,  No,  No,  No,  No,  No ]),
    (Act::Approve,           [Yes, Yes, No,  No,  No,  No,  No,  No ]),
    (Act::Refuse,            [Yes, Yes, No,  No,  No,  No,  No,  No ]),
    (Act::SeeAnnouncement,   [Yes, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
    (Act::Announce,          [Yes, No,  Yes, No,  Yes, No,  No,  No ]),
    (Act::Answer,            [No,  No,  No,  No,  Yes, Yes, No,  No ]),
    (Act::ProposeWithdrawal, [Yes, No,  No,  No,  No,  No,  No,  No ]),
    (Act::ConfirmWithdrawal, [Yes, Yes, No,  No,  No,  No,  No,  No ]),
    (Act::SeePayout,         [Yes, Yes, No,  No,  Yes, Yes, No,  No ]),
    (Act::SeeAccount,        [Yes, Yes, No,  No,  No,  No,  No,  No ]),
    (Act::NamePayee,         [No,  No,  No,  No,  Yes, Yes, No,  No ]),
    (Act::CheckPayee,        [Yes, Yes, No,  No,  No,  No,  No,  No ]),
    (Act::RecordAgreement,   [Yes, No,  No,  No,  Yes, Yes, No,  No ]),
    (Act::RequestPayout,     [Yes, No,  No,  No,  No,  No,  No,  No ]),
    (Act::AuthorisePayout,   [Yes, Yes, No,  No,  No,  No,  No,  No ]),
    (Act::SettlePayout,      [Yes, Yes, No,  No,  No,  No,  No,  No ]),
    (Act::ConfirmPayout,     [No,  No,  No,  No,  Yes, Yes, No,  No ]),
    (Act::Pledge,            [Yes, Yes, Yes, Yes, Yes, Yes, Yes, Yes]),
    (Act::SeeSupport,        [Yes, Yes, Hid, Hid, Yes, Yes, Yes, Hid]),
    (Act::AcceptSupport,     [Yes, No,  Hid, Hid, Yes, Yes, No,  Hid]),
    (Act::AssignSupport,     [Yes, No,  Hid, Hid, No,  No,  No,  Hid]),
    (Act::ScheduleSupport,   [Yes, No,  Hid, Hid, Yes, Yes, Yes, Hid]),
    (Act::DeliverSupport,    [Yes, No,  Hid, Hid, No,  No,  Yes, Hid]),
    (Act::ConfirmDelivery,   [No,  No,  Hid, Hid, Yes, Yes, No,  Hid]),
    (Act::CloseSupport,      [Yes, No,  Hid, Hid, No,  No,  No,  Hid]),
];

fn compare(table: &[(Act, [Verdict; 8])], phase: Phase) {
    let mut wrong = Vec::new();
    for (act, expected) in table {
        for ((person, who), expected) in people().into_iter().zip(expected) {
            let verdict = may(who, *act, phase);
            if verdict != *expected {
                wrong.push(format!("{person}, {act:?}, {phase:?}: {verdict:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn before_the_announcement_only_organisers_and_approvers_know() {
    compare(&BEFORE, Phase::Secret);
}

#[test]
fn after_it_everybody_knows_who_won_and_few_the_rest() {
    compare(&AFTER, Phase::Announced);
}

#[test]
fn a_supporter_does_not_confirm_their_own_delivery() {
    let both = Who { team: true, supporter: true, ..Who::default() };
    assert_eq!(may(both, Act::ConfirmDelivery, Phase::Announced), No);
}
