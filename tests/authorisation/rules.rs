//! The rules of a play.

use serde_json::{Value, json};

#[derive(Clone, Copy)]
pub struct Rules {
    /// Who sees marks.
    pub marks: &'static str,
    /// Whether judges don't see whose a pitch is.
    pub anonymous: bool,
}

impl Rules {
    /// Two prizes, one round, two judges a pitch.
    pub fn rulebook(self) -> Value {
        json!({
            "call": "invited",
            "deadline": "2099-01-01T12:00:00Z",
            "time_zone": "Europe/London",
            "languages": ["en-GB"],
            "gate": [{"id": "co-operative"}],
            "form": [{"id": "pitch", "required": true, "most_characters": 2000}],
            "rounds": [{
                "id": "final",
                "kind": if self.anonymous { "desk" } else { "den" },
                "end": "marks_only",
                "tally": {
                    "scale": {"min": "0", "max": "100", "step": "0.01"},
                    "criteria": [{"id": "merit", "weight": "1"}],
                    "aggregation": "mean",
                    "least_marks": 1,
                },
                "judges_per_pitch": 2,
                "anonymous": self.anonymous,
                "quorum": 4,
            }],
            "prizes": [
                {"id": "first", "rank": 1, "amount": money(200_000)},
                {"id": "second", "rank": 2, "amount": money(50_000)},
            ],
            "pot": money(250_000),
            "marks": self.marks,
            "days_to_accept": 14,
            "days_kept": 365,
            "most_attachments": 5,
        })
    }
}

fn money(minor: u64) -> Value {
    json!({"minor": minor, "currency": "GBP"})
}
