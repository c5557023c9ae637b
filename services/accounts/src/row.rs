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

/// The same where there may be none.
pub fn maybe_time_of(row: &Row, column: &str) -> Option<Timestamp> {
    row.get::<_, Option<SystemTime>>(column).and_then(|at| Timestamp::try_from(at).ok())
}
