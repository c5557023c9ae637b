//! Fixtures' options as our groups of inputs.

use maud::{Markup, PreEscaped, Render};
use plaudit_web::components::{Checkboxes, Choice, DateInput, Fieldset, Radios};
use serde_json::Value;

use crate::options::{constant, content, extras, flag, items, print, set, size, string, truthy};

macro_rules! question {
    ($group:ident, $options:expr) => {
        let fieldset = &$options["fieldset"];
        let described_by = string($options, "describedBy").or(string(fieldset, "describedBy"));
        set!($group.described_by, described_by);
        flag!($group.heading, fieldset["legend"], "isPageHeading");
        set!($group.legend_size, size(&fieldset["legend"]["classes"], "govuk-fieldset__legend"));
        $group = $group.hint(content(&$options["hint"])).error(string(&$options["errorMessage"], "text"));
        set!($group.group_class, $options["formGroup"]["classes"].as_str());
        extras!($group, $options);
    };
}

macro_rules! choices {
    ($group:ident, $options:expr) => {
        set!($group.id, string($options, "idPrefix"));
        for item in items($options, "items") {
            $group = match string(item, "divider") {
                Some(text) => $group.divider(text),
                None => $group.item(choice(item)),
            };
        }
    };
}

fn choice(options: &Value) -> Choice {
    let mut choice = Choice::new(print(&options["value"]), content(options)).hint(content(&options["hint"]));
    set!(choice.checked, options["checked"].as_bool());
    flag!(choice.disabled, options, "disabled");
    set!(choice.id, string(options, "id"));
    set!(choice.name, string(options, "name"));
    flag!(choice.exclusive, options, "behaviour");
    set!(
        choice.reveals,
        string(&options["conditional"], "html").map(|html| PreEscaped(html.trim().to_owned()))
    );
    extras!(choice, options);
    choice
}

pub fn radios(options: &Value) -> Markup {
    let name = print(&options["name"]);
    let mut radios = match options.get("fieldset") {
        Some(fieldset) => Radios::new(name, content(&fieldset["legend"])),
        None => Radios::bare(name),
    };
    choices!(radios, options);
    set!(radios.value, string(options, "value"));
    question!(radios, options);
    radios.render()
}

pub fn checkboxes(options: &Value) -> Markup {
    let name = print(&options["name"]);
    let mut checkboxes = match options.get("fieldset") {
        Some(fieldset) => Checkboxes::new(name, content(&fieldset["legend"])),
        None => Checkboxes::bare(name),
    };
    choices!(checkboxes, options);
    checkboxes = checkboxes.values(items(options, "values").map(print));
    question!(checkboxes, options);
    checkboxes.render()
}

const PARTS: [&str; 3] = ["day", "month", "year"];

/// The options of a date's part, which stand under its name or in a list.
fn part(options: &Value, at: usize) -> &Value {
    match options["items"].as_array().filter(|items| !items.is_empty()) {
        Some(items) => items.get(at).unwrap_or(&Value::Null),
        None => &options[PARTS[at]],
    }
}

fn part_value(options: &Value, at: usize) -> String {
    let prefix = string(options, "namePrefix").map(|prefix| format!("{prefix}-")).unwrap_or_default();
    let own = [&part(options, at)["value"], &options[PARTS[at]]["value"]];
    let listed = &options["values"][format!("{prefix}{}", PARTS[at])];
    own.into_iter().chain([listed]).find(|value| truthy(value)).map(print).unwrap_or_default()
}

pub fn date_input(options: &Value) -> Markup {
    let name = print(&options["id"]);
    let mut date = match options.get("fieldset") {
        Some(fieldset) => DateInput::new(name, content(&fieldset["legend"])),
        None => DateInput::bare(name),
    };
    let errors = [0, 1, 2].map(|at| part(options, at)["error"].as_bool());
    let named = errors.contains(&Some(true));
    let untold = truthy(&options["errorMessage"]) && !named;
    let [day, month, year] = errors.map(|error| error.unwrap_or(untold));
    date = date.wrong(day, month, year);
    let [day, month, year] = [0, 1, 2].map(|at| part_value(options, at));
    date = date.values(day, month, year);
    question!(date, options);
    date.render()
}

/// govuk-frontend's expected date with our names and ids: `dob.day` for the names; the date's own id for the
/// day field, which an error summary links to, and none for the container.
pub fn our_date_names(options: &Value, html: &str) -> String {
    let id = print(&options["id"]);
    let prefix = string(options, "namePrefix").map(|prefix| format!("{prefix}-")).unwrap_or_default();
    let mut html = html.replacen(&format!(" id=\"{id}\""), "", 1);
    for part in PARTS {
        let ours = if part == "day" { id.clone() } else { format!("{id}.{part}") };
        html = html
            .replace(&format!("id=\"{id}-{part}\""), &format!("id=\"{ours}\""))
            .replace(&format!("for=\"{id}-{part}\""), &format!("for=\"{ours}\""))
            .replace(&format!("name=\"{prefix}{part}\""), &format!("name=\"{id}.{part}\""));
    }
    html
}

pub fn fieldset(options: &Value) -> Markup {
    let mut fieldset =
        Fieldset::new(content(&options["legend"])).described_by(string(options, "describedBy"));
    flag!(fieldset.heading, options["legend"], "isPageHeading");
    set!(fieldset.legend_size, size(&options["legend"]["classes"], "govuk-fieldset__legend"));
    set!(fieldset.role, constant(options, "role"));
    set!(fieldset.body, string(options, "html").map(PreEscaped));
    extras!(fieldset, options);
    fieldset.render()
}
