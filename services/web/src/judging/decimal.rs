//! Exact decimals, for what a sheet adds up. Marks and weights are decimals,
//! and binary fractions would get some of their sums wrong.

use std::cmp::Ordering;
use std::fmt;

/// More places than a rulebook's decimals have, and few enough that no product
/// of two of them overflows.
const MOST_PLACES: u32 = 9;
const MOST_DIGITS: usize = 15;

/// A decimal: a whole number of units of ten to the minus `places`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    units: i128,
    places: u32,
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self { units: 0, places: 0 };

    /// As somebody writes it: `7`, `7.5`, `-0.25`; a comma is taken for a point.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace(',', ".");
        let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let long = whole.len() + fraction.len();
        if !plain(whole) || !plain(fraction) || long == 0 || long > MOST_DIGITS {
            return None;
        }
        let places = u32::try_from(fraction.len()).ok().filter(|places| *places <= MOST_PLACES)?;
        let units: i128 = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { units: sign * units, places })
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Self {
        let places = self.places.max(other.places);
        Self { units: self.at(places) + other.at(places), places }
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { units: -other.units, places: other.places })
    }

    /// The product.
    pub fn times(self, other: Self) -> Self {
        Self { units: self.units * other.units, places: self.places + other.places }
    }

    /// How often another, which is above nothing, goes into it without rest.
    pub fn steps(self, step: Self) -> Option<u64> {
        let places = self.places.max(step.places);
        let (whole, step) = (self.at(places), step.at(places));
        (step > 0 && whole >= 0 && whole % step == 0).then(|| u64::try_from(whole / step).ok()).flatten()
    }

    fn at(self, places: u32) -> i128 {
        self.units * 10_i128.pow(places - self.places)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.places.max(other.places);
        self.at(places).cmp(&other.at(places))
    }
}

impl fmt::Display for Decimal {
    /// Without zeros at its end.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u128.pow(self.places);
        let (whole, rest) = (self.units.unsigned_abs() / unit, self.units.unsigned_abs() % unit);
        let fraction = format!("{rest:0width$}", width = self.places as usize);
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.units < 0 { "-" } else { "" };
        if fraction.is_empty() { write!(to, "{sign}{whole}") } else { write!(to, "{sign}{whole}.{fraction}") }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn decimals_are_read_as_people_write_them() {
        for (text, written) in
            [("7", "7"), ("7.50", "7.5"), (" 7,5 ", "7.5"), (".5", "0.5"), ("7.", "7"), ("-0.25", "-0.25")]
        {
            assert_eq!(of(text).to_string(), written);
        }
        for text in ["", "-", ".", "ten", "1e3", "1.2.3", "+1", "0.1234567891", "1234567890123456", "½"] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn sums_and_products_are_exact() {
        let sum = (0..10).fold(Decimal::ZERO, |sum, _| sum.plus(of("0.1")));
        assert_eq!(sum, of("1"));
        assert_eq!(of("8.17").times(of("2.5")).to_string(), "20.425");
        assert_eq!(of("1").minus(of("0.95")).to_string(), "0.05");
        let most = of("999999.999999999");
        assert_eq!(most.times(most).to_string(), "999999999999.998000000000000001");
    }

    #[test]
    fn steps_are_counted_only_where_they_fit() {
        assert_eq!(of("10").steps(of("0.5")), Some(20));
        assert_eq!(of("1").steps(of("0.3")), None);
        assert_eq!(of("1").steps(of("0")), None);
        assert_eq!(of("-1").steps(of("1")), None);
    }
}
