//! A commitment as a row keeps it.

use bytes::Bytes;
use plaudit_chassis::vault::Commitment;
use serde::{Deserialize, Serialize};

/// What can be opened with the vault's help: never the content itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal(Commitment);

impl Seal {
    /// Of a field of an event; none where the field is empty.
    pub fn of(field: &Bytes) -> Option<Self> {
        (!field.is_empty()).then(|| Self(field.clone()))
    }

    /// To ask the vault with.
    pub fn commitment(&self) -> &Commitment {
        &self.0
    }
}
