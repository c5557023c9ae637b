//! The verifier finds each thing that it is there to find, in a log that is
//! otherwise good, and nothing in one that is.

use uuid::Uuid;

use super::*;
use crate::ledger::CutOff;

const CALLER: &str = "member/00000000-0000-0000-0000-000000000001";

fn event(position: u64, kind: &str, stream: &str, version: u64) -> Event {
    Event {
        position,
        id: Uuid::new_v4().to_string(),
        kind: kind.to_owned(),
        stream: stream.to_owned(),
        version,
        actor: CALLER.to_owned(),
        command: Uuid::new_v4().to_string(),
        cause: None,
        time: "2026-01-01T00:00:00Z".parse().unwrap(),
    }
}

fn pitch(number: u128) -> String {
    format!("pitch/{}", Uuid::from_u128(number))
}

fn taken(position: u64, cause: u64, stream: &str, version: u64) -> Event {
    let actor = "process/take_pitch_facts".to_owned();
    let cause = Some(format!("submissions/{cause}"));
    Event { actor, cause, ..event(position, "FactTaken", stream, version) }
}

fn asked(key: &str, fate: Fate) -> Entry {
    let asked = Asked {
        key: key.to_owned(),
        service: "submissions",
        path: String::new(),
        body: String::new(),
        actor: CALLER.to_owned(),
    };
    Entry { asked, fate, cut_off: Vec::new() }
}

fn answered(number: u128, version: u64, position: u64) -> Fate {
    let (version, position) = (Some(version), Some(position));
    Fate::Answered(Answered { status: 201, id: Uuid::from_u128(number), version, position })
}

/// Two pitches, one of them replaced, all taken in by three services.
fn good() -> (Vec<Entry>, Log) {
    let (one, two) = (pitch(1), pitch(2));
    let submitted = [(1, &one, 1), (2, &two, 1), (3, &one, 2)];
    let events = submitted.map(|(at, stream, version)| event(at, "PitchSubmitted", stream, version));
    let mut log = Log::default();
    log.0.insert("submissions", events.to_vec());
    for service in ["panels", "scoring", "awards"] {
        let facts = submitted.map(|(at, stream, version)| taken(at, at, stream, version));
        log.0.insert(service, facts.to_vec());
    }
    let ledger =
        vec![asked("a", answered(1, 1, 1)), asked("b", answered(2, 1, 2)), asked("c", answered(1, 2, 3))];
    (ledger, log)
}

fn watched() -> Watched {
    Watched { actors: BTreeSet::from([CALLER.to_owned()]), since: BTreeMap::new() }
}

fn found(ledger: &[Entry], log: &Log) -> Vec<Finding> {
    verify(ledger, log, &watched())
}

#[test]
fn a_good_log_has_nothing_to_find() {
    let (ledger, log) = good();
    assert_eq!(found(&ledger, &log), []);
}

#[test]
fn an_acknowledgement_of_what_is_not_there_is_found() {
    let (ledger, log) = good();
    for fate in [answered(3, 1, 4), answered(3, 1, 2), answered(1, 3, 3), answered(1, 1, 3)] {
        let mut ledger = ledger.clone();
        ledger.push(asked("planted", fate));
        assert_eq!(found(&ledger, &log), [Finding::Lost("planted".to_owned())]);
    }
}

#[test]
fn an_acknowledgement_of_somebody_elses_event_is_found() {
    let (ledger, mut log) = good();
    log.0.get_mut("submissions").unwrap()[1].actor = "member/another".to_owned();
    assert_eq!(found(&ledger, &log), [Finding::Lost("b".to_owned())]);
}

#[test]
fn an_event_that_was_acknowledged_and_is_gone_is_found() {
    let (ledger, mut log) = good();
    for events in log.0.values_mut() {
        events.pop();
    }
    assert_eq!(found(&ledger, &log), [Finding::Lost("c".to_owned())]);
}

