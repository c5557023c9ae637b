//! Why something was done: of the published list of reasons, those that each
//! act may give. A reason that doesn't fit is refused when the body is read.

use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares which reasons an act may give, by their names on the list.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident { $($reason:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = concat!("`", stringify!($reason), "` on the list.")] $reason,)*
        }

        impl From<$name> for Reason {
            fn from(reason: $name) -> Self {
                match reason {
                    $($name::$reason => Self::$reason,)*
                }
            }
        }
    )*};
}

reasons! {
    /// The rules' prose changes after the call has opened.
    AmendmentReason { Clarification, OurFault, ServiceFault, OutsideOurControl }
    /// The deadline moves: only for causes outside the promoter's control.
    DeadlineReason { ServiceFault, OutsideOurControl }
    /// The programme is called off.
    CancellationReason { OurFault, ServiceFault, OutsideOurControl, TooFewPitches }
    /// A pitch is refused at screening, or let in at the second look.
    ScreeningReason { GateNotMet, Incomplete, Duplicate, OutOfScope, RulesBroken, MadeInError }
    /// A pitch is put out of the competition.
    DisqualificationReason { GateNotMet, Duplicate, OutOfScope, RulesBroken }
    /// One pitch is reopened after the deadline.
    ReopeningReason { OurFault, ServiceFault, Adjustment, LateAppealAccepted }
    /// What is kept of somebody or something is forgotten.
    ForgettingReason { PersonAsked, KeptLongEnough }
}

/// A reason on the list as the API writes it: `rules_broken`. `None` where
/// there is none.
pub fn word(reason: i32) -> Option<String> {
    let reason = Reason::try_from(reason).ok()?;
    let word = reason.as_str_name().strip_prefix("REASON_")?.to_lowercase();
    (reason != Reason::Unspecified).then_some(word)
}
