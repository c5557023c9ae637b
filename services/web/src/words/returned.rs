/// Why an organiser would not pass a comment on, by the API's names.
pub const REASONS_TO_RETURN: [(&str, &str); 3] = [
    ("clarification", "The entrant could not understand it"),
    ("rules_broken", "It hurts, or tells of others"),
    ("made_in_error", "It is about something else"),
];

/// One of them, for people.
pub fn returned(code: &str) -> String {
    let known = REASONS_TO_RETURN.iter().find(|(known, _)| *known == code);
    known.map_or_else(|| super::reason(code), |(_, says)| (*says).to_owned())
}
