//! Who may enter, and by when.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::plan::{GatePlan, Plan};
use super::reader::Reader;
use super::view::{Filling, View};
use crate::components::{Choice, Radios};
use crate::fields::Fields;

pub fn fields(plan: &Plan) -> Fields {
    let mut filling = Filling::default();
    filling.put("call", if plan.invited { "invited" } else { "open" });
    filling.moment("deadline", "deadline_time", plan.deadline);
    filling.put("time_zone", &plan.time_zone);
    filling.put("grace_seconds", plan.grace_seconds);
    for (at, gate) in plan.gate.iter().enumerate() {
        filling.put(format!("gate.{}.says", at + 1), &gate.says);
        filling.put(format!("gate.{}.explained", at + 1), &gate.explained);
    }
    filling.done()
}

pub fn read(reader: &mut Reader, plan: &mut Plan, now: Timestamp) {
    match reader.fields.text("call") {
        "invited" => plan.invited = true,
        "open" => plan.invited = false,
        _ => reader.wrong("call", "Choose who may enter"),
    }
    let zone = reader.text("time_zone", 60, "Name a time zone, such as Europe/London");
    if !zone.is_empty() && TimeZone::get(&zone).is_err() {
        reader.wrong("time_zone", "Name a time zone that there is, such as Europe/London");
    }
    plan.time_zone = zone;
    if let Some(deadline) = reader.moment("deadline", "deadline_time") {
        plan.deadline = deadline;
        if plan.instant(deadline).is_some_and(|deadline| deadline <= now) {
            reader.wrong("deadline", "The deadline must lie ahead");
        }
    }
    plan.grace_seconds = reader.number("grace_seconds", 0..=3_600);
    let rows = reader.rows("gate");
    plan.gate = rows
        .into_iter()
        .map(|row| GatePlan {
            says: reader.text(&format!("gate.{row}.says"), 300, "Write the question"),
            explained: reader.optional(&format!("gate.{row}.explained"), 2_000),
        })
        .collect();
}

pub fn form(view: &View) -> Markup {
    let call = Radios::new("call", "Who may enter?")
        .item(
            Choice::new("invited", "Only those whom we ask")
                .hint("You name the finalists. The call may close early once everybody has answered."),
        )
        .item(Choice::new("open", "Anybody").hint("Anybody who can answer yes to your questions below."))
        .value(view.fields.raw("call"))
        .errors(view.errors);
    html! {
        (call)
        (view.moment("deadline", "Until which day can people hand in?", "deadline_time", "It can later be moved, for causes outside your control, but never back."))
        (view.input("time_zone", "Time zone").hint("For example, Europe/London or America/New_York").width(20).spellcheck(false))
        (view.input("grace_seconds", "Seconds of grace").inputmode("numeric").width(4)
            .hint("What arrives so soon after the deadline still counts: for slow lines and slow clocks. 60 is usual."))
        h2.govuk-heading-m { "Questions that decide who may enter" }
        p.govuk-body { "An entrant must answer yes to each. You need none: leave this empty to let everybody in." }
        (view.rows("gate", "question", |row| html! {
            (view.input(&format!("{row}.says"), "Question").hint("For example, Is it owned by its members?"))
            (view.area(&format!("{row}.explained"), "What it means (optional)").rows(2))
        }))
    }
}
