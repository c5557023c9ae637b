//! The promises that every contract keeps, as checks on its descriptor.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor, Value};

/// Attributes of the event itself that a seal's subject may name.
const ATTRIBUTES: [&str; 3] = ["actor", "programme", "stream"];

/// What is wrong with the contracts as they stand: free text, bytes without a
/// meaning, a seal without a subject. Empty when nothing is.
pub fn promises(pool: &DescriptorPool) -> Vec<String> {
    ours(pool)
        .flat_map(|message| message.fields().filter_map(|field| fault(&message, &field)).collect::<Vec<_>>())
        .collect()
}

fn ours(pool: &DescriptorPool) -> impl Iterator<Item = MessageDescriptor> + '_ {
    pool.all_messages().filter(|message| message.full_name().starts_with("plaudit.") && !is_option(message))
}

/// The messages that the options themselves are made of.
fn is_option(message: &MessageDescriptor) -> bool {
    message.full_name() == "plaudit.v1.Sealed"
}

fn fault(message: &MessageDescriptor, field: &FieldDescriptor) -> Option<String> {
    let name = field.full_name().to_owned();
    match field.kind() {
        Kind::String if number(field, "plaudit.v1.format") == 0 => {
            Some(format!("{name} is free text: give it a (plaudit.v1.format), or seal it"))
        }
        Kind::Bytes => bytes_fault(message, field),
        Kind::Float | Kind::Double => Some(format!("{name} is binary floating point: use a decimal")),
        _ => None,
    }
}

fn bytes_fault(message: &MessageDescriptor, field: &FieldDescriptor) -> Option<String> {
    let name = field.full_name();
    let Some(sealed) = option(field, "plaudit.v1.sealed") else {
        return (number(field, "plaudit.v1.holds") == 0).then(|| {
            format!("{name} is bytes without a meaning: give it (plaudit.v1.sealed) or (plaudit.v1.holds)")
        });
    };
    let Value::Message(sealed) = sealed else {
        return Some(format!("{name} has a seal that is not a message"));
    };
    let subject = sealed.get_field_by_name("subject").and_then(|value| value.as_enum_number()).unwrap_or(0);
    let of = sealed
        .get_field_by_name("of")
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default();
    let known = ATTRIBUTES.contains(&of.as_str()) || message.get_field_by_name(&of).is_some();
    (subject == 0 || !known)
        .then(|| format!("{name} is sealed without a subject: say whose it is, and which field names them"))
}

fn option(field: &FieldDescriptor, name: &str) -> Option<Value> {
    let extension = field.parent_pool().get_extension_by_name(name)?;
    let options = field.options();
    options.has_extension(&extension).then(|| options.get_extension(&extension).into_owned())
}

fn number(field: &FieldDescriptor, name: &str) -> i32 {
    option(field, name).and_then(|value| value.as_enum_number()).unwrap_or(0)
}

/// Every field of every message and every value of every enum, keyed by owner
/// and number, with what must never change about it.
pub fn lines(pool: &DescriptorPool) -> BTreeMap<(String, i64), String> {
    let mut lines = BTreeMap::new();
    for message in ours(pool) {
        for field in message.fields() {
            let key = (message.full_name().to_owned(), i64::from(field.number()));
            lines.insert(key, describe(&field));
        }
        lines.insert((message.full_name().to_owned(), 0), "message".to_owned());
    }
    for owner in pool.all_enums() {
        if owner.full_name().starts_with("plaudit.") {
            for value in owner.values() {
                let key = (owner.full_name().to_owned(), i64::from(value.number()));
                lines.insert(key, value.name().to_owned());
            }
        }
    }
    lines
}

fn describe(field: &FieldDescriptor) -> String {
    let kind = match field.kind() {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(owner) => owner.full_name().to_owned(),
        kind => format!("{kind:?}").to_lowercase(),
    };
    let list = if field.is_list() { " list" } else { "" };
    let choice = field.containing_oneof().map(|oneof| format!(" in {}", oneof.name())).unwrap_or_default();
    let mut meaning = String::new();
    for name in ["plaudit.v1.format", "plaudit.v1.holds"] {
        if number(field, name) != 0 {
            meaning.push_str(&format!(" {}={}", name.trim_start_matches("plaudit.v1."), number(field, name)));
        }
    }
    if let Some(Value::Message(sealed)) = option(field, "plaudit.v1.sealed") {
        meaning.push_str(&format!(" sealed={sealed}"));
    }
    format!("{} {kind}{list}{choice}{meaning}", field.name())
}

/// The committed form: a line an entry, sorted.
pub fn render(lines: &BTreeMap<(String, i64), String>) -> String {
    lines.iter().map(|((owner, number), line)| format!("{owner} {number} {line}\n")).collect()
}

/// What an old event or an old reader would not survive: anything committed
/// that is gone or reads otherwise.
pub fn broken(locked: &str, now: &BTreeMap<(String, i64), String>) -> Vec<String> {
    let now = render(now);
    let now: BTreeSet<&str> = now.lines().collect();
    let gone = locked.lines().filter(|line| !now.contains(line));
    gone.map(|line| format!("changed or gone, which old events would not survive: {line}")).collect()
}

/// What is new and not committed yet, so that the lock always tells the whole.
pub fn uncommitted(locked: &str, now: &BTreeMap<(String, i64), String>) -> Vec<String> {
    let locked: BTreeSet<&str> = locked.lines().collect();
    let now = render(now);
    let new = now.lines().filter(|line| !locked.contains(line));
    new.map(|line| format!("new and not committed yet (make contracts): {line}")).collect()
}

/// A Rust expression: each message that has sealed fields, with their names
/// in its ProtoJSON.
pub fn sealed_fields(pool: &DescriptorPool) -> String {
    let mut entries = String::new();
    for message in ours(pool) {
        let sealed: Vec<String> = message
            .fields()
            .filter(|field| option(field, "plaudit.v1.sealed").is_some())
            .map(|field| format!("{:?}", field.json_name()))
            .collect();
        if !sealed.is_empty() {
            entries.push_str(&format!("({:?}, &[{}]), ", message.full_name(), sealed.join(", ")));
        }
    }
    format!("&[{entries}]")
}
