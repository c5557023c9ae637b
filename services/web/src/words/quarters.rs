//! Support is counted in quarters of an hour, a day or a thing.

/// `3`, `2.5`, `2,50` or `.75` as quarters; nothing else is a number of them.
pub fn quarters(text: &str) -> Option<u32> {
    let text = text.trim().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let part = match part.trim_end_matches('0') {
        "" => 0,
        "25" => 1,
        "5" => 2,
        "75" => 3,
        _ => return None,
    };
    let whole: u32 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    whole.checked_mul(4)?.checked_add(part).filter(|quarters| *quarters > 0)
}

/// Quarters as a decimal, for programs and lists: `2.25`.
pub fn in_wholes(quarters: u64) -> String {
    let part = ["", ".25", ".5", ".75"][(quarters % 4) as usize];
    format!("{}{part}", quarters / 4)
}

/// Quarters of a unit, for people: “3 hours”, “half a day”, “1¼ days”.
pub fn amount(quarters: u32, unit: &str) -> String {
    let unit = if unit == "item" { "thing" } else { unit };
    let fraction = ["", "¼", "½", "¾"][(quarters % 4) as usize];
    match (quarters / 4, fraction) {
        (0, "½") => format!("half {} {unit}", if unit == "hour" { "an" } else { "a" }),
        (0, "¼") => format!("a quarter of {} {unit}", if unit == "hour" { "an" } else { "a" }),
        (0, "¾") => format!("three quarters of {} {unit}", if unit == "hour" { "an" } else { "a" }),
        (1, "") => format!("1 {unit}"),
        (whole, fraction) => format!("{whole}{fraction} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_quarters() {
        for (text, is) in [
            ("1.5", Some(6)),
            ("3", Some(12)),
            (" 0.25 ", Some(1)),
            (".75", Some(3)),
            ("2,50", Some(10)),
            ("0", None),
            ("", None),
            ("three", None),
            ("1.3", None),
            ("-1", None),
            ("1.2.5", None),
            ("9999999999", None),
        ] {
            assert_eq!(quarters(text), is, "{text}");
        }
    }

    #[test]
    fn quarters_as_programs_and_as_people_say_them() {
        for (number, decimal, unit, said) in [
            (12, "3", "hour", "3 hours"),
            (4, "1", "day", "1 day"),
            (2, "0.5", "day", "half a day"),
            (1, "0.25", "hour", "a quarter of an hour"),
            (3, "0.75", "item", "three quarters of a thing"),
            (5, "1.25", "day", "1¼ days"),
            (0, "0", "hour", "0 hours"),
        ] {
            assert_eq!((in_wholes(number.into()).as_str(), amount(number, unit).as_str()), (decimal, said));
        }
    }
}
