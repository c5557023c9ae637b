//! An error summary's links must reach something that can take the focus, or people who don't see the page
//! never find the field that was wrong.

use maud::{Markup, Render, html};
use plaudit_web::components::{
    Checkboxes, Choice, DateInput, ErrorSummary, Errors, FileUpload, Input, Radios, Select, Textarea,
};

fn form(errors: &Errors) -> Markup {
    html! {
        (Input::new("person.name", "Name").errors(errors))
        (Textarea::new("answers.what", "What").most_characters(200).errors(errors))
        (Select::new("language", "Language", [("en", "English")]).errors(errors))
        (FileUpload::new("scan", "Scan").errors(errors))
        (Radios::new("gate", "Gate").items(["yes", "no"].map(|one| Choice::new(one, one))).errors(errors))
        (Checkboxes::new("rules", "Rules").item(Choice::new("read", "Read")).errors(errors))
        (DateInput::new("deadline", "Deadline").errors(errors))
    }
}

/// The opening tag that carries this id.
fn tag_with_id<'a>(page: &'a str, id: &str) -> Option<&'a str> {
    let at = page.find(&format!(" id=\"{id}\""))?;
    let start = page[..at].rfind('<')?;
    page[start..].split('>').next()
}

#[test]
fn every_link_reaches_an_input_that_says_what_is_wrong() {
    let fields = [
        "person.name",
        "answers.what",
        "language",
        "scan",
        "gate",
        "rules",
        "deadline",
        "deadline.day",
        "deadline.year",
    ];
    for field in fields {
        let mut errors = Errors::new();
        errors.push(field, "Say something here");
        let summary = ErrorSummary::of(&errors).render().0;
        let href = summary.split("href=\"#").nth(1).and_then(|rest| rest.split('"').next());
        let id = href.unwrap_or_else(|| panic!("no link for {field}: {summary}"));
        let page = form(&errors).0;
        let tag = tag_with_id(&page, id).unwrap_or_else(|| panic!("nothing on the page has the id {id}"));
        let takes_focus = ["<input", "<textarea", "<select"].iter().any(|name| tag.starts_with(name));
        assert!(takes_focus, "{field} links to {tag}");
        assert_eq!(page.matches("Say something here").count(), 1, "{field} shows its message once");
    }
}

#[test]
fn a_date_marks_only_the_fields_that_are_wrong() {
    let mut errors = Errors::new();
    errors.push("deadline.year", "The year must have four digits");
    let page = DateInput::new("deadline", "Deadline").errors(&errors).render().0;
    assert_eq!(page.matches("govuk-input--error").count(), 1);
    assert!(tag_with_id(&page, "deadline.year").is_some_and(|tag| tag.contains("govuk-input--error")));

    let mut errors = Errors::new();
    errors.push("deadline", "Enter a date");
    let page = DateInput::new("deadline", "Deadline").errors(&errors).render().0;
    assert_eq!(page.matches("govuk-input--error").count(), 3);
}

#[test]
fn a_form_without_errors_has_no_summary() {
    assert_eq!(ErrorSummary::of(&Errors::new()).render().0, "");
}

#[test]
fn what_people_typed_cannot_become_markup() {
    let hostile = "\"><script>alert(1)</script>";
    let mut errors = Errors::new();
    errors.push("title", hostile);
    let page = html! {
        (ErrorSummary::of(&errors))
        (Input::new("title", hostile).hint(hostile).value(hostile).errors(&errors))
        (Textarea::new("what", hostile).value(hostile))
        (Select::new("language", hostile, [(hostile, hostile)]))
        (Radios::new("gate", hostile).item(Choice::new(hostile, hostile).hint(hostile)))
    };
    assert!(!page.0.contains("<script") && !page.0.contains("\"\">"), "{}", page.0);
}
