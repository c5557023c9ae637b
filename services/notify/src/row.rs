//! Times in rows: milliseconds since 1970.

use jiff::Timestamp;

/// Of a row.
pub fn time(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or_default()
}
