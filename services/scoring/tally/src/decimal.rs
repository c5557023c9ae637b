//! Exact decimal numbers as people write them: marks, weights, scales.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::exact::{Rational, finite_decimals, scaled};

/// The most digits a decimal may have, before and after its point together.
const MOST_DIGITS: usize = 18;

/// An exact decimal of at most 18 digits, such as `9.25`.
///
/// It is written as `-?(0|[1-9][0-9]*)(\.[0-9]+)?`, and zero has no sign. Trailing
/// zeros are read but not kept, so that equal numbers print alike: `9.50` is
/// `9.5`. In JSON it is a string; a JSON number is refused, because many readers
/// would turn it into binary floating point.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Decimal {
    /// The number without its point: not a multiple of 10 unless `places` is 0.
    digits: i64,
    /// How many of the digits stand after the point.
    places: u8,
}

/// Why a text is not a [`Decimal`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseDecimalError {
    /// The text is not of the form a decimal has.
    #[error("“{0}” is not a plain number; write it like 9.25")]
    NotANumber(String),
    /// The text is of the right form and too long.
    #[error("“{0}” has too many digits; write at most 18")]
    TooManyDigits(String),
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { digits: 0, places: 0 };

    /// How many of its [units](Self::units) make one.
    pub(crate) const UNITS: i128 = 10_i128.pow(18);

    /// Whether the number is greater than zero.
    pub fn is_positive(self) -> bool {
        self.digits > 0
    }

    /// The same number as a fraction.
    pub fn to_rational(self) -> Rational {
        Rational::new(self.digits.into(), BigInt::from(10).pow(self.places.into()))
    }

    /// In units of 10⁻¹⁸: never more than 10³⁶ of them, so that a difference of
    /// two decimals can't overflow either.
    pub(crate) fn units(self) -> i128 {
        i128::from(self.digits) * 10_i128.pow(18 - u32::from(self.places))
    }

    fn new(mut digits: i64, mut places: u8) -> Self {
        while places > 0 && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        Self { digits, places }
    }
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseDecimalError::NotANumber(text.chars().take(40).collect());
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(refused()),
            None => (unsigned, ""),
        };
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
        if whole.is_empty() || leading_zero || !all_digits {
            return Err(refused());
        }
        if whole.len() + fraction.len() > MOST_DIGITS {
            return Err(ParseDecimalError::TooManyDigits(text.chars().take(40).collect()));
        }
        let digits: i64 = format!("{whole}{fraction}").parse().map_err(|_| refused())?;
        if negative && digits == 0 {
            return Err(refused());
        }
        let places = u8::try_from(fraction.len()).map_err(|_| refused())?;
        Ok(Self::new(if negative { -digits } else { digits }, places))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::from(self.places);
        let mut text = format!("{:0>width$}", self.digits.unsigned_abs(), width = places + 1);
        if places > 0 {
            text.insert(text.len() - places, '.');
        }
        f.pad_integral(self.digits >= 0, "", &text)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.units().cmp(&other.units())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> Self {
        decimal.to_string()
    }
}

impl TryFrom<String> for Decimal {
    type Error = ParseDecimalError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Decimal> for Rational {
    fn from(decimal: Decimal) -> Self {
        decimal.to_rational()
    }
}

impl TryFrom<&Rational> for Decimal {
    type Error = ParseDecimalError;

    /// Exact or refused: a third, or a number of more than 18 digits, is an error.
    fn try_from(value: &Rational) -> Result<Self, Self::Error> {
        let places =
            finite_decimals(value.denom()).ok_or_else(|| ParseDecimalError::NotANumber(value.to_string()))?;
        let most = 10_i64.pow(MOST_DIGITS as u32);
        match (u8::try_from(places), scaled(value, places).to_i64()) {
            (Ok(places @ 0..18), Some(digits)) if digits.abs() < most => Ok(Self::new(digits, places)),
            _ => Err(ParseDecimalError::TooManyDigits(value.to_string())),
        }
    }
}
