//! Reading a step's form: every field that is wrong gets a sentence that says
//! what to do, and lists come as numbered rows.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime, Time};

use crate::components::Errors;
use crate::fields::Fields;

/// The most rows that a list may have.
const MOST_ROWS: usize = 100;

/// A form that is being read.
pub struct Reader<'a> {
    pub fields: &'a Fields,
    pub errors: Errors,
}

impl<'a> Reader<'a> {
    pub fn of(fields: &'a Fields) -> Self {
        Self { fields, errors: Errors::new() }
    }

    pub fn wrong(&mut self, name: &str, message: impl Into<String>) {
        self.errors.push(name, message);
    }

    /// Something in at most so many characters; `missing` is said if it is empty.
    pub fn text(&mut self, name: &str, most: usize, missing: &str) -> String {
        let text = self.optional(name, most);
        if text.is_empty() {
            self.wrong(name, missing);
        }
        text
    }

    /// The same, or nothing.
    pub fn optional(&mut self, name: &str, most: usize) -> String {
        let text = self.fields.text(name);
        if text.chars().count() > most {
            self.wrong(name, format!("Use {most} characters at most"));
        }
        text.to_owned()
    }

    /// A whole number in a range.
    pub fn number(&mut self, name: &str, range: RangeInclusive<u32>) -> u32 {
        match self.fields.text(name).parse() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                self.wrong(name, between(&range));
                *range.start()
            }
        }
    }

    /// A whole number in a range, or nothing.
    pub fn maybe_number(&mut self, name: &str, range: RangeInclusive<u32>) -> Option<u32> {
        if self.fields.text(name).is_empty() { None } else { Some(self.number(name, range)) }
    }

    /// A decimal such as 0.5, as it was written.
    pub fn decimal(&mut self, name: &str) -> String {
        let text = self.fields.text(name).replace(',', ".");
        if !is_decimal(&text) {
            self.wrong(name, "Write a number such as 2 or 0.5");
        }
        text
    }

    /// Money in minor units, of a currency with two decimals; or nothing.
    pub fn money(&mut self, name: &str) -> Option<i64> {
        let text = self.fields.text(name).trim_start_matches(['£', '€', '$']).replace([',', ' '], "");
        if text.is_empty() {
            return None;
        }
        let (whole, pence) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = digits(whole) && digits(pence) && (1..=12).contains(&whole.len()) && pence.len() <= 2;
        let minor = fits.then(|| format!("{whole}{pence:0<2}").parse().ok()).flatten();
        if minor.is_none() {
            self.wrong(name, "Write an amount such as 2000 or 12.50");
        }
        minor
    }

    /// A day and a time of day; `None` says what is wrong.
    pub fn moment(&mut self, name: &str, time: &str) -> Option<DateTime> {
        let part = |part: &str| self.fields.text(&format!("{name}.{part}")).parse::<i16>().ok();
        let small = |number: Option<i16>| number.and_then(|number| i8::try_from(number).ok());
        let (day, month, year) = (small(part("day")), small(part("month")), part("year"));
        let date = day.zip(month).zip(year).and_then(|((day, month), year)| Date::new(year, month, day).ok());
        if date.is_none() {
            self.wrong(name, "Write a day that there is, such as 27 3 2027");
        }
        let at = time_of_day(self.fields.text(time));
        if at.is_none() {
            self.wrong(time, "Write a time such as 17:30 or 5:30pm");
        }
        Some(date?.to_datetime(at?))
    }

    /// The numbers of a list's rows that have something in them, in order.
    pub fn rows(&mut self, list: &str) -> Vec<usize> {
        let filled = |row: &usize| {
            let prefix = format!("{list}.{row}.");
            let mut texts = self.fields.under(&prefix).filter(|(part, _)| !is_choice(part));
            texts.any(|(_, value)| !value.trim().is_empty())
        };
        let rows: Vec<usize> = numbers(self.fields, list).into_iter().filter(filled).collect();
        if rows.len() > MOST_ROWS {
            self.wrong(&format!("{list}.1.name"), format!("{MOST_ROWS} is the most"));
        }
        rows
    }
}

/// What a row has without anybody typing anything.
fn is_choice(part: &str) -> bool {
    matches!(part, "required" | "rank" | "most_characters")
}

