//! Questions that are asked together, and answered in order.
//!
//! Of several that fail, the first in order is the answer: whichever failed
//! first in time would tell a reader now this, now that.

use crate::failure::Failure;

/// Asks all at once. Answers what each answered, or the failure of the first
/// in order that failed.
macro_rules! together {
    ($($asked:expr),+ $(,)?) => {
        crate::together::InOrder::in_order(tokio::join!($($asked),+))
    };
}

pub(crate) use together;

/// Several results, as one.
pub trait InOrder {
    type All;

    fn in_order(self) -> Result<Self::All, Failure>;
}

macro_rules! in_order {
    ($($answer:ident),+) => {
        impl<$($answer),+> InOrder for ($(Result<$answer, Failure>,)+) {
            type All = ($($answer,)+);

            fn in_order(self) -> Result<Self::All, Failure> {
                #[expect(non_snake_case, reason = "a value is named as its type is")]
                let ($($answer,)+) = self;
                Ok(($($answer?,)+))
            }
        }
    };
}

in_order!(A, B);
in_order!(A, B, C);
in_order!(A, B, C, D);
in_order!(A, B, C, D, E);
in_order!(A, B, C, D, E, F);
in_order!(A, B, C, D, E, F, G);
