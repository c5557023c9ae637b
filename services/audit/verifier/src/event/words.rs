//! Values that messages share.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::decimal;

/// `plaudit.v1.Role`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Role {
    /// Runs the programme.
    #[serde(rename = "ROLE_ORGANISER")]
    Organiser,
    /// Holds the second key.
    #[serde(rename = "ROLE_APPROVER")]
    Approver,
    /// Decides nothing.
    #[default]
    #[serde(other)]
    Other,
}

/// `plaudit.submissions.v1.Screening`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Screening {
    /// Goes forward.
    #[serde(rename = "SCREENING_ELIGIBLE")]
    Eligible,
    /// Doesn't.
    #[default]
    #[serde(other)]
    Ineligible,
}

/// `plaudit.panels.v1.Connection`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Connection {
    /// 1
    #[serde(rename = "CONNECTION_NONE")]
    None,
    /// 2
    #[serde(rename = "CONNECTION_KNOWN")]
    Known,
    /// 3
    #[serde(rename = "CONNECTION_STAND_ASIDE")]
    StandAside,
    /// 0
    #[default]
    #[serde(other)]
    Unspecified,
}

impl Connection {
    /// Its number in the contract.
    pub fn number(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::None => 1,
            Self::Known => 2,
            Self::StandAside => 3,
        }
    }
}

/// `plaudit.awards.v1.SupportUnit`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Unit {
    /// An hour.
    #[serde(rename = "SUPPORT_UNIT_HOUR")]
    Hour,
    /// A day.
    #[serde(rename = "SUPPORT_UNIT_DAY")]
    Day,
    /// A thing.
    #[default]
    #[serde(other)]
    Item,
}

/// `plaudit.scoring.v1.Mark`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// Of the rulebook.
    pub criterion: String,
    /// A decimal.
    pub mark: String,
}

/// A 64-bit number, which ProtoJSON writes as a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        decimal(text).map(Self).ok_or_else(|| D::Error::custom("not a whole number"))
    }
}

/// `plaudit.v1.Money`: whole pence of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Money {
    /// Pence.
    pub minor: Number,
    /// ISO 4217.
    pub currency: String,
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minor = self.minor.0;
        write!(f, "{} {}.{:02}", self.currency, minor / 100, minor % 100)
    }
}