/// The numbers of a list's rows, filled or not.
pub fn numbers(fields: &Fields, list: &str) -> BTreeSet<usize> {
    let prefix = format!("{list}.");
    let rows = fields.under(&prefix).filter_map(|(rest, _)| rest.split_once('.')?.0.parse().ok());
    rows.filter(|row| (1..=MOST_ROWS + 1).contains(row)).collect()
}

/// The form with one more empty row, or without one, if a button asked for it.
pub fn reshaped(fields: &Fields) -> Option<Fields> {
    let mut reshaped = fields.clone();
    if fields.has("_more") {
        let list = fields.text("_more");
        let next = numbers(fields, list).last().map_or(1, |last| last + 1);
        reshaped.0.push((format!("{list}.{next}.new"), String::new()));
    } else if fields.has("_less") {
        let gone = format!("{}.", fields.text("_less"));
        reshaped.0.retain(|(name, _)| !name.starts_with(&gone));
    } else {
        return None;
    }
    Some(reshaped)
}

fn is_decimal(text: &str) -> bool {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(rest)
}

/// “17:30”, “5.30pm”, “noon”.
fn time_of_day(text: &str) -> Option<Time> {
    let text = text.to_lowercase().replace(' ', "").replace('.', ":");
    match text.as_str() {
        "noon" | "midday" => return Time::new(12, 0, 0, 0).ok(),
        "midnight" => return Time::new(0, 0, 0, 0).ok(),
        _ => {}
    }
    let half = ["am", "pm"].into_iter().find(|half| text.ends_with(half));
    let clock = half.map_or(text.as_str(), |_| &text[..text.len() - 2]);
    let (hour, minute) = clock.split_once(':').unwrap_or((clock, if half.is_some() { "0" } else { "" }));
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("am") => hour % 12,
        Some(_) => hour % 12 + 12,
    };
    Time::new(hour, minute, 0, 0).ok()
}

fn between<T: Display>(range: &RangeInclusive<T>) -> String {
    format!("Write a whole number from {} to {}", range.start(), range.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_as_people_write_them() {
        for (text, hour, minute) in [
            ("17:30", 17, 30),
            ("5.30pm", 17, 30),
            ("12am", 0, 0),
            ("12 PM", 12, 0),
            ("noon", 12, 0),
            ("09:05", 9, 5),
        ] {
            assert_eq!(time_of_day(text), Time::new(hour, minute, 0, 0).ok(), "{text}");
        }
        for text in ["", "17", "25:00", "13pm", "half past", "1:2:3", "ün"] {
            assert_eq!(time_of_day(text), None, "{text}");
        }
    }

    #[test]
    fn money_as_people_write_it() {
        for (text, minor) in
            [("2000", Some(200_000)), ("£2,000.50", Some(200_050)), ("0.5", Some(50)), ("", None)]
        {
            let fields = Fields(vec![("amount".to_owned(), text.to_owned())]);
            let mut reader = Reader::of(&fields);
            assert_eq!(reader.money("amount"), minor, "{text}");
            assert!(reader.errors.is_empty());
        }
        for text in ["two", "-5", "1.234", ".5", "9999999999999"] {
            let fields = Fields(vec![("amount".to_owned(), text.to_owned())]);
            let mut reader = Reader::of(&fields);
            assert_eq!(reader.money("amount"), None);
            assert!(reader.errors.get("amount").is_some(), "{text}");
        }
    }

    #[test]
    fn rows_are_added_removed_and_left_out_when_empty() {
        let fields = Fields::parse(b"q.1.says=One&q.1.required=1&q.3.says=&q.3.required=1&_more=q");
        assert_eq!(Reader::of(&fields).rows("q"), [1]);
        let more = reshaped(&fields).unwrap_or_default();
        assert_eq!(numbers(&more, "q").into_iter().collect::<Vec<_>>(), [1, 3, 4]);
        let less = reshaped(&Fields::parse(b"q.1.says=One&q.11.says=Eleven&_less=q.1")).unwrap_or_default();
        assert_eq!(numbers(&less, "q").into_iter().collect::<Vec<_>>(), [11]);
    }
}
