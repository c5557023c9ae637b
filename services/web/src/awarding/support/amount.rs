//! How much, in quarters of an hour, a day or a thing.

use maud::{Markup, html};

use crate::components::Choice;
use crate::components::{Errors, Input, Radios};
use crate::fields::Fields;

/// `3`, `2.5` or `0.25` as quarters.
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

/// “3 days”, “half an hour” as “0.5 hours”.
pub fn amount(quarters: u32, unit: &str) -> String {
    let part = ["", ".25", ".5", ".75"][(quarters % 4) as usize];
    let plural = if quarters == 4 { "" } else { "s" };
    let unit = match unit {
        "hour" => "hour",
        "day" => "day",
        _ => "item",
    };
    format!("{}{part} {unit}{plural}", quarters / 4)
}

/// The fields for how much.
pub fn fields(typed: &Fields, errors: &Errors) -> Markup {
    let unit = if typed.has("unit") { typed.text("unit") } else { "hour" };
    html! {
        (Input::new("amount", "How much").hint("For example, 3 or 0.5").width(5).value(typed.text("amount")).inputmode("decimal").errors(errors))
        (Radios::new("unit", "Of what")
            .items([Choice::new("hour", "Hours"), Choice::new("day", "Days"), Choice::new("item", "Things, such as a desk or an introduction")])
            .value(unit).errors(errors))
    }
}

/// What is wrong with how much, if anything is.
pub fn read(typed: &Fields, errors: &mut Errors) -> u32 {
    quarters(typed.text("amount")).unwrap_or_else(|| {
        errors.push("amount", "Enter how much in whole numbers or quarters, such as 3 or 0.5");
        0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_go_to_quarters_and_back() {
        for (text, number, said) in [
            ("3", 12, "3 hours"),
            ("1", 4, "1 hour"),
            ("2.5", 10, "2.5 hours"),
            ("2,50", 10, "2.5 hours"),
            ("0.25", 1, "0.25 hours"),
            (".75", 3, "0.75 hours"),
        ] {
            assert_eq!(quarters(text), Some(number), "{text}");
            assert_eq!(amount(number, "hour"), said);
        }
        for text in ["", "0", "three", "1.3", "-1", "1.2.5", "99999999999"] {
            assert_eq!(quarters(text), None, "{text}");
        }
    }
}
