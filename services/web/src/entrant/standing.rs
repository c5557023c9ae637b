//! How a pitch stands, in words for those whose pitch it is.

use jiff::Timestamp;

use crate::api::{Phase, Pitch, Programme};
use crate::components::Tag;
use crate::words::reason;

/// What its team is told, and what it can do.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// A word or two.
    pub state: &'static str,
    /// What that means, and what comes next.
    pub means: String,
    /// Until when it can be replaced, if it still can.
    pub replaceable: Option<Timestamp>,
    pub withdrawable: bool,
    /// Whether the organisers wait for an answer.
    pub asked: bool,
}

impl Said {
    /// Of a pitch that its team looks at, at this time.
    pub fn of(programme: &Programme, pitch: &Pitch, now: Timestamp) -> Self {
        let progress = pitch.progress.as_ref();
        let standing = progress.and_then(|progress| progress.standing.as_deref()).unwrap_or("submitted");
        let in_it = !matches!(standing, "withdrawn" | "disqualified");
        let phase = programme.phase;
        let reopened = progress.and_then(|progress| progress.reopened_until);
        let reopened = reopened.filter(|_| phase <= Some(Phase::Closed));
        let call = programme.last_instant.filter(|_| phase == Some(Phase::Open));
        let replaceable = reopened.max(call).filter(|until| in_it && *until >= now);
        Self {
            state: state(standing, phase),
            means: means(standing, programme, pitch, replaceable.is_some()),
            replaceable,
            withdrawable: in_it && phase <= Some(Phase::Screened),
            asked: standing == "queried" && phase <= Some(Phase::Closed),
        }
    }

    /// The word or two, coloured.
    pub fn tag(&self) -> Tag {
        match self.state {
            "In" | "In the running" | "Answered" => Tag::new(self.state).green(),
            "You have a question" => Tag::new(self.state).yellow(),
            "Judged" => Tag::new(self.state).purple(),
            _ => Tag::new(self.state).grey(),
        }
    }
}

fn state(standing: &str, phase: Option<Phase>) -> &'static str {
    match standing {
        "eligible" if phase == Some(Phase::Concluded) => "Judged",
        "eligible" => "In the running",
        "ineligible" => "Not in the running",
        "queried" => "You have a question",
        "answered" => "Answered",
        "withdrawn" => "Withdrawn",
        "disqualified" => "Disqualified",
        _ => "In",
    }
}

fn means(standing: &str, programme: &Programme, pitch: &Pitch, replaceable: bool) -> String {
    let closed = programme.phase > Some(Phase::Open);
    match standing {
        "eligible" if programme.phase == Some(Phase::Concluded) => {
            "The programme is over. This is what came of your pitch.".to_owned()
        }
        "eligible" if programme.phase >= Some(Phase::Screened) => {
            "It is with the judges. You hear on the day of the announcement.".to_owned()
        }
        "eligible" => "It may enter. The judges get it once every pitch has been checked.".to_owned(),
        "ineligible" => not_eligible(programme, pitch),
        "queried" => {
            "The organisers need an answer from you before they can say whether it may enter.".to_owned()
        }
        "answered" => "The organisers have your answer and look at your pitch again.".to_owned(),
        "withdrawn" => "Your team took it back. It is not in the competition.".to_owned(),
        "disqualified" => {
            "Two people took it out of the competition. Write to the organisers to ask why.".to_owned()
        }
        _ if replaceable => {
            "It is in the competition as it is. The last version that you submit counts.".to_owned()
        }
        _ if closed => "It is in. The organisers now check that every pitch may enter.".to_owned(),
        _ => "It is in the competition.".to_owned(),
    }
}

