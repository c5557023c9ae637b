//! The log's entries, read back from its end (C2SP tlog-tiles).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::filter::Filter;
use crate::api::Api;
use crate::failure::Failure;
use crate::results::names::maybe;

/// So many entries lie in one bundle.
const WIDTH: u64 = 256;
/// So many bundles are looked through for one page, so that a page's time
/// doesn't grow with the log.
const MOST_BUNDLES: u64 = 8;
/// So many lines a page has.
pub const A_PAGE: usize = 50;
/// The longest bundle: each entry is at most 65,535 bytes.
const LONGEST: usize = 256 * (65_535 + 2);

/// An event, as its log has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// Its service.
    pub source: String,
    /// Package and message.
    #[serde(rename = "type")]
    pub kind: String,
    /// Noun and id.
    pub subject: String,
    /// When.
    pub time: Timestamp,
    /// `member/<id>` or `process/<name>`.
    pub actor: String,
    /// What its contract says.
    pub data: Value,
    /// Its place in the log, from 0.
    #[serde(skip)]
    pub index: u64,
}

impl Event {
    /// The message's name.
    pub fn name(&self) -> &str {
        self.kind.rsplit('.').next().unwrap_or_default()
    }

    /// The id of what it is about.
    pub fn id(&self) -> Option<Uuid> {
        self.subject.split_once('/')?.1.parse().ok()
    }

    /// Which member did it, if one did.
    pub fn by(&self) -> Option<Uuid> {
        self.actor.strip_prefix("member/")?.parse().ok()
    }

    /// An id among its data.
    pub fn about(&self, field: &str) -> Option<Uuid> {
        self.data.get(field)?.as_str()?.parse().ok()
    }
}

/// A page of events.
pub struct Events {
    /// Newest first.
    pub shown: Vec<Event>,
    /// `before` for what comes next; absent: that was all.
    pub before: Option<u64>,
}

/// The last events before an index that a filter lets through; `None` if the
/// entries are not for this reader.
pub async fn read(
    api: &Api,
    programme: Uuid,
    before: u64,
    filter: &Filter,
) -> Result<Option<Events>, Failure> {
    let (mut shown, mut end) = (Vec::new(), before);
    for _ in 0..MOST_BUNDLES {
        if end == 0 {
            break;
        }
        let bundle = (end - 1) / WIDTH;
        let Some(events) = maybe(bundle_of(api, programme, bundle, end).await)? else { return Ok(None) };
        for event in events.into_iter().rev() {
            end = event.index;
            if filter.lets_through(&event) {
                shown.push(event);
                if shown.len() == A_PAGE {
                    return Ok(Some(Events { shown, before: Some(end).filter(|end| *end > 0) }));
                }
            }
        }
    }
    Ok(Some(Events { shown, before: Some(end).filter(|end| *end > 0) }))
}

async fn bundle_of(api: &Api, programme: Uuid, bundle: u64, end: u64) -> Result<Vec<Event>, Failure> {
    let width = end - bundle * WIDTH;
    let path = format!("audit/programmes/{programme}/log/tile/entries/{}", tile(bundle, width));
    let body = api.open(&path).await?.into_body();
    let bytes =
        axum::body::to_bytes(body, LONGEST).await.map_err(|error| Failure::Broken(error.to_string()))?;
    decoded(&bytes, bundle * WIDTH)
        .ok_or_else(|| Failure::Broken("a bundle of entries is not understood".to_owned()))
}

/// A bundle's name: `x001/234`, and `.p/<width>` if it is not whole.
fn tile(index: u64, width: u64) -> String {
    let mut name = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        name = format!("x{:03}/{name}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH { format!("{name}.p/{width}") } else { name }
}

/// Each entry after its length in two bytes.
fn decoded(mut bytes: &[u8], first: u64) -> Option<Vec<Event>> {
    let mut events = Vec::new();
    while let Some((length, rest)) = bytes.split_at_checked(2) {
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let (entry, rest) = rest.split_at_checked(length)?;
        let mut event: Event = serde_json::from_slice(entry).ok()?;
        event.index = first + events.len() as u64;
        events.push(event);
        bytes = rest;
    }
    bytes.is_empty().then_some(events)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bundles_are_named_as_the_log_names_them() {
        assert_eq!(tile(0, 3), "000.p/3");
        assert_eq!(tile(0, 256), "000");
        assert_eq!(tile(1_234_067, 17), "x001/x234/067.p/17");
    }

    #[test]
    fn what_is_cut_short_is_not_read() {
        let event = br#"{"source":"awards","type":"plaudit.awards.v1.AwardDeclined","subject":"award/x","time":"2026-01-01T00:00:00Z","actor":"process/x","data":{}}"#;
        let mut bytes = (event.len() as u16).to_be_bytes().to_vec();
        bytes.extend_from_slice(event);
        let twice = [bytes.clone(), bytes.clone()].concat();
        let events = decoded(&twice, 256).unwrap();
        assert_eq!((events.len(), events[1].index, events[1].name()), (2, 257, "AwardDeclined"));
        assert!(decoded(&twice[..twice.len() - 1], 0).is_none());
        assert!(decoded(&[0], 0).is_none());
    }
}
