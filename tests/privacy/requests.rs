//! Bodies that have no private field, or one rulebook's worth of them.

use serde_json::{Value, json};

/// A round of two criteria, marked so finely that no mark is like another
/// number.
pub fn rulebook(marks: &str, prizes: &Value) -> Value {
    json!({
        "call": "invited",
        "deadline": "2099-01-01T12:00:00Z",
        "grace_seconds": 60,
        "time_zone": "Europe/London",
        "languages": ["en-GB"],
        "gate": [{ "id": "platform-co-op" }],
        "form": [
            { "id": "what", "required": true, "most_characters": 1000 },
            { "id": "why", "most_characters": 1000 },
        ],
        "rounds": [{
            "id": "final",
            "kind": "den",
            "end": "marks_only",
            "quorum": 2,
            "tally": {
                "scale": { "min": "0", "max": "10", "step": "0.000000000001" },
                "criteria": [{ "id": "impact", "weight": "1" }, { "id": "team", "weight": "0.5" }],
                "aggregation": "mean",
                "least_marks": 1,
                "ties": [{ "criterion": "impact" }],
            },
        }],
        "prizes": prizes,
        "pot": { "minor": 200_000, "currency": "GBP" },
        "marks": marks,
        "days_to_accept": 14,
        "days_kept": 365,
        "most_attachments": 5,
    })
}

/// One prize of the whole pot.
pub fn one_prize() -> Value {
    json!([{ "id": "first", "rank": 1, "amount": { "minor": 200_000, "currency": "GBP" }, "support": true }])
}

pub fn nothing() -> Value {
    json!({})
}
