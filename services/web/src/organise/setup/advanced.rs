//! What most prizes never change: each with a sentence and a worked example.

use maud::{Markup, html};

use super::reader::numbers;
use super::view::View;
use crate::components::{Checkboxes, Choice, Details, Radios, Select};

/// How many tie-breaks can follow one another.
pub const MOST_TIES: usize = 4;

const DETAILS: [&str; 10] = [
    "aggregation",
    "trim",
    "round_criterion",
    "round_weighted",
    "round_total",
    "tie_1",
    "tie_2",
    "tie_3",
    "anonymous",
    "least_marks",
];

pub fn form(view: &View) -> Markup {
    let body = html! {
        (one_number(view))
        (roundings(view))
        (ties(view))
        (Checkboxes::new("anonymous", "May judges know whose a pitch is?")
            .hint("Only where judges read at their desks. They then see “Pitch 12” instead of a team’s name.")
            .item(Choice::new("yes", "No, the names are hidden").checked(view.fields.has("anonymous")))
            .errors(view.errors))
        (view.input("least_marks", "Fewest score sheets that a pitch needs to be ranked").inputmode("numeric").width(3)
            .hint("With 2, a pitch that only one judge marked, because the others stood aside, is listed without a rank."))
    };
    let wrong = DETAILS.iter().any(|name| view.errors.get(name).is_some());
    let details = Details::new("Advanced: rounding, ties and other details", body);
    html! { (if wrong { details.open() } else { details }) }
}

fn one_number(view: &View) -> Markup {
    let trim =
        view.input("trim", "If extremes are left out, how many at each end?").inputmode("numeric").width(2);
    html! {
        (Radios::new("aggregation", "How do several judges’ marks become one number?")
            .item(Choice::new("mean", "The average").hint("4, 7 and 10 make 7."))
            .item(Choice::new("median", "The middle mark").hint("4, 7 and 10 make 7; so do 0, 7 and 8. One extreme judge changes little."))
            .item(Choice::new("trimmed_mean", "The average without the extremes")
                .hint("Leaving out one at each end, 2, 7, 8 and 10 make 7.5."))
            .value(view.fields.raw("aggregation")).errors(view.errors))
        (trim)
    }
}

fn roundings(view: &View) -> Markup {
    let places = [
        ("", "Not at all: exact"),
        ("0", "To whole numbers"),
        ("1", "1 decimal"),
        ("2", "2 decimals"),
        ("3", "3 decimals"),
        ("4", "4 decimals"),
    ];
    let select = |name: &str, label: &str, hint: &str| {
        Select::new(name, label, places).hint(hint).value(view.fields.raw(name)).errors(view.errors)
    };
    html! {
        (select("round_criterion", "Round each criterion’s number", "7, 7 and 6 average 6.666…; to 2 decimals that is 6.67."))
        (select("round_weighted", "Round it again after the weight", "6.67 with weight 2.5 is 16.675; to 2 decimals that is 16.68."))
        (select("round_total", "Round the total", "The total of 16.68 and 20.03 is 36.71; to whole numbers that is 37, and more pitches tie."))
    }
}

fn ties(view: &View) -> Markup {
    let mut choices = vec![
        (String::new(), "No more: they share the rank".to_owned()),
        ("first_places".to_owned(), "More judges put it first".to_owned()),
        ("median".to_owned(), "The higher middle total".to_owned()),
    ];
    for row in numbers(view.fields, "criteria") {
        let name = view.fields.text(&format!("criteria.{row}.name"));
        if !name.is_empty() {
            choices.push((format!("criterion.{row}"), format!("Higher for: {name}")));
        }
    }
    html! {
        p.govuk-body { "If two pitches have the same total, tie-breaks are tried in this order. For example, two pitches have 36.7 points: the one that two judges put first comes before the one that one judge put first. Who is still equal shares the rank, and the prizes are split." }
        @for number in 1..=MOST_TIES {
            @let name = format!("tie_{number}");
            @let items: Vec<(&str, &str)> = choices.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
            (Select::new(name.as_str(), format!("Tie-break {number}"), items).value(view.fields.raw(&name)).errors(view.errors))
        }
    }
}
