//! Judges, interests, assignments.

use super::{Known, because, lower_somebody, number, text};
use crate::awarding::trail::entries::Event;
use crate::words::count;

pub fn told(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    let seat = event.id();
    let judge = || capital(known.judge(seat));
    let pitch = || known.pitch(event.about("pitch"));
    Some(match event.name() {
        "PanelConvened" => format!("{actor} convened the panel of {}.", known.slug(text(event, "round"))),
        "SeatOffered" => {
            format!(
                "A seat on the panel of {} was offered to {}.",
                known.round(seat),
                lower_somebody(known.member(event, "member"))
            )
        }
        "AssignmentsCompleted" => format!(
            "{} shared out among {}, by a lot that nobody could choose: {}.",
            count(number(event, "pitches"), "pitch was", "pitches were"),
            count(number(event, "judges"), "judge", "judges"),
            count(number(event, "assignments"), "score sheet is expected", "score sheets are expected")
        ),
        "PanelReady" => format!(
            "The panel of {} is ready: {}.",
            known.round(seat),
            count(number(event, "judges"), "judge", "judges")
        ),
        "JudgeInvited" => format!(
            "{actor} invited {} to be {}.",
            lower_somebody(known.member(event, "member")),
            office(event)
        ),
        "JudgeAccepted" => format!("{} accepted to judge, and promised confidentiality.", judge()),
        "JudgeDeclined" => format!("{} declined to judge.", judge()),
        "JudgeStoodDown" => format!("{} left the panel{}.", judge(), because(event, "reason")),
        "InterestsListed" => format!("{} listed their interests.", judge()),
        "InterestDeclared" => match text(event, "connection") {
            "CONNECTION_STAND_ASIDE" => format!("{} stands aside for {}.", judge(), pitch()),
            "CONNECTION_KNOWN" => {
                format!("{} knows {}, and may judge it if somebody allows it.", judge(), pitch())
            }
            _ => format!("{} declared no connection with {}.", judge(), pitch()),
        },
        "KnownConnectionAllowed" => {
            format!("{actor} allowed {} to judge {}, though they know it.", known.judge(seat), pitch())
        }
        "DeclarationConfirmed" => {
            format!(
                "{} confirmed their declaration of interests for {}.",
                judge(),
                count(number(event, "pitches"), "pitch", "pitches")
            )
        }
        "JudgeRecused" => format!(
            "{} stands aside for {} from now on{}.",
            known.member(event, "member"),
            pitch(),
            because(event, "reason")
        ),
        "AssignmentMade" => format!(
            "{} was given to {} to judge.",
            capital(&pitch()),
            lower_somebody(known.member(event, "member"))
        ),
        "AssignmentWithdrawn" => format!(
            "{} was taken from {}{}.",
            capital(&pitch()),
            lower_somebody(known.member(event, "member")),
            because(event, "reason")
        ),
        _ => return None,
    })
}

fn office(event: &Event) -> &'static str {
    let independent = super::yes(event, "independent");
    match text(event, "office") {
        "OFFICE_CHAIR" => "the panel’s chair",
        "OFFICE_DEPUTY" => "the panel’s deputy chair",
        _ if independent => "a judge who is independent of the promoter and the sponsors",
        _ => "a judge",
    }
}

pub fn capital(says: &str) -> String {
    let mut letters = says.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}
