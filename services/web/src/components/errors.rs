//! What was wrong with a form, in the order of its fields.

/// Messages of a form, each of one field or of the form as a whole. Fields show their own
/// (`Input::errors(&errors)`), an [`ErrorSummary`](super::ErrorSummary) shows all and links to the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors(Vec<(Option<String>, String)>);

impl Errors {
    /// No errors yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Something is wrong with this field.
    pub fn push(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push((Some(field.into()), message.into()));
    }

    /// Something is wrong that belongs to no field.
    pub fn push_general(&mut self, message: impl Into<String>) {
        self.0.push((None, message.into()));
    }

    /// The first message of this field.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.iter().find(|(name, _)| *name == Some(field)).map(|(_, message)| message)
    }

    /// Whether nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All messages in order, with their fields.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        self.0.iter().map(|(field, message)| (field.as_deref(), message.as_str()))
    }
}

/// Where an error summary's link to this field goes: ids are names, and the first input of a group carries
/// the group's own, so a date's day is reached by the date's name.
pub(super) fn anchor(field: &str) -> String {
    format!("#{}", field.strip_suffix(".day").unwrap_or(field))
}
