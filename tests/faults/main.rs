//! What survives: processes killed, servers stopped, folders lost or old.
#![allow(clippy::unwrap_used)]
