#![allow(clippy::unwrap_used)]

use plaudit_chassis::facts::FactEvent;
use plaudit_chassis::id::{PitchId, StreamId};
use plaudit_proto::intake::v1::FactTaken;
use plaudit_proto::intake::v1::fact_taken::Fact;
use plaudit_proto::panels::v1::PanelReady;
use plaudit_proto::submissions::v1::*;
use uuid::Uuid;

use super::*;
use crate::given::{PROGRAMME, recorded};
use crate::panel::PanelEvent;

const PITCH: PitchId = PitchId(Uuid::from_u128(7));

fn reactions(stream: &StreamId, fact: Fact) -> usize {
    let taken = FactTaken { fact: Some(fact), actor: String::new() };
    let event = recorded(1, stream, &FactEvent::from(taken));
    MendAssignments.react(&event).unwrap().len()
}

#[test]
fn follows_pitches_that_leave_or_come_back() {
    let moving = [
        Fact::PitchScreened(PitchScreened { again: true, ..PitchScreened::default() }),
        Fact::PitchWithdrawn(PitchWithdrawn {}),
        Fact::PitchDisqualified(PitchDisqualified::default()),
    ];
    for fact in moving {
        assert_eq!(reactions(&PITCH.stream(), fact.clone()), 1, "{fact:?}");
    }
    assert_eq!(reactions(&PITCH.stream(), Fact::PitchSubmitted(PitchSubmitted::default())), 0);
}

#[test]
fn follows_organisers_who_declare_a_conflict() {
    let declared = OrganiserConflictDeclared { pitch: PITCH.into(), ..Default::default() };
    let taken =
        FactTaken { fact: Some(Fact::OrganiserConflictDeclared(declared.clone())), actor: String::new() };
    let event = recorded(1, &PROGRAMME.stream(), &FactEvent::from(taken));
    assert_eq!(changed(&event).unwrap(), Some(PITCH));
    assert_eq!(reactions(&PROGRAMME.stream(), Fact::CallClosed(CallClosed::default())), 0);
}

#[test]
fn follows_none_of_this_services_own_events() {
    let ready = PanelEvent::from(PanelReady { judges: 1, assignments: 1 });
    let event = recorded(1, &StreamId::new("panel", PITCH.0), &ready);
    assert!(MendAssignments.react(&event).unwrap().is_empty());
}
