//! A moment, as people enter it: a date, a time, and the place whose time it is.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::components::Errors;
use crate::failure::Problem;
use crate::fields::Fields;

/// What a form's `date`, `time` and `zone` say. A time that the clocks skip is
/// taken as they then go on; one that comes twice, as the first.
pub fn read(fields: &Fields) -> Result<Timestamp, Errors> {
    let mut errors = Errors::default();
    let date = date(fields);
    if date.is_none() {
        errors.push("date", "Enter a real date, such as 27 11 2026");
    }
    let time = time(fields.text("time"));
    if time.is_none() {
        errors.push("time", "Enter a time, such as 19:30");
    }
    let zone = TimeZone::get(fields.text("zone")).ok();
    if zone.is_none() {
        errors.push("zone", "Enter a time zone by its name, such as Europe/London");
    }
    let (Some(date), Some(time), Some(zone)) = (date, time, zone) else { return Err(errors) };
    let at = zone.to_timestamp(date.to_datetime(time)).map_err(|_| {
        let mut errors = Errors::default();
        errors.push("date", "Enter a date within the next years");
        errors
    })?;
    Ok(at)
}

fn date(fields: &Fields) -> Option<Date> {
    let part = |name: &str| fields.text(name).parse::<i16>().ok();
    let (day, month) = (part("date.day")?.try_into().ok()?, part("date.month")?.try_into().ok()?);
    Date::new(part("date.year")?, month, day).ok()
}

/// `19:30`, `19.30` or `9:05`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once([':', '.'])?;
    let minute = minute.get(..2).filter(|_| minute.len() == 2 || minute.len() == 5)?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The API's complaints about `at`, at the field where a person meets it.
pub fn renamed(problem: &Problem) -> Errors {
    let mut errors = Errors::default();
    for (field, says) in problem.to_errors().iter() {
        match field {
            Some("at") => errors.push("date", says),
            Some(field) => errors.push(field, says),
            None => errors.push_general(says),
        }
    }
    errors
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn typed(day: &str, month: &str, year: &str, time: &str, zone: &str) -> Fields {
        let fields =
            [("date.day", day), ("date.month", month), ("date.year", year), ("time", time), ("zone", zone)];
        Fields(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }

    #[test]
    fn a_moment_is_read_in_its_own_time_zone() {
        for (day, month, time, zone, at) in [
            ("27", "11", "19:30", "Europe/London", "2026-11-27T19:30:00Z"),
            ("1", "7", "9.05", "Europe/London", "2026-07-01T08:05:00Z"),
            ("1", "7", "09:05:00", "America/New_York", "2026-07-01T13:05:00Z"),
            // Clocks go forward from 1:00 to 2:00, and back from 2:00 to 1:00.
            ("29", "3", "1:30", "Europe/London", "2026-03-29T01:30:00Z"),
            ("25", "10", "1:30", "Europe/London", "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(
                read(&typed(day, month, "2026", time, zone)).unwrap().to_string(),
                at,
                "{time} {zone}"
            );
        }
    }

    #[test]
    fn what_is_no_moment_is_said_field_by_field() {
        let errors = read(&typed("30", "2", "2026", "25:00", "Europe/Nowhere")).unwrap_err();
        assert_eq!(
            errors.iter().map(|(field, _)| field.unwrap_or("")).collect::<Vec<_>>(),
            ["date", "time", "zone"]
        );
        for time in ["", "7", "7:5", "7:555", "-1:00", "12:60", "12:0x"] {
            assert!(read(&typed("1", "1", "2027", time, "UTC")).is_err(), "{time}");
        }
    }
}
