//! Instants as the services write them: RFC 3339 in UTC.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

const NANOS: i128 = 1_000_000_000;

/// An instant, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub i128);

impl Time {
    /// Reads `YYYY-MM-DDThh:mm:ss`, perhaps a point and 1 to 9 digits, and `Z` or `+00:00`; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let local = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
        let (whole, fraction) = match local.split_once('.') {
            Some((whole, fraction)) => (whole, nanos(fraction)?),
            None => (local, 0),
        };
        let at: &[u8; 19] = whole.as_bytes().try_into().ok()?;
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if marks.iter().any(|(place, mark)| at[*place] != *mark) {
            return None;
        }
        let (year, month, day) = (number(&at[..4])?, number(&at[5..7])?, number(&at[8..10])?);
        let (hour, minute, second) = (number(&at[11..13])?, number(&at[14..16])?, number(&at[17..])?);
        let in_range =
            (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
        let days = days(year, month, day);
        // A 31st of June would be the 1st of July.
        if !in_range || civil(days) != (year, month, day) {
            return None;
        }
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
        Some(Self(i128::from(seconds) * NANOS + i128::from(fraction)))
    }

    /// So many seconds later.
    pub fn after(self, seconds: u64) -> Self {
        Self(self.0 + i128::from(seconds) * NANOS)
    }

    /// So many seconds earlier.
    pub fn before(self, seconds: u64) -> Self {
        Self(self.0 - i128::from(seconds) * NANOS)
    }

    /// So many days of 24 hours later.
    pub fn days_after(self, days: u64) -> Self {
        self.after(days * 24 * 60 * 60)
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    digits
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

fn nanos(fraction: &str) -> Option<i64> {
    let given = u32::try_from(fraction.len()).ok().filter(|length| (1..=9).contains(length))?;
    Some(number(fraction.as_bytes())? * 10_i64.pow(9 - given))
}

/// Days since 1970 in the proleptic Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_march = (month + 9) % 12;
    let before_year = 365 * year + year / 4 - year / 100 + year / 400;
    before_year + (153 * of_march + 2) / 5 + day - 1 - 719_468
}

/// Year, month and day; the inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + next, month, day)
}

/// As sentences have it: `2026-11-23 08:03:45.052 UTC`, whole milliseconds where there are any.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = i64::try_from(self.0.div_euclid(NANOS)).unwrap_or(i64::MAX);
        let millis = self.0.rem_euclid(NANOS) / 1_000_000;
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let of_day = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")?;
        if millis > 0 {
            write!(f, ".{millis:03}")?;
        }
        f.write_str(" UTC")
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant in UTC")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
                Time::read(text).ok_or_else(|| E::custom("not an instant in UTC"))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_and_write() {
        let time = Time::read("2026-11-23T08:03:45.052Z").unwrap();
        assert_eq!(time.to_string(), "2026-11-23 08:03:45.052 UTC");
        assert_eq!(Time::read("2026-11-23T08:03:45.052+00:00"), Some(time));
        assert_eq!(Time::read("1970-01-01T00:00:00Z"), Some(Time(0)));
        assert_eq!(Time::read("2024-02-29T23:59:59.5Z").unwrap().to_string(), "2024-02-29 23:59:59.500 UTC");
        for wrong in
            ["2026-06-31T00:00:00Z", "2026-11-23T08:03:45", "2026-11-23T24:00:00Z", "2026-11-23 08:03:45Z"]
        {
            assert_eq!(Time::read(wrong), None, "{wrong}");
        }
    }
}
