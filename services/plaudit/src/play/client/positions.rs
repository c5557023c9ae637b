use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How far each service had come, by what was answered so far.
#[derive(Debug, Default)]
pub(super) struct Positions(Mutex<BTreeMap<String, u64>>);

impl Positions {
    /// Takes in a header such as `scoring/1234`. A position never goes back:
    /// answers may come in another order than they were given in.
    pub(super) fn take(&self, header: &str) {
        let places = header.split(',').filter_map(|place| {
            let (service, position) = place.trim().split_once('/')?;
            Some((service.to_owned(), position.parse::<u64>().ok()?))
        });
        let mut highest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (service, position) in places {
            let known = highest.entry(service).or_default();
            *known = position.max(*known);
        }
    }

    /// All of it as one header; `None` before the first answer.
    pub(super) fn header(&self) -> Option<String> {
        let highest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let places = highest.iter().map(|(service, position)| format!("{service}/{position}"));
        let header = places.collect::<Vec<_>>().join(",");
        (!header.is_empty()).then_some(header)
    }
}
