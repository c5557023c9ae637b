//! Rules that decide the rest.

use maud::{Markup, html};

use super::plan::Plan;
use super::reader::Reader;
use super::view::{Filling, View};
use crate::components::{Checkboxes, Choice, Radios};
use crate::fields::Fields;

pub fn fields(plan: &Plan) -> Fields {
    let mut filling = Filling::default();
    filling.put("marks", if plan.marks_public { "public" } else { "own_entrant" });
    filling.put("days_to_accept", plan.days_to_accept);
    filling.tick("may_give_no_award", plan.may_give_no_award);
    filling.put("days_kept", plan.days_kept);
    filling.tick("embargoed", plan.embargo.is_some());
    if let Some(embargo) = plan.embargo {
        filling.moment("embargo", "embargo_time", embargo);
    }
    filling.done()
}

pub fn read(reader: &mut Reader, plan: &mut Plan) {
    match reader.fields.text("marks") {
        "public" => plan.marks_public = true,
        "own_entrant" => plan.marks_public = false,
        _ => reader.wrong("marks", "Choose who sees the marks"),
    }
    plan.days_to_accept = reader.number("days_to_accept", 1..=365);
    plan.may_give_no_award = reader.fields.has("may_give_no_award");
    plan.days_kept = reader.number("days_kept", 1..=3_650);
    plan.embargo = None;
    if reader.fields.has("embargoed") {
        plan.embargo = reader.moment("embargo", "embargo_time");
        if plan.embargo.is_some_and(|embargo| embargo <= plan.deadline) {
            reader.wrong("embargo", "This must come after the deadline for pitches");
        }
    }
}

pub fn form(view: &View) -> Markup {
    let marks = Radios::new("marks", "Who sees the marks once the winners are announced?")
        .item(Choice::new("public", "Everybody").hint("Each judge’s marks, without their names."))
        .item(
            Choice::new("own_entrant", "Each entrant their own, and auditors all")
                .hint("The public sees the ranking and can still prove that nothing was changed."),
        )
        .value(view.fields.raw("marks"))
        .errors(view.errors);
    let embargo = view.moment("embargo", "The earliest day", "embargo_time", "In the prize’s own time zone");
    html! {
        (marks)
        (view.input("days_to_accept", "How many days does a winner have to accept?").inputmode("numeric").width(3)
            .hint("After that the prize goes to the next in rank."))
        (Checkboxes::new("may_give_no_award", "May the panel give no award?")
            .item(Choice::new("yes", "Yes, if no pitch is good enough").checked(view.fields.has("may_give_no_award"))))
        (view.input("days_kept", "For how many days is what is private kept?").inputmode("numeric").width(4)
            .hint("Counted from the end of the programme. Then unsuccessful pitches, conflicts and comments are deleted by themselves."))
        (Checkboxes::new("embargoed", "Must winners stay secret until a certain moment?")
            .item(Choice::new("yes", "Yes").checked(view.fields.has("embargoed")).reveals(embargo)))
    }
}