#[test]
fn a_command_that_was_done_twice_is_found() {
    let (mut ledger, log) = good();
    ledger.remove(1);
    assert_eq!(found(&ledger, &log), [Finding::Unclaimed("submissions/2".to_owned())]);
    ledger.push(asked("c again", answered(1, 2, 3)));
    let twice = Finding::ClaimedTwice("submissions/3".to_owned());
    assert_eq!(found(&ledger, &log), [twice, Finding::Unclaimed("submissions/2".to_owned())]);
}

#[test]
fn what_happened_before_the_callers_began_needs_no_claim() {
    let (mut ledger, log) = good();
    ledger.remove(0);
    let since = BTreeMap::from([("submissions", 1)]);
    assert_eq!(verify(&ledger, &log, &Watched { since, ..watched() }), []);
}

#[test]
fn a_command_without_an_answer_and_one_refused_are_found() {
    let (mut ledger, log) = good();
    ledger.push(asked("d", Fate::Open));
    ledger.push(asked("e", Fate::Refused("409".to_owned())));
    let findings = [Finding::Unanswered("d".to_owned()), Finding::Refused("e".to_owned(), "409".to_owned())];
    assert_eq!(found(&ledger, &log), findings);
}

#[test]
fn gaps_and_repetitions_in_the_log_are_found() {
    let spoil = |how: &dyn Fn(&mut Vec<Event>)| {
        let (ledger, mut log) = good();
        how(log.0.get_mut("submissions").unwrap());
        // What a spoiled log has lost, too, is not asked about here.
        let findings = found(&ledger, &log);
        findings
            .into_iter()
            .filter(|finding| {
                !matches!(finding, Finding::Lost(_) | Finding::Unclaimed(_) | Finding::CauseMissing(_))
                    && !matches!(finding, Finding::TakenIn { .. })
            })
            .collect::<Vec<_>>()
    };
    let gap = spoil(&|events| events[2].position = 4);
    assert_eq!(gap, [Finding::NotDense("submissions/4 where 3 was due".to_owned())]);
    let version = spoil(&|events| events[2].version = 3);
    assert!(matches!(&version[..], [Finding::StreamNotDense(_)]), "{version:?}");
    let id = spoil(&|events| events[2].id = events[0].id.clone());
    assert_eq!(id, [Finding::SameId("submissions/3".to_owned())]);
    let apart = spoil(&|events| events[2].command = events[0].command.clone());
    assert!(apart.contains(&Finding::Scattered("submissions/3".to_owned())), "{apart:?}");
}

#[test]
fn a_manager_that_acts_twice_or_not_at_all_is_found() {
    let (ledger, mut log) = good();
    let again = taken(4, 1, &pitch(1), 3);
    log.0.get_mut("awards").unwrap().push(again);
    let twice = Finding::TakenIn { fact: "submissions/1".to_owned(), by: "awards", times: 2 };
    assert_eq!(found(&ledger, &log), [Finding::ActedTwice("awards/4".to_owned()), twice]);

    let (ledger, mut log) = good();
    log.0.get_mut("scoring").unwrap().pop();
    let never = Finding::TakenIn { fact: "submissions/3".to_owned(), by: "scoring", times: 0 };
    assert_eq!(found(&ledger, &log), [never]);

    let (ledger, mut log) = good();
    log.0.get_mut("panels").unwrap().push(taken(4, 9, &pitch(9), 1));
    assert_eq!(found(&ledger, &log), [Finding::CauseMissing("panels/4".to_owned())]);
}

#[test]
fn only_a_try_that_was_under_way_counts_as_hit() {
    let at = |second: i64| jiff::Timestamp::from_second(second).unwrap();
    let mut entry = asked("a", Fate::Open);
    entry.cut_off.push(CutOff { sent: at(10), noticed: at(12) });
    assert_eq!(
        [9, 10, 11, 12, 13].map(|second| entry.was_cut_off_at(at(second))),
        [false, true, true, true, false]
    );
}
