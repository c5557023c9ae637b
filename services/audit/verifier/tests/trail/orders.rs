//! Any order that keeps to the rules verifies; any event that is missing is found.

use std::collections::BTreeMap;

use plaudit_verifier::report::Outcome;
use plaudit_verifier::verify::verify;
use proptest::prelude::*;

use crate::forge::{FIXTURES, Forge, between};

/// An event's service, its number there, and what must stand before it.
type Needs = (String, u64, Vec<(String, u64)>);

fn needs((place, text): &(String, String)) -> Needs {
    let read = |place: &str| {
        let (service, position) = place.split_once('/').unwrap();
        (service.to_owned(), position.parse().unwrap())
    };
    let head = text.split("\"data\":").next().unwrap();
    let mut before: Vec<(String, u64)> = Vec::new();
    for name in ["\"cause\":\"", "\"basis\":\""] {
        if head.contains(name) {
            before.extend(between(head, name, "\"").split(',').map(read));
        }
    }
    let (service, position) = read(place);
    before.retain(|(of, _)| *of != service);
    (service, position, before)
}

/// An event with what it needs.
type Waiting = (Needs, (String, String));

/// The same events in another order: `choose` picks a service whose next event may come.
fn shuffled(events: &[(String, String)], mut choose: impl FnMut(usize) -> usize) -> Vec<(String, String)> {
    let mut queues: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
    for event in events {
        let needs = needs(event);
        queues.entry(needs.0.clone()).or_default().push((needs, event.clone()));
    }
    queues.values_mut().for_each(|queue| queue.sort_by_key(|(needs, _)| std::cmp::Reverse(needs.1)));
    let mut order = Vec::new();
    while order.len() < events.len() {
        let next =
            |service: &str| queues.get(service).and_then(|queue| queue.last()).map(|(needs, _)| needs.1);
        let ready: Vec<String> = queues
            .iter()
            .filter_map(|(service, queue)| Some((service, &queue.last()?.0)))
            .filter(|(_, (_, _, before))| {
                before.iter().all(|(service, position)| next(service).is_none_or(|next| next > *position))
            })
            .map(|(service, _)| service.clone())
            .collect();
        let chosen = &ready[choose(ready.len())];
        order.push(queues.get_mut(chosen).unwrap().pop().unwrap().1);
    }
    order
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_random_interleaving_of_valid_orders_verifies(
        choices in prop::collection::vec(any::<prop::sample::Index>(), 400),
        fixture in 0..FIXTURES.len(),
    ) {
        let mut forge = Forge::of(FIXTURES[fixture].0);
        let mut at = 0;
        forge.events = shuffled(&forge.events, |many| {
            at += 1;
            choices[at % choices.len()].index(many)
        });
        let report = verify(&forge.bundle());
        prop_assert_eq!(report.exit_code(), 0, "{}", report);
    }
}

/// An event that is missing in a log that was signed as it should have been.
#[test]
fn any_event_that_is_missing_is_found() {
    let forge = Forge::of("the-den");
    let sizes = [forge.sizes[0], forge.sizes[1], forge.events.len()];
    let checkpoints: Vec<String> = sizes.iter().map(|size| forge.checkpoint(*size).to_string()).collect();
    for at in 0..forge.events.len() {
        let mut less = forge.clone();
        less.events.remove(at);
        let report = verify(&less.bundle_with(checkpoints.clone()));
        assert_eq!(report.get("tree").unwrap().outcome, Outcome::Fails, "{}", forge.events[at].0);
    }
}

/// The same by a forger who closes the gap and signs again: whatever stood before a milestone was counted there.
#[test]
fn any_event_that_was_counted_is_missed_even_by_a_forger() {
    let forge = Forge::of("the-den");
    let announced = forge.nth("WinnersAnnounced", 0);
    for at in 0..forge.events.len() {
        let mut less = forge.clone();
        less.sizes.clear();
        less.drop_event(at);
        let report = verify(&less.bundle());
        let found = report.exit_code() != 0;
        let (place, text) = &forge.events[at];
        let kind = between(text, "\"type\":\"", "\"");
        // What comes after the last milestone is counted nowhere: the last event of a history can go.
        assert!(found || at > announced, "{place} {kind}");
        if !found {
            println!("{place} {kind}");
        }
    }
}
