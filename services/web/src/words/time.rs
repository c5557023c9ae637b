use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::count;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// An instant in the programme's time zone, with its name: “Friday 17 February
/// 2017 at 5:30pm (Europe/London)”. A module adds the reader's own time.
pub fn instant(at: Timestamp, time_zone: &str) -> Markup {
    html! { time datetime=(at.to_string()) data-zone=(time_zone) { (when(at, time_zone)) " (" (city(time_zone)) " time)" } }
}

/// “Friday 17 February 2017 at 5:30pm”.
pub fn when(at: Timestamp, time_zone: &str) -> String {
    let there = at.to_zoned(zone(time_zone));
    let minutes = there.strftime("%M").to_string();
    let minutes = if minutes == "00" { String::new() } else { format!(":{minutes}") };
    let (hour, half) = match there.hour() {
        0 => (12, "am"),
        hour @ 1..=11 => (hour, "am"),
        12 => (12, "pm"),
        hour => (hour - 12, "pm"),
    };
    format!("{} at {hour}{minutes}{half}", there.strftime("%A %-d %B %Y"))
}

/// “17 February 2017”.
pub fn day(at: Timestamp, time_zone: &str) -> String {
    at.to_zoned(zone(time_zone)).strftime("%-d %B %Y").to_string()
}

fn city(time_zone: &str) -> String {
    time_zone.rsplit('/').next().unwrap_or(time_zone).replace('_', " ")
}

/// “3 days”, “5 hours”, “12 minutes”: the largest unit, rounded down.
pub fn duration(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    let (number, unit) = match seconds {
        172_800.. => (seconds / 86_400, "day"),
        7_200.. => (seconds / 3_600, "hour"),
        120.. => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

/// How late something came: “3 minutes”; under two seconds to the millisecond.
pub fn lateness(late: SignedDuration) -> String {
    if late < SignedDuration::from_secs(2) {
        let milliseconds = usize::try_from(late.as_millis()).unwrap_or_default();
        return count(milliseconds.max(1), "millisecond", "milliseconds");
    }
    duration(late)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_say_them() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(when(at("2017-02-17T17:30:00Z"), "Europe/London"), "Friday 17 February 2017 at 5:30pm");
        assert_eq!(when(at("2026-07-01T23:00:00Z"), "Europe/London"), "Thursday 2 July 2026 at 12am");
        assert_eq!(when(at("2026-07-01T11:59:00Z"), "America/New_York"), "Wednesday 1 July 2026 at 7:59am");
        assert_eq!(day(at("2017-02-17T17:30:00Z"), "Europe/London"), "17 February 2017");
        assert_eq!(
            instant(at("2017-02-17T12:00:00Z"), "America/New_York").0.matches("New York time").count(),
            1
        );
    }

    #[test]
    fn lateness_is_said_to_the_point() {
        for (milliseconds, said) in
            [(1, "1 millisecond"), (1_999, "1999 milliseconds"), (2_000, "2 seconds"), (240_000, "4 minutes")]
        {
            assert_eq!(lateness(SignedDuration::from_millis(milliseconds)), said);
        }
    }

    #[test]
    fn lengths_by_their_largest_unit() {
        for (seconds, said) in
            [(259_200, "3 days"), (7_200, "2 hours"), (150, "2 minutes"), (1, "1 second"), (-5, "0 seconds")]
        {
            assert_eq!(duration(SignedDuration::from_secs(seconds)), said);
        }
    }
}
