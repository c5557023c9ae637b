//! Money: whole pence and their currency.

use std::fmt;

use plaudit_proto::v1;
use serde::{Deserialize, Serialize};

/// Whole minor units (pence) of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Money {
    /// How many.
    pub minor: u64,
    /// ISO 4217, such as GBP.
    pub currency: String,
}

impl Money {
    /// As a contract carries it.
    pub fn to_proto(&self) -> v1::Money {
        v1::Money { minor: i64::try_from(self.minor).unwrap_or(i64::MAX), currency: self.currency.clone() }
    }

    /// From a contract; the absent is nothing, and there is no negative money.
    pub fn from_proto(money: Option<&v1::Money>) -> Self {
        money.map_or_else(Self::default, |money| Self {
            minor: u64::try_from(money.minor).unwrap_or_default(),
            currency: money.currency.clone(),
        })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} minor units of {}", self.minor, self.currency)
    }
}
