//! The trail: how long it takes to verify a programme's whole log, and whether the log keeps up with those whose
//! events it gives places.

#[path = "../../../../services/audit/verifier/tests/trail/forge.rs"]
#[allow(dead_code)]
mod forge;
mod placing;
mod programme;
mod verifying;

pub use placing::run as placing;
pub use verifying::run as verifying;
