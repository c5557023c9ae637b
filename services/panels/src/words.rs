//! The words of the API and of the read models, and what they are in the
//! contracts.

use plaudit_proto::panels::v1 as panels;
use plaudit_proto::v1;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares an enum of words, each of the same name as in the contract.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $contract:path { $($(#[$about:meta])* $word:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$about])* $word),* }

        impl From<$name> for $contract {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$word => <$contract>::$word,)*
                }
            }
        }
    )*};
}

words! {
    /// A seat's place on the panel.
    Office = panels::Office {
        Judge,
        /// Leads, and casts.
        Chair,
        /// Takes the chair's place where the chair stands aside.
        Deputy,
    }
    /// A judge's connection to a pitch.
    Connection = panels::Connection {
        /// Known; may judge if an organiser without a conflict allows it.
        Known,
        /// A wall.
        StandAside,
    }
    /// Why somebody stands aside from a pitch after their declaration.
    RecusalReason = v1::Reason { ConflictOfInterest, NotCompetent }
    /// Why a seat ends.
    LeavingReason = v1::Reason { StoodDown, Absent, NotCompetent, ConflictOfInterest }
}

/// How far a seat has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    Invited,
    Accepted,
    Declined,
    StoodDown,
}

/// How far a panel has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PanelState {
    Convened,
    Assigned,
    Ready,
}
