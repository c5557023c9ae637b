//! The fields for how much support.

use maud::{Markup, html};

use crate::components::Choice;
use crate::components::{Errors, Input, Radios};
use crate::fields::Fields;
use crate::words::quarters;

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
