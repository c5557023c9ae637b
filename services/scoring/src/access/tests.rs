#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use cqrs_es::Aggregate;
use plaudit_chassis::facts::{FactEvent, ProgrammeFacts};
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_proto::intake::v1::{FactTaken, fact_taken::Fact};
use plaudit_proto::submissions::v1::{OrganiserConflictDeclared, RoleGranted};
use plaudit_proto::v1::Role;
use uuid::Uuid;

use super::Stage::{Announced, Declared, Sealed, Unsealed};
use super::{Part, Stage, confirmers, confirms, organises, proposers, unseals};

const STAGES: [Stage; 4] = [Sealed, Unsealed, Declared, Announced];

/// Who, and from which stage on they see: progress, others' marks where they
/// are public, others' marks where they are not, comments to the panel,
/// comments to the entrant, the place, the derivation where marks are public,
/// the derivation where they are not.
type Line = (&'static str, Part, [Option<Stage>; 8]);

fn table() -> Vec<Line> {
    let nobody = Part::default();
    let organiser = Part { organiser: true, ..nobody };
    let approver = Part { approver: true, ..nobody };
    let judge = Part { judge: true, ..nobody };
    let team = Part { team: true, ..nobody };
    let walled = |part| Part { walled: true, ..part };
    let never = None;
    let (always, unsealed, declared, announced) =
        (Some(Sealed), Some(Unsealed), Some(Declared), Some(Announced));
    #[rustfmt::skip]
    let table = vec![
        //                              progress marks      own marks  to panel  to entrant place      derivation own deriv.
        ("organiser", organiser,         [always, unsealed,  unsealed,  unsealed, unsealed,  declared,  declared,  declared]),
        ("approver", approver,           [always, unsealed,  unsealed,  unsealed, never,     declared,  declared,  declared]),
        ("judge", judge,                 [never,  declared,  never,     declared, never,     declared,  announced, never]),
        ("entrant", team,                [never,  announced, announced, never,    announced, announced, announced, never]),
        ("public", nobody,               [never,  announced, never,     never,    never,     announced, announced, never]),
        ("walled organiser", walled(organiser), [never, announced, never, never,  never,     announced, announced, never]),
        ("walled approver", walled(approver), [never, announced, never, never,    never,     announced, announced, never]),
        ("walled judge", walled(judge),  [never,  announced, never,     never,    never,     announced, announced, never]),
    ];
    table
}

#[test]
fn everybody_sees_what_the_table_says_at_every_stage() {
    for (who, part, from) in table() {
        for stage in STAGES {
            let sees = [
                part.sees_progress(),
                part.sees_marks(stage, true),
                part.sees_marks(stage, false),
                part.sees_comment_to_panel(stage),
                part.sees_comment_to_entrant(stage),
                part.sees_place(stage),
                part.sees_derivation(stage, true),
                part.sees_derivation(stage, false),
            ];
            let expected = from.map(|from| from.is_some_and(|from| stage >= from));
            assert_eq!(sees, expected, "{who} at {stage:?}");
        }
    }
}

#[test]
fn before_the_unsealing_no_part_sees_a_mark_or_a_rank() {
    for bits in 0..32_u8 {
        let has = |bit: u8| bits & (1 << bit) != 0;
        let part = Part { organiser: has(0), approver: has(1), judge: has(2), team: has(3), walled: has(4) };
        assert!(!part.sees_marks(Sealed, true) && !part.sees_place(Sealed) && !part.sees_place(Unsealed));
        assert!(!part.sees_comment_to_panel(Sealed) && !part.sees_comment_to_entrant(Sealed));
        assert!(!part.sees_derivation(Unsealed, true));
    }
}

#[test]
fn a_wall_takes_a_judges_own_scorecard_away() {
    assert!(Part { judge: true, ..Part::default() }.sees_own_scorecard());
    assert!(!Part { judge: true, walled: true, ..Part::default() }.sees_own_scorecard());
}

const ANNE: MemberId = MemberId(Uuid::from_u128(1));
const BELA: MemberId = MemberId(Uuid::from_u128(2));
const CARA: MemberId = MemberId(Uuid::from_u128(3));
const DAVE: MemberId = MemberId(Uuid::from_u128(4));
const PITCH: PitchId = PitchId(Uuid::from_u128(9));

/// Anne and Bela organise, Cara approves, Dave does nothing.
fn programme(conflicted: &[MemberId]) -> ProgrammeFacts {
    let grant = |(member, role): (MemberId, Role)| {
        Fact::RoleGranted(RoleGranted { member: member.into(), role: role.into() })
    };
    let conflict = |member: &MemberId| {
        Fact::OrganiserConflictDeclared(OrganiserConflictDeclared {
            member: (*member).into(),
            pitch: PITCH.into(),
            ..OrganiserConflictDeclared::default()
        })
    };
    let roles = [(ANNE, Role::Organiser), (BELA, Role::Organiser), (CARA, Role::Approver)].map(grant);
    let mut facts = ProgrammeFacts::default();
    for fact in roles.into_iter().chain(conflicted.iter().map(conflict)) {
        facts.apply(FactEvent::FactTaken(FactTaken { fact: Some(fact), actor: String::new() }));
    }
    facts
}

#[test]
fn organisers_run_a_round_and_approvers_only_confirm() {
    let facts = programme(&[]);
    let table = [(ANNE, true, true), (BELA, true, true), (CARA, false, true), (DAVE, false, false)];
    for (member, runs, confirms_it) in table {
        assert_eq!(organises(&facts, member).is_ok(), runs, "{member}");
        assert_eq!(confirms(&facts, member).is_ok(), confirms_it, "{member}");
    }
}

#[test]
fn a_conflicted_organiser_unseals_only_where_nobody_else_is_there() {
    let pitches = BTreeSet::from([PITCH]);
    let may_propose =
        |facts: &ProgrammeFacts, member| unseals(facts, member, proposers(facts), &pitches).is_ok();
    let may_confirm =
        |facts: &ProgrammeFacts, member, by| unseals(facts, member, confirmers(facts, by), &pitches).is_ok();

    let facts = programme(&[ANNE]);
    assert!(!may_propose(&facts, ANNE) && may_propose(&facts, BELA));
    assert!(!may_confirm(&facts, ANNE, BELA) && may_confirm(&facts, CARA, BELA));
    let facts = programme(&[ANNE, BELA]);
    assert!(may_propose(&facts, ANNE) && may_propose(&facts, BELA));
    assert!(!may_confirm(&facts, BELA, ANNE));
    let facts = programme(&[ANNE, BELA, CARA]);
    assert!(may_confirm(&facts, BELA, ANNE) && may_confirm(&facts, CARA, ANNE));

    let elsewhere = BTreeSet::from([PitchId(Uuid::from_u128(8))]);
    assert!(unseals(&programme(&[ANNE]), ANNE, proposers(&facts), &elsewhere).is_ok());
}
