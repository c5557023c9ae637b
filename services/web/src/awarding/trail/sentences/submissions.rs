//! Programmes, rules, calls, pitches.

use super::{Known, because, lower_somebody, number, text, yes};
use crate::awarding::trail::entries::Event;
use crate::words::count;

pub fn told(event: &Event, known: &Known) -> Option<String> {
    programme(event, known).or_else(|| people(event, known)).or_else(|| pitch(event, known))
}

fn programme(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    Some(match event.name() {
        "ProgrammeDrafted" => format!("{actor} drafted the programme."),
        "RulebookPublished" => format!("{actor} published the rules."),
        "RulebookAmended" => {
            format!(
                "{actor} amended the words of the rules{}. How marks become a result did not change.",
                because(event, "reason")
            )
        }
        "CallOpeningProposed" => format!("{actor} proposed to open the call. It waits for a second person."),
        "CallOpened" => format!(
            "{} opened the call, until {}.",
            known.two(event, "proposedBy", "confirmedBy"),
            known.when(event, "deadline")
        ),
        "EntrantInvited" => {
            format!("{actor} invited {} to enter.", lower_somebody(known.member(event, "member")))
        }
        "EntrantDeclined" => format!("{} declined to enter.", known.member(event, "member")),
        "DeadlineMoved" => {
            format!(
                "{actor} moved the deadline to {}{}.",
                known.when(event, "deadline"),
                because(event, "reason")
            )
        }
        "EarlyClosingProposed" => {
            format!(
                "{actor} proposed to close the call, as everybody invited has answered. It waits for a second person."
            )
        }
        "CallClosed" if text(event, "confirmedBy").is_empty() => {
            "The call closed at its deadline.".to_owned()
        }
        "CallClosed" => format!("{} closed the call early.", known.two(event, "proposedBy", "confirmedBy")),
        "ScreeningCompleted" => format!(
            "{actor} completed the screening: {} forward, {} refused.",
            count(number(event, "eligible"), "pitch goes", "pitches go"),
            number(event, "refused")
        ),
        "ProgrammeCancelled" => format!("{actor} called the programme off{}.", because(event, "reason")),
        "ProgrammeConcluded" => format!("{actor} concluded the programme."),
        _ => return None,
    })
}

fn people(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    let member = lower_somebody(known.member(event, "member"));
    Some(match event.name() {
        "RoleGranted" if event.by().is_some() && event.by() == event.about("member") => {
            format!("{actor} became {}.", role(event))
        }
        "RoleGranted" => format!("{actor} made {member} {}.", role(event)),
        "RoleRevoked" => format!("{actor} ended that {member} is {}.", role(event)),
        "OrganiserConflictDeclared" => format!(
            "{} declared an interest in {}: from now on a wall stands between the two.",
            known.member(event, "member"),
            known.pitch(event.about("pitch"))
        ),
        "AuditorProposed" => {
            format!("{actor} proposed {member} as an auditor. It waits for a second person.")
        }
        "AuditorAdmitted" => {
            format!("{} admitted {member} as an auditor.", known.two(event, "proposedBy", "confirmedBy"))
        }
        "AuditorDismissed" => format!("{actor} ended that {member} is an auditor."),
        "ForgettingAsked" => format!(
            "{actor} asked for what is kept of {} to be forgotten{}.",
            match text(event, "subject") {
                "SUBJECT_MEMBER" => "a member",
                "SUBJECT_PITCH" => "a pitch",
                _ => "a round",
            },
            because(event, "reason")
        ),
        _ => return None,
    })
}

fn role(event: &Event) -> &'static str {
    match text(event, "role") {
        "ROLE_ORGANISER" => "an organiser",
        "ROLE_APPROVER" => "an approver, with a second key",
        "ROLE_HELPER" => "a helper",
        _ => "a teller",
    }
}

fn pitch(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    let pitch = known.pitch(event.id());
    Some(match event.name() {
        "PitchSubmitted" => match number(event, "submission") {
            _ if yes(event, "byItself") => {
                format!("A complete draft entered itself at the deadline: {pitch}.")
            }
            0 | 1 => format!("{actor} handed in {pitch}."),
            version => format!("{actor} replaced {pitch}: version {version}."),
        },
        "PitchWithdrawn" => format!("{actor} withdrew {pitch}."),
        "PitchQueried" => format!("{actor} asked the team of {pitch} a question."),
        "QueryAnswered" => format!("{actor} answered the question about {pitch}."),
        "PitchScreened" => {
            let again = if yes(event, "again") { " in a second look" } else { "" };
            match text(event, "outcome") {
                "SCREENING_ELIGIBLE" => format!("{actor} found that {pitch} may go forward{again}."),
                _ => format!("{actor} refused {pitch}{again}{}.", because(event, "reason")),
            }
        }
        "DisqualificationProposed" => {
            format!(
                "{actor} proposed to disqualify {pitch}{}. It waits for a second person.",
                because(event, "reason")
            )
        }
        "PitchDisqualified" => format!(
            "{} disqualified {pitch}{}.",
            known.two(event, "proposedBy", "confirmedBy"),
            because(event, "reason")
        ),
        "ReopeningProposed" => format!(
            "{actor} proposed to let {pitch} be replaced until {}{}. It waits for a second person.",
            known.when(event, "until"),
            because(event, "reason")
        ),
        "PitchReopened" => format!(
            "{} let {pitch} be replaced until {}{}.",
            known.two(event, "proposedBy", "confirmedBy"),
            known.when(event, "until"),
            because(event, "reason")
        ),
        _ => return None,
    })
}
