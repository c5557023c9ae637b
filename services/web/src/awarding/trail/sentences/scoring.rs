//! Rounds, score sheets, results.

use super::panels::capital;
use super::{Known, because, number, text};
use crate::awarding::trail::entries::Event;
use crate::awarding::trail::ids;
use crate::words::count;

pub fn told(event: &Event, known: &Known) -> Option<String> {
    round(event, known).or_else(|| sheet(event, known)).or_else(|| result(event, known))
}

fn round(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    let round = known.round(event.id());
    Some(match event.name() {
        "PanelTaken" => format!(
            "Scoring knows the panel of {round}: {}, {}.",
            count(number(event, "judges"), "judge", "judges"),
            count(number(event, "assignments"), "score sheet expected", "score sheets expected")
        ),
        "RoundOpened" => format!(
            "{actor} opened {}: {} expected, under the rules as they stood.",
            known.slug(text(event, "round")),
            count(number(event, "scorecards"), "score sheet is", "score sheets are")
        ),
        "RoundLocked" => format!("{actor} locked {round}: no mark changes any more."),
        "UnsealingProposed" => {
            format!("{actor} proposed to open the marks of {round}. It waits for a second person.")
        }
        "RoundUnsealed" => format!(
            "{} opened the marks of {round}: {} in, {} abstained, {} not counted, {} missing.",
            known.two(event, "proposedBy", "confirmedBy"),
            number(event, "sealed"),
            number(event, "abstained"),
            number(event, "setAside"),
            number(event, "missing")
        ),
        "LateFactAnswered" => format!("Something came after the lock: {}; {}.", late(event), outcome(event)),
        "RoundVoided" => format!(
            "{actor} voided {round}{}: it runs again, and its score sheets stay closed.",
            because(event, "reason")
        ),
        _ => return None,
    })
}

fn late(event: &Event) -> &'static str {
    match text(event, "fact") {
        "LATE_FACT_RECUSAL" => "a judge stands aside",
        "LATE_FACT_ASSIGNMENT" => "an assignment was made",
        "LATE_FACT_ASSIGNMENT_WITHDRAWN" => "an assignment was withdrawn",
        _ => "a pitch left",
    }
}

fn outcome(event: &Event) -> &'static str {
    match text(event, "outcome") {
        "LATE_OUTCOME_SET_ASIDE" => "the score sheet is not counted",
        _ => "the marks were out already, so it is only noted",
    }
}

fn sheet(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    Some(match event.name() {
        "ScorecardExpected" => format!(
            "A score sheet is expected from {} for {}.",
            known.judge(event.about("judge")),
            known.pitch(event.about("pitch"))
        ),
        "ScorecardReleased" => format!("A score sheet is no longer expected{}.", because(event, "reason")),
        "ScorecardSealed" => {
            let pitch = known.pitch(known.marked(event));
            match number(event, "sealing") {
                0 | 1 => format!("{actor} handed in a score sheet for {pitch}."),
                times => format!(
                    "{actor} handed in a score sheet for {pitch} again, for the {} time.",
                    ordinal(times)
                ),
            }
        }
        "ScorecardAbstained" => {
            format!("{actor} abstained from marking a pitch{}.", because(event, "reason"))
        }
        "ScorecardSetAside" => format!("A score sheet is not counted{}.", because(event, "reason")),
        "CommentReturned" => {
            format!("{actor} asked for a comment to an entrant to be reworded{}.", because(event, "reason"))
        }
        "CommentReworded" => format!("{actor} reworded a comment to an entrant."),
        "ScorecardUnsealed" => "The marks of a score sheet became public, as they were handed in.".to_owned(),
        _ => return None,
    })
}

fn ordinal(number: usize) -> String {
    match number {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        more => format!("{more}th"),
    }
}

fn result(event: &Event, known: &Known) -> Option<String> {
    Some(match event.name() {
        "PitchRanked" => {
            let pitch = capital(&known.pitch(event.about("pitch")));
            let total = text(event, "total");
            match (number(event, "rank"), number(event, "sharedBy")) {
                (0, _) => format!("{pitch} has no rank: too few marks count."),
                (rank, 0 | 1) => format!("{pitch} came to {total}: rank {rank}."),
                (rank, shared) => format!("{pitch} came to {total}: rank {rank}, shared by {shared}."),
            }
        }
        "ResultDeclared" => format!(
            "The result of {} was declared: {} of {} ranked.",
            known.slug(text(event, "round")),
            number(event, "ranked"),
            count(number(event, "pitches"), "pitch is", "pitches are")
        ),
        _ => return None,
    })
}

impl Known<'_> {
    /// The pitch that a judge's score sheet is for: the one whose id it
    /// follows from.
    fn marked(&self, event: &Event) -> Option<uuid::Uuid> {
        let judge = ids::judge(event.about("round")?, event.by()?);
        let sheet = event.id()?;
        self.names.pitches().find(|pitch| ids::scorecard(judge, *pitch) == sheet)
    }
}
