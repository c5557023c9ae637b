//! The fields of each part of a draft, and of the form that replaces a pitch.

use maud::{Markup, html};

use super::draft::{Content, Desk};
use super::part::Part;
use crate::api::Question;
use crate::components::{Checkboxes, Choice, Errors, Input, Radios, Size, Textarea};
use crate::words::{Wording, count, instant, prose};

/// What the page of a part is called.
pub fn title(desk: &Desk, part: &Part) -> String {
    match part {
        Part::Names => "Your team and your title".to_owned(),
        Part::Gate => "Who may enter".to_owned(),
        Part::Question(id) => desk.wording.says(id),
        Part::Rules => "The rules".to_owned(),
    }
}

/// The heading and the fields of a part.
pub fn fields(desk: &Desk, part: &Part, content: &Content, errors: &Errors) -> Markup {
    match part {
        Part::Question(id) => match desk.questions().iter().find(|question| question.id == *id) {
            Some(question) => alone(&desk.wording, question, content, errors),
            None => html! {},
        },
        part => html! {
            h1.govuk-heading-l { (title(desk, part)) }
            @match part {
                Part::Names => { (names(content, errors)) }
                Part::Gate => { (gate(desk, content, errors)) }
                _ => { (rules(desk, content, errors)) }
            }
        },
    }
}

/// The team's name and the title.
pub fn names(content: &Content, errors: &Errors) -> Markup {
    html! {
        (Input::new("title", "What is your pitch called?")
            .hint("Judges, and later the public, know it by this. Up to 200 characters.")
            .value(&content.title).errors(errors))
        (Input::new("team_name", "What is your team called?")
            .hint("Your own name, if you enter alone. Up to 200 characters.")
            .value(&content.team_name).autocomplete("organization").errors(errors))
    }
}

fn gate(desk: &Desk, content: &Content, errors: &Errors) -> Markup {
    let gate = desk.programme.rulebook.as_ref().map_or(&[][..], |rulebook| &rulebook.gate);
    html! {
        p.govuk-body { "Only those who can say yes to all of these may enter." }
        @for question in gate {
            (yes_or_no(&desk.wording, &question.id, content.gate.get(&question.id).copied(), errors))
        }
    }
}

/// A question that is answered with yes or no.
pub fn yes_or_no(wording: &Wording, id: &str, answer: Option<bool>, errors: &Errors) -> Markup {
    let radios = Radios::new(format!("gate.{id}"), wording.says(id))
        .hint(wording.explained(id))
        .legend_size(Size::S)
        .inline();
    let radios = radios.item(Choice::new("yes", "Yes")).item(Choice::new("no", "No"));
    let radios = match answer {
        Some(answer) => radios.value(if answer { "yes" } else { "no" }),
        None => radios,
    };
    html! { (radios.errors(errors)) }
}

/// A question on a page of its own: it is the heading.
fn alone(wording: &Wording, question: &Question, content: &Content, errors: &Errors) -> Markup {
    let explained = wording.explained(&question.id);
    let hint = html! { @if !explained.is_empty() { (prose(explained)) } };
    html! { (area(wording, question, content).heading().hint(hint).rows(14).errors(errors)) }
}

/// A question among others.
pub fn among(wording: &Wording, question: &Question, content: &Content, errors: &Errors) -> Markup {
    let area = area(wording, question, content).label_size(Size::M).rows(10);
    html! { (area.hint(wording.explained(&question.id)).errors(errors)) }
}

fn area(wording: &Wording, question: &Question, content: &Content) -> Textarea {
    let optional = if question.required { "" } else { " (optional)" };
    let label = format!("{}{optional}", wording.says(&question.id));
    let text = content.answers.get(&question.id).map_or("", String::as_str);
    Textarea::new(format!("answers.{}", question.id), label)
        .value(text)
        .spellcheck(true)
        .most_characters(question.most_characters)
}

fn rules(desk: &Desk, content: &Content, errors: &Errors) -> Markup {
    html! {
        p.govuk-body {
            "They say who may enter, how pitches are judged and what the winner gets. "
            a.govuk-link href={ "/programmes/" (desk.programme.id) "/rules" } target="_blank" rel="noopener" {
                "Read the rules (opens in a new tab)"
            }
        }
        (accepts(content, errors))
        @if let Some(deadline) = desk.programme.deadline {
            (Radios::new("enter_at_deadline", "If you have not submitted it by the deadline")
                .legend_size(Size::S)
                .hint(html! { "The deadline is " (instant(deadline, desk.zone())) "." })
                .value(if content.enter_at_deadline { "yes" } else { "no" })
                .item(Choice::new("yes", "Let it enter by itself, if it is complete")
                    .hint("So that a closed laptop or a late train costs you nothing."))
                .item(Choice::new("no", "Do not enter it: only I submit it"))
                .errors(errors))
        }
    }
}

/// The box that accepts the rules.
pub fn accepts(content: &Content, errors: &Errors) -> Markup {
    let chosen: &[&str] = if content.accept_rules { &["yes"] } else { &[] };
    html! {
        (Checkboxes::new("accept_rules", "Do you accept the rules?")
            .legend_size(Size::S)
            .item(Choice::new("yes", "We accept the rules"))
            .values(chosen.iter().copied())
            .errors(errors))
    }
}

/// What can't enter so, although it is saved.
pub fn faults(desk: &Desk, part: &Part, content: &Content) -> Errors {
    let mut errors = Errors::new();
    match part {
        Part::Question(id) => {
            let question = desk.questions().iter().find(|question| question.id == *id);
            let text = content.answers.get(id).map_or("", String::as_str);
            if let Some(said) = question.and_then(|question| too_long(text, question.most_characters)) {
                errors.push(format!("answers.{id}"), format!("{said} What you wrote is saved."));
            }
        }
        Part::Names => {
            for (field, text) in [("title", &content.title), ("team_name", &content.team_name)] {
                if let Some(said) = too_long(text, 200) {
                    errors.push(field, format!("{said} What you wrote is saved."));
                }
            }
        }
        Part::Gate | Part::Rules => {}
    }
    errors
}

fn too_long(text: &str, most: u32) -> Option<String> {
    let length = text.chars().count();
    let over = length.checked_sub(most as usize).filter(|over| *over > 0)?;
    Some(format!("This is {} too long: the most is {most}.", count(over, "character", "characters")))
}

#[cfg(test)]
mod tests {
    use super::too_long;

    #[test]
    fn length_is_counted_in_letters_and_says_by_how_much() {
        assert_eq!(too_long("ünï", 3), None);
        assert_eq!(too_long("ünïc", 3).as_deref(), Some("This is 1 character too long: the most is 3."));
    }
}