fn not_eligible(programme: &Programme, pitch: &Pitch) -> String {
    let screening = pitch.progress.as_ref().and_then(|progress| progress.screening.as_ref());
    let why = screening.and_then(|screening| screening.reason.as_deref()).map(reason);
    let words = screening.and_then(|screening| screening.words.clone()).filter(|words| !words.is_empty());
    let why = match (why, words) {
        (Some(why), Some(words)) => format!("{why}: {words}"),
        (Some(why), None) => why,
        (None, Some(words)) => words,
        (None, None) => "It may not enter".to_owned(),
    };
    let why = why.trim_end_matches('.');
    let again = screening.is_some_and(|screening| screening.again);
    if again || programme.phase >= Some(Phase::Concluded) {
        format!("{why}. A second person looked at it too: that was the last look.")
    } else {
        format!(
            "{why}. If you think that this is a mistake, write to the organisers: another person can look at it once more."
        )
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    const BEFORE: &str = "2026-11-23T11:00:00Z";
    const LAST: &str = "2026-11-23T12:00:00Z";
    const AFTER: &str = "2026-11-23T12:00:00.001Z";

    fn said(phase: &str, standing: &str, now: &str, more: serde_json::Value) -> Said {
        let id = uuid::Uuid::nil();
        let programme = json!({ "id": id, "phase": phase, "last_instant": LAST });
        let mut progress = json!({
            "standing": standing, "submission": 1, "team": [], "received_at": BEFORE, "by_itself": false,
        });
        progress.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let pitch = json!({ "id": id, "sight": "everything", "progress": progress });
        let programme = serde_json::from_value(programme).unwrap();
        Said::of(&programme, &serde_json::from_value(pitch).unwrap(), now.parse().unwrap())
    }

    #[test]
    fn it_can_be_replaced_up_to_the_last_instant_and_no_longer() {
        assert!(said("open", "submitted", BEFORE, json!({})).replaceable.is_some());
        assert!(said("open", "submitted", LAST, json!({})).replaceable.is_some());
        assert!(said("open", "submitted", AFTER, json!({})).replaceable.is_none());
        assert!(said("closed", "submitted", BEFORE, json!({})).replaceable.is_none());
    }

    #[test]
    fn a_reopened_one_can_be_replaced_until_it_closes_again() {
        let until = json!({ "reopened_until": "2026-11-24T12:00:00Z" });
        let reopened = said("closed", "submitted", AFTER, until.clone());
        assert_eq!(reopened.replaceable, Some("2026-11-24T12:00:00Z".parse().unwrap()));
        assert!(reopened.means.contains("last version"));
        assert!(said("closed", "submitted", "2026-11-24T12:00:01Z", until.clone()).replaceable.is_none());
        assert!(said("screened", "eligible", AFTER, until).replaceable.is_none());
    }

    #[test]
    fn one_that_left_can_do_nothing() {
        for standing in ["withdrawn", "disqualified"] {
            let said = said("open", standing, BEFORE, json!({}));
            assert!(said.replaceable.is_none() && !said.withdrawable && !said.asked, "{standing}");
        }
    }

    #[test]
    fn a_question_is_answered_until_screening_is_over() {
        assert!(said("closed", "queried", AFTER, json!({})).asked);
        assert!(!said("screened", "queried", AFTER, json!({})).asked);
        assert!(!said("closed", "answered", AFTER, json!({})).asked);
    }

    #[test]
    fn a_refusal_says_why_and_what_can_be_done() {
        let screening = |again| {
            json!({ "screening": { "outcome": "ineligible", "reason": "gate_not_met", "words": "It began in 2019.",
                "again": again, "by": uuid::Uuid::nil() } })
        };
        let first = said("closed", "ineligible", AFTER, screening(false)).means;
        assert!(first.contains("It is not one that may enter: It began in 2019. If you think"), "{first}");
        assert!(
            said("closed", "ineligible", AFTER, screening(true)).means.contains("that was the last look")
        );
    }

    #[test]
    fn every_standing_has_words_of_its_own() {
        let standings =
            ["submitted", "eligible", "ineligible", "queried", "answered", "withdrawn", "disqualified"];
        let states = standings.map(|standing| said("closed", standing, AFTER, json!({})).state);
        for (at, state) in states.iter().enumerate() {
            assert!(!states[..at].contains(state), "{state}");
        }
    }
}
