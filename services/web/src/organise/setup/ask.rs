//! What entrants are asked.

use maud::{Markup, html};

use super::plan::{Plan, QuestionPlan};
use super::reader::Reader;
use super::view::{Filling, View};
use crate::components::{Checkboxes, Choice, Select};
use crate::fields::Fields;

pub fn fields(plan: &Plan) -> Fields {
    let mut filling = Filling::default();
    for (at, question) in plan.form.iter().enumerate() {
        let row = format!("form.{}", at + 1);
        filling.put(format!("{row}.says"), &question.says);
        filling.put(format!("{row}.explained"), &question.explained);
        filling.put(format!("{row}.most_characters"), question.most_characters);
        filling.tick(format!("{row}.required"), question.required);
    }
    filling.put("most_attachments", plan.most_attachments);
    filling.done()
}

pub fn read(reader: &mut Reader, plan: &mut Plan) {
    let rows = reader.rows("form");
    plan.form = rows
        .into_iter()
        .map(|row| QuestionPlan {
            says: reader.text(&format!("form.{row}.says"), 300, "Write the question"),
            explained: reader.optional(&format!("form.{row}.explained"), 2_000),
            most_characters: reader.number(&format!("form.{row}.most_characters"), 1..=20_000),
            required: reader.fields.has(&format!("form.{row}.required")),
        })
        .collect();
    plan.most_attachments = reader.number("most_attachments", 0..=5);
}

pub fn form(view: &View) -> Markup {
    let files = [
        ("0", "None"),
        ("1", "1 file"),
        ("2", "2 files"),
        ("3", "3 files"),
        ("4", "4 files"),
        ("5", "5 files"),
    ];
    html! {
        p.govuk-body { "Every pitch has a title and a team’s name. Beyond that, ask as little as you can: each question costs every entrant an hour." }
        (view.rows("form", "question", |row| {
            let required = format!("{row}.required");
            html! {
                (view.input(&format!("{row}.says"), "Question"))
                (view.area(&format!("{row}.explained"), "Advice on how to answer (optional)").rows(2))
                (limit(view, &format!("{row}.most_characters")))
                (Checkboxes::bare(required.as_str()).small()
                    .item(Choice::new("yes", "It must be answered").checked(view.fields.has(&required))))
            }
        }))
        (Select::new("most_attachments", "How many files may come with a pitch?", files)
            .hint("PDF, pictures, plain text and office documents, up to 20 MB each")
            .value(view.fields.raw("most_attachments")).errors(view.errors))
    }
}

/// A question that has just been added begins with a usual limit.
fn limit(view: &View, name: &str) -> Markup {
    let typed = view.fields.raw(name);
    let input =
        view.input(name, "Most characters").hint("2,000 is about 330 words").inputmode("numeric").width(5);
    html! { (if typed.is_empty() && view.errors.get(name).is_none() { input.value("1000") } else { input }) }
}
