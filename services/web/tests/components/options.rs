//! Reads the options of govuk-frontend's fixtures.

use std::collections::BTreeSet;

use maud::PreEscaped;
use plaudit_web::components::{Content, Size};
use serde_json::Value;

/// Every option that a fixture uses: `items[].hint.text`, and for strings and booleans also with the value,
/// `countType=words`.
pub fn paths(options: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(options, "", &mut found);
    found
}

fn collect(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                found.insert(path.clone());
                collect(value, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, &format!("{at}[]"), found)),
        Value::String(text) => drop(found.insert(format!("{at}={text}"))),
        Value::Bool(truth) => drop(found.insert(format!("{at}={truth}"))),
        _ => {}
    }
}

/// Whether nunjucks takes the value for true.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// A string, or what nunjucks prints for it.
pub fn print(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The option as a string, if it is set.
pub fn string(options: &Value, name: &str) -> Option<String> {
    options.get(name).filter(|value| truthy(value)).map(print)
}

/// The option as a string that lives as long as the test: builders take names and roles only from the source.
pub fn constant(options: &Value, name: &str) -> Option<&'static str> {
    string(options, name).map(|text| &*text.leak())
}

/// `{ html }` or `{ text }`.
pub fn content(options: &Value) -> Content {
    content_of(options, "html", "text")
}

/// The content under either of two names.
pub fn content_of(options: &Value, html: &str, text: &str) -> Content {
    match (string(options, html), string(options, text)) {
        (Some(html), _) => PreEscaped(html.trim().to_owned()).into(),
        (None, text) => text.unwrap_or_default().into(),
    }
}

/// The items of a list that nunjucks takes for true.
pub fn items<'a>(options: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    options[name].as_array().into_iter().flatten().filter(|item| truthy(item))
}

/// The attributes that the fixture adds.
pub fn attributes(options: &Value) -> Vec<(&'static str, String)> {
    let members = options["attributes"].as_object().into_iter().flatten();
    members.map(|(name, value)| (&*name.clone().leak(), print(value))).collect()
}

/// A size from its class.
pub fn size(classes: &Value, block: &str) -> Option<Size> {
    let suffix = classes.as_str()?.strip_prefix(block)?;
    [("--s", Size::S), ("--m", Size::M), ("--l", Size::L), ("--xl", Size::Xl)]
        .into_iter()
        .find_map(|(name, size)| (name == suffix).then_some(size))
}

/// A whole number.
pub fn number<N: TryFrom<u64>>(options: &Value, name: &str) -> Option<N> {
    options[name].as_u64().and_then(|number| N::try_from(number).ok())
}

/// Calls a method with an option's value, if there is one.
macro_rules! set {
    ($builder:ident.$method:ident, $value:expr) => {
        if let Some(value) = $value {
            $builder = $builder.$method(value);
        }
    };
}
pub(crate) use set;

/// Calls a method without arguments if an option is set.
macro_rules! flag {
    ($builder:ident.$method:ident, $options:expr, $name:literal) => {
        if $crate::options::truthy(&$options[$name]) {
            $builder = $builder.$method();
        }
    };
}
pub(crate) use flag;

/// What every component takes.
macro_rules! extras {
    ($builder:ident, $options:expr) => {
        $crate::options::set!($builder.class, $options["classes"].as_str());
        for (name, value) in $crate::options::attributes($options) {
            $builder = $builder.attr(name, value);
        }
    };
}
pub(crate) use extras;
