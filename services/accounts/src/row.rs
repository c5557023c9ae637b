//! Times in rows: PostgreSQL's driver speaks the system's, we speak jiff's.

use std::time::SystemTime;

use jiff::Timestamp;
use tokio_postgres::Row;

/// As a statement takes it.
pub fn time(at: Timestamp) -> SystemTime {
    at.into()
}

/// As a row has it.
pub fn time_of(row: &Row, column: &str) -> Timestamp {
    Timestamp::try_from(row.get::<_, SystemTime>(column)).unwrap_or_default()
}
