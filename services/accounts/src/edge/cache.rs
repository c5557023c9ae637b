use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What was looked up a moment ago.
pub struct Cache<K, V> {
    life: Duration,
    most: usize,
    kept: Mutex<HashMap<K, (Instant, V)>>,
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    /// Holds at most `most` things, each for `life`.
    pub fn new(life: Duration, most: usize) -> Self {
        Self { life, most, kept: Mutex::default() }
    }

    /// What is kept, if it is fresh.
    pub fn get(&self, key: &K) -> Option<V> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, value) = kept.get(key)?;
        (since.elapsed() < self.life).then(|| value.clone())
    }

    /// Keeps something. Where there is no room, the stale go, and if there are
    /// none, all: it is only a cache.
    pub fn put(&self, key: K, value: V) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.most {
            kept.retain(|_, (since, _)| since.elapsed() < self.life);
        }
        if kept.len() >= self.most {
            kept.clear();
        }
        kept.insert(key, (Instant::now(), value));
    }

    /// Drops whatever the rule says.
    pub fn drop_if(&self, gone: impl Fn(&K, &V) -> bool) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|key, (_, value)| !gone(key, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_believed_until_it_is_stale_or_dropped() {
        let cache = Cache::new(Duration::from_secs(60), 10);
        cache.put(1, "one");
        cache.put(2, "two");
        cache.drop_if(|key, _| *key == 1);
        assert_eq!((cache.get(&1), cache.get(&2)), (None, Some("two")));
        let stale = Cache::new(Duration::ZERO, 10);
        stale.put(1, "one");
        assert_eq!(stale.get(&1), None);
    }

    #[test]
    fn it_never_holds_more_than_it_may() {
        let cache = Cache::new(Duration::from_secs(60), 3);
        for key in 0..10 {
            cache.put(key, ());
        }
        assert!(cache.kept.lock().is_ok_and(|kept| kept.len() <= 3));
        assert_eq!(cache.get(&9), Some(()));
    }
}
