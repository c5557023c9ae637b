//! Decimals and computed numbers: reading, printing, rounding.

use plaudit_tally::{Decimal, Exact, Rational, round_half_up};
use proptest::prelude::*;

fn ratio(numer: i64, denom: i64) -> Rational {
    Rational::new(numer.into(), denom.into())
}

#[test]
fn decimals_print_in_their_shortest_form() {
    for (text, printed) in [
        ("9.25", "9.25"),
        ("9.50", "9.5"),
        ("10.00", "10"),
        ("0", "0"),
        ("0.00", "0"),
        ("-0.05", "-0.05"),
        ("100", "100"),
        ("123456789012345678", "123456789012345678"),
        ("0.00000000000000001", "0.00000000000000001"),
    ] {
        assert_eq!(text.parse::<Decimal>().unwrap().to_string(), printed, "{text}");
    }
}

#[test]
fn what_is_not_a_plain_decimal_is_refused() {
    for text in [
        "", " ", "-", ".", ".5", "5.", "+5", "--5", "05", "-0", "-0.0", "1e3", "1E3", "1,5", "1 ", " 1",
        "1.2.3", "1_000", "½", "٣", "NaN", "inf", "0x1", "1.-5", "1.+5", "1/2",
    ] {
        let error = text.parse::<Decimal>().unwrap_err().to_string();
        assert!(error.contains("not a plain number"), "{text}: {error}");
    }
    for text in ["1234567890123456789", "0.000000000000000001", "99999999999999999999999999"] {
        let error = text.parse::<Decimal>().unwrap_err().to_string();
        assert!(error.contains("at most 18"), "{text}: {error}");
    }
}

#[test]
fn decimals_are_strings_in_json_and_never_numbers() {
    let mark: Decimal = serde_json::from_str("\"7.50\"").unwrap();
    assert_eq!(serde_json::to_string(&mark).unwrap(), "\"7.5\"");
    assert!(serde_json::from_str::<Decimal>("7.5").is_err());
    assert!(serde_json::from_str::<Decimal>("7").is_err());
}

#[test]
fn decimals_order_by_value() {
    let texts = ["-10", "-9.99", "-0.1", "0", "0.05", "0.5", "9.5", "10", "99999999999999999.9"];
    let decimals = texts.map(|text| text.parse::<Decimal>().unwrap());
    assert!(decimals.is_sorted_by(|a, b| a < b));
    assert_eq!("9.5".parse::<Decimal>().unwrap(), "9.500".parse().unwrap());
}

#[test]
fn half_rounds_towards_the_greater_number() {
    for (numer, denom, places, rounded) in [
        (5, 2, 0, ratio(3, 1)),
        (-5, 2, 0, ratio(-2, 1)),
        (-7, 2, 0, ratio(-3, 1)),
        (-26, 10, 0, ratio(-3, 1)),
        (24, 10, 0, ratio(2, 1)),
        (6855, 1000, 2, ratio(686, 100)),
        (6854, 1000, 2, ratio(685, 100)),
        (20, 3, 2, ratio(667, 100)),
        (1, 3, 2, ratio(33, 100)),
        (12, 1, 2, ratio(12, 1)),
    ] {
        assert_eq!(round_half_up(&ratio(numer, denom), places), rounded, "{numer}/{denom}");
    }
}

#[test]
fn computed_numbers_print_as_the_crate_says() {
    for (value, places, printed) in [
        (ratio(471, 10), 2, "47.10"),
        (ratio(471, 10), 0, "47.1"),
        (ratio(1, 8), 2, "0.125"),
        (ratio(-1, 20), 0, "-0.05"),
        (ratio(-3, 1), 1, "-3.0"),
        (ratio(0, 1), 2, "0.00"),
        (ratio(20, 3), 2, "20/3"),
        (ratio(-20, 3), 0, "-20/3"),
        (ratio(1, 1024), 0, "0.0009765625"),
        (ratio(1200, 1), 0, "1200"),
    ] {
        let exact = Exact::new(value, places);
        assert_eq!(exact.to_string(), printed);
        let read: Exact = printed.parse().unwrap();
        assert_eq!((read.to_string().as_str(), read == exact), (printed, true));
    }
    for text in ["2/6", "1/2", "1/0", "3/-4", "01", "-0", "1.", "", "x", "1e5", "+1"] {
        assert!(text.parse::<Exact>().is_err(), "{text}");
    }
}

#[test]
fn a_fraction_becomes_a_decimal_only_if_it_is_one() {
    assert_eq!(Decimal::try_from(&ratio(471, 10)).unwrap().to_string(), "47.1");
    assert!(Decimal::try_from(&ratio(1, 3)).is_err());
    assert!(Decimal::try_from(&ratio(i64::MAX, 1)).is_err());
    assert!(Decimal::try_from(&(ratio(1, 1 << 20))).is_err());
}

proptest! {
    #[test]
    fn decimals_survive_printing_and_fractions(
        digits in -999_999_999_999_999_999_i64..=999_999_999_999_999_999, point in 0_usize..=17,
    ) {
        let mut text = format!("{:0>width$}", digits.unsigned_abs(), width = point + 1);
        if point > 0 {
            text.insert(text.len() - point, '.');
        }
        let sign = if digits < 0 { "-" } else { "" };
        let decimal: Decimal = format!("{sign}{text}").parse().unwrap();
        prop_assert_eq!(decimal.to_string().parse::<Decimal>().unwrap(), decimal);
        let fraction = decimal.to_rational();
        prop_assert_eq!(&fraction, &ratio(digits, 10_i64.pow(point as u32)));
        prop_assert_eq!(Decimal::try_from(&fraction).unwrap(), decimal);
        prop_assert_eq!(Exact::new(fraction, 0).to_string(), decimal.to_string());
    }

    #[test]
    fn rounding_moves_a_number_by_at_most_half_a_step_and_keeps_order(
        a in -100_000_i64..100_000, b in -100_000_i64..100_000, denom in 1_i64..5_000,
        places in 0_u32..4,
    ) {
        let (a, b) = (ratio(a.min(b), denom), ratio(a.max(b), denom));
        let (low, high) = (round_half_up(&a, places), round_half_up(&b, places));
        prop_assert!(low <= high);
        let step = ratio(1, 10_i64.pow(places));
        prop_assert!((&low / &step).is_integer());
        let (moved, half) = (low - a, step / ratio(2, 1));
        prop_assert!(-&half < moved && moved <= half);
    }
}
