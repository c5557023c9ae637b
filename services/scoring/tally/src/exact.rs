//! Computed numbers: fractions, how they are rounded and how they are printed.

use std::fmt;
use std::str::FromStr;

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};

/// An exact fraction of any size, always in lowest terms.
pub type Rational = BigRational;

/// Rounds half up to `places` decimals: the greatest multiple of 10^-places that
/// is not above `value` + half such a step.
///
/// Half goes towards the greater number below zero as well (-2.5 to -2), so that
/// a greater number is never rounded to a smaller one and a scale that starts
/// below zero rounds like one that doesn't.
pub fn round_half_up(value: &Rational, places: u32) -> Rational {
    let power = BigInt::from(10).pow(places);
    let half = Rational::new(BigInt::one(), BigInt::from(2));
    let steps = (value * &power + half).floor();
    steps / power
}

/// A computed number with the least number of decimals that it is printed with.
///
/// See the crate's "Numbers in print". Two are equal if their values are.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Exact {
    value: Rational,
    places: u32,
}

/// Why a text is not an [`Exact`] as this crate prints it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is neither a decimal nor a fraction in lowest terms")]
pub struct ParseExactError(String);

impl Exact {
    /// The number as it is, printed with at least `places` decimals.
    pub fn new(value: Rational, places: u32) -> Self {
        Self { value, places }
    }

    /// The number rounded half up to `places`, or as it is if that is `None`.
    pub fn rounded(value: Rational, places: Option<u32>) -> Self {
        match places {
            Some(places) => Self::new(round_half_up(&value, places), places),
            None => Self::new(value, 0),
        }
    }

    /// The number itself.
    pub fn value(&self) -> &Rational {
        &self.value
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Exact {}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(needed) = finite_decimals(self.value.denom()) else {
            return write!(f, "{}/{}", self.value.numer(), self.value.denom());
        };
        let places = needed.max(self.places);
        let (sign, digits) = scaled(&self.value, places).into_parts();
        let places = places as usize;
        let mut text = format!("{:0>width$}", digits.to_string(), width = places + 1);
        if places > 0 {
            text.insert(text.len() - places, '.');
        }
        f.pad_integral(sign != Sign::Minus, "", &text)
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Exact {
    type Err = ParseExactError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseExactError(text.chars().take(40).collect());
        let (numer, denom, places) = if let Some((numer, denom)) = text.split_once('/') {
            (numer.parse(), denom.parse().map_err(|_| refused())?, 0)
        } else {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            let places = u32::try_from(fraction.len()).map_err(|_| refused())?;
            (format!("{whole}{fraction}").parse(), BigInt::from(10).pow(places), places)
        };
        if denom.is_zero() {
            return Err(refused());
        }
        let exact = Self::new(Rational::new(numer.map_err(|_| refused())?, denom), places);
        // There is one way to write a number; whatever else parsed is refused.
        if exact.to_string() == text { Ok(exact) } else { Err(refused()) }
    }
}

impl From<Exact> for String {
    fn from(exact: Exact) -> Self {
        exact.to_string()
    }
}

impl TryFrom<String> for Exact {
    type Error = ParseExactError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// How many decimals a fraction in lowest terms over `denom` needs, or `None`
/// if no number of them is enough: the greater power of its factors 2 and 5.
pub(crate) fn finite_decimals(denom: &BigInt) -> Option<u32> {
    let twos = denom.trailing_zeros().unwrap_or(0);
    let mut rest: BigInt = denom >> twos;
    let mut fives = 0;
    while (&rest % 5_u32).is_zero() {
        rest /= 5_u32;
        fives += 1;
    }
    if rest.is_one() { u32::try_from(twos.max(fives)).ok() } else { None }
}

/// `value` times 10^places, for a value that has no more decimals than that.
pub(crate) fn scaled(value: &Rational, places: u32) -> BigInt {
    value.numer() * BigInt::from(10).pow(places) / value.denom()
}
