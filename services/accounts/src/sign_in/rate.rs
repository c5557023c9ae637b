use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// So many in any stretch of so long, for each key. It counts in this process:
/// two copies of the edge allow twice as much.
pub struct Rate<K> {
    most: usize,
    per: SignedDuration,
    seen: Mutex<HashMap<K, VecDeque<Timestamp>>>,
}

/// How many keys are kept at most. Before there are more, those that count no
/// more are dropped, and if there are none, the half that was quiet for longest.
const KEPT: usize = 10_000;

impl<K: Hash + Eq + Clone> Rate<K> {
    /// At most `most` in any stretch of `per`.
    pub fn new(most: usize, per: SignedDuration) -> Self {
        Self { most, per, seen: Mutex::default() }
    }

    /// Counts one more, or says how long to wait first.
    pub fn take(&self, key: K, now: Timestamp) -> Result<(), SignedDuration> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= KEPT && !seen.contains_key(&key) {
            seen.retain(|_, times| times.back().is_some_and(|last| *last + self.per > now));
            if seen.len() >= KEPT {
                drop_quiet(&mut seen);
            }
        }
        let times = seen.entry(key).or_default();
        while times.front().is_some_and(|first| *first + self.per <= now) {
            times.pop_front();
        }
        match times.front() {
            Some(first) if times.len() >= self.most => Err((*first + self.per).duration_since(now)),
            _ => {
                times.push_back(now);
                Ok(())
            }
        }
    }
}

fn drop_quiet<K: Hash + Eq + Clone>(seen: &mut HashMap<K, VecDeque<Timestamp>>) {
    let mut last: Vec<(Timestamp, K)> =
        seen.iter().filter_map(|(key, times)| Some((*times.back()?, key.clone()))).collect();
    last.sort_unstable_by_key(|(last, _)| *last);
    for (_, key) in last.iter().take(KEPT / 2) {
        seen.remove(key);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn as_many_as_allowed_in_any_stretch_and_the_wait_is_exact() {
        let rate = Rate::new(2, SignedDuration::from_secs(60));
        assert_eq!(rate.take("a", at(0)), Ok(()));
        assert_eq!(rate.take("a", at(50)), Ok(()));
        assert_eq!(rate.take("a", at(59)), Err(SignedDuration::from_secs(1)));
        assert_eq!(rate.take("a", at(60)), Ok(()));
        assert_eq!(rate.take("a", at(61)), Err(SignedDuration::from_secs(49)));
    }

    #[test]
    fn refusals_are_not_counted_and_keys_are_apart() {
        let rate = Rate::new(1, SignedDuration::from_secs(10));
        assert_eq!(rate.take("a", at(0)), Ok(()));
        for second in 1..10 {
            assert!(rate.take("a", at(second)).is_err());
        }
        assert_eq!(rate.take("b", at(5)), Ok(()));
        assert_eq!(rate.take("a", at(10)), Ok(()));
    }

    #[test]
    fn keys_that_count_no_more_are_dropped() {
        let rate = Rate::new(1, SignedDuration::from_secs(1));
        for key in 0..KEPT {
            rate.take(key, at(0)).unwrap();
        }
        rate.take(KEPT, at(2)).unwrap();
        assert_eq!(rate.seen.lock().unwrap().len(), 1);
    }

    #[test]
    fn however_many_come_the_memory_is_bounded_and_the_busiest_are_remembered() {
        let rate = Rate::new(1, SignedDuration::from_secs(60));
        for key in 0..3 * KEPT {
            rate.take(key, at(key as i64 / KEPT as i64)).unwrap();
        }
        assert!(rate.seen.lock().unwrap().len() <= KEPT);
        assert!(rate.take(3 * KEPT - 1, at(3)).is_err());
    }
}
