#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use plaudit_chassis::id::{MemberId, PitchId};

use super::Entry;
use crate::rulebook::tests::sample;

/// An entry that the sample's rulebook lets in.
fn entry() -> Entry {
    Entry {
        title: "Bees for everybody".into(),
        team_name: "The Hive".into(),
        gate: gate("platform-co-op", true),
        answers: BTreeMap::from([("what".into(), "A co-op of bees".into())]),
        accept_rules: true,
        team: None,
    }
}

fn gate(id: &str, answer: bool) -> BTreeMap<String, bool> {
    BTreeMap::from([(id.to_owned(), answer)])
}

fn faults(spoil: impl FnOnce(&mut Entry)) -> Vec<String> {
    let mut entry = entry();
    spoil(&mut entry);
    entry.faults(&sample()).into_iter().map(|fault| fault.field).collect()
}

#[test]
fn a_complete_entry_has_no_fault() {
    assert_eq!(faults(|_| {}), [""; 0]);
    assert!(entry().check(&sample()).is_ok());
}

#[test]
fn each_fault_names_its_field() {
    assert_eq!(faults(|e| e.title = " ".into()), ["title"]);
    assert_eq!(faults(|e| e.team_name = "n".repeat(201)), ["team_name"]);
    assert_eq!(faults(|e| e.gate.clear()), ["gate.platform-co-op"]);
    assert_eq!(faults(|e| e.gate = gate("platform-co-op", false)), ["gate.platform-co-op"]);
    assert_eq!(faults(|e| e.gate.extend(gate("rich", true))), ["gate.rich"]);
    assert_eq!(faults(|e| e.answers.clear()), ["answers.what"]);
    assert_eq!(faults(|e| drop(e.answers.insert("what".into(), "é".repeat(21)))), ["answers.what"]);
    assert_eq!(faults(|e| drop(e.answers.insert("why".into(), "so".into()))), ["answers.why"]);
    assert_eq!(faults(|e| e.accept_rules = false), ["accept_rules"]);
    let crowd = (0..30).map(|_| MemberId::random()).collect();
    assert_eq!(faults(|e| e.team = Some(crowd)), ["team"]);
}

#[test]
fn limits_count_characters_and_not_bytes() {
    assert_eq!(faults(|e| drop(e.answers.insert("what".into(), "é".repeat(20)))), [""; 0]);
}

#[test]
fn nothing_at_all_is_told_field_by_field() {
    let faults: Vec<_> = Entry::default().faults(&sample()).into_iter().map(|fault| fault.field).collect();
    assert_eq!(faults, ["title", "team_name", "gate.platform-co-op", "answers.what", "accept_rules"]);
}

#[test]
fn the_one_who_entered_stays_the_first() {
    let [ada, ben, cleo] = [1, 2, 3].map(|id| MemberId(uuid::Uuid::from_u128(id)));
    let with = |team| Entry { team, ..entry() };
    assert_eq!(with(None).team(&[ada, ben]), [ada, ben]);
    assert_eq!(with(Some(vec![cleo, ada, cleo])).team(&[ada, ben]), [ada, cleo]);
    assert_eq!(with(Some(vec![])).team(&[ada, ben]), [ada]);
}

#[test]
fn every_seal_has_a_fresh_salt_and_names_its_field() {
    let pitch = PitchId::random();
    let seal = || entry().seal(pitch, crate::attachment::Sealing::default());
    let (one, two) = (seal(), seal());
    assert_ne!(one.title.commitment(), two.title.commitment());
    let fields = [one.title.field, one.team_name.field, one.answers.field];
    assert_eq!(fields, ["PitchSubmitted.title", "PitchSubmitted.team_name", "PitchSubmitted.answers"]);
}
