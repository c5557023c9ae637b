//! One order out of many: each service's events in theirs, and none before its
//! cause or before what it was decided on.

use std::collections::{BTreeMap, VecDeque};

use crate::event::Recorded;

/// Events that wait for what they rely on.
#[derive(Default)]
pub struct Merge {
    waiting: BTreeMap<&'static str, VecDeque<Recorded>>,
    /// How far each service's events have come through.
    through: BTreeMap<&'static str, u64>,
}

impl Merge {
    /// Goes on after these positions.
    pub fn after(through: BTreeMap<&'static str, u64>) -> Self {
        Self { waiting: BTreeMap::new(), through }
    }

    /// More of a service's events, in their order.
    pub fn push(&mut self, source: &'static str, events: impl IntoIterator<Item = Recorded>) {
        self.waiting.entry(source).or_default().extend(events);
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    /// The next events that rely on nothing that is still to come, at most so
    /// many.
    pub fn ready(&mut self, most: usize) -> Vec<Recorded> {
        let mut ready = Vec::new();
        loop {
            let before = ready.len();
            for (source, events) in &mut self.waiting {
                while ready.len() < most
                    && let Some(event) = events.front()
                    && relies_on(event).all(|(on, position)| {
                        on == *source || self.through.get(on).copied().unwrap_or(0) >= position
                    })
                    && let Some(event) = events.pop_front()
                {
                    self.through.insert(source, event.position);
                    ready.push(event);
                }
            }
            if ready.len() == before || ready.len() >= most {
                return ready;
            }
        }
    }
}

/// What must stand before an event: its basis and its cause.
fn relies_on(event: &Recorded) -> impl Iterator<Item = (&str, u64)> {
    let basis = event.envelope.basis.split(',');
    basis.chain(event.envelope.cause.as_deref()).filter_map(|place| {
        let (service, position) = place.split_once('/')?;
        Some((service, position.parse().ok()?))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    const SERVICES: [&str; 3] = ["awards", "panels", "scoring"];

    fn event(source: &str, position: u64, basis: &str, cause: Option<&str>) -> Recorded {
        let cause = cause.map(|cause| format!(r#""cause":"{cause}","#)).unwrap_or_default();
        let id = "0193e4a2-0000-7000-8000-000000000001";
        let json = format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"{source}","type":"t","subject":"pitch/{id}",
            "time":"2026-11-23T00:00:00Z","version":1,"programme":"{id}","actor":"a","command":"{id}",{cause}
            "basis":"{basis}","nonce":"","data":{{}}}}"#
        );
        Recorded::read(position, json.into()).unwrap()
    }

    #[test]
    fn an_event_waits_for_its_basis_and_its_cause() {
        let mut merge = Merge::default();
        merge.push("scoring", [event("scoring", 1, "panels/2", None), event("scoring", 2, "", None)]);
        assert!(merge.ready(10).is_empty(), "nothing of panels is there, and nobody overtakes in a service");
        // Nothing taken in is nothing to wait for.
        merge
            .push("panels", [event("panels", 1, "awards/0", None), event("panels", 2, "", Some("awards/1"))]);
        assert_eq!(merge.ready(10).len(), 1);
        merge.push("awards", [event("awards", 1, "", None)]);
        let places: Vec<String> = merge.ready(10).iter().map(Recorded::place).collect();
        assert_eq!(places, ["awards/1", "panels/2", "scoring/1", "scoring/2"]);
        assert_eq!(merge.waiting(), 0);
    }

    proptest! {
        /// However the events arrive, the order keeps both promises, and all come through.
        #[test]
        fn any_arrival_gives_an_order_that_keeps_the_promises(
            history in prop::collection::vec((0..3_usize, any::<bool>()), 1..60),
            arrivals in prop::collection::vec((0..3_usize, 1..4_usize), 0..200),
        ) {
            let mut heads = [0_u64; 3];
            let mut streams: [Vec<Recorded>; 3] = Default::default();
            for (service, looks) in history {
                let basis: Vec<String> = (0..3)
                    .filter(|other| looks && *other != service && heads[*other] > 0)
                    .map(|other| format!("{}/{}", SERVICES[other], heads[other]))
                    .collect();
                heads[service] += 1;
                streams[service].push(event(SERVICES[service], heads[service], &basis.join(","), None));
            }
            let total: usize = streams.iter().map(Vec::len).sum();
            let mut merge = Merge::default();
            let mut queues = streams.map(VecDeque::from);
            let mut order = Vec::new();
            let rest = (0..3).cycle().map(|service| (service, 3)).take(200);
            for (service, many) in arrivals.into_iter().chain(rest) {
                let arrived: Vec<Recorded> = (0..many).filter_map(|_| queues[service].pop_front()).collect();
                merge.push(SERVICES[service], arrived);
                order.extend(merge.ready(5));
            }
            order.extend(merge.ready(usize::MAX));
            prop_assert_eq!(order.len(), total);
            let mut through: HashMap<String, u64> = HashMap::new();
            for event in &order {
                for (on, position) in relies_on(event) {
                    prop_assert!(through.get(on).copied().unwrap_or(0) >= position);
                }
                let before = through.insert(event.envelope.source.clone(), event.position).unwrap_or(0);
                prop_assert_eq!(event.position, before + 1);
            }
        }
    }
}
