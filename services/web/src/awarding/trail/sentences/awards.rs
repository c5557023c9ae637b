//! Awards, the announcement, payments, support.

use super::panels::capital;
use super::{Known, amount, because, number, text};
use crate::awarding::trail::entries::Event;
use crate::words::{count, in_wholes};

pub fn told(event: &Event, known: &Known) -> Option<String> {
    award(event, known)
        .or_else(|| pot(event, known))
        .or_else(|| payout(event, known))
        .or_else(|| support(event, known))
}

fn pot(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    Some(match event.name() {
        "PlaceTaken" => match number(event, "rank") {
            0 => format!("Awards noted that {} has no rank.", known.pitch(event.about("pitch"))),
            rank => format!("Awards noted that {} has rank {rank}.", known.pitch(event.about("pitch"))),
        },
        "RankingTaken" => format!("Awards noted the ranking of {}.", known.slug(text(event, "round"))),
        "AmountReserved" => format!(
            "{} of the pot was set aside: {} for {}.",
            amount(event, "amount"),
            known.prize(text(event, "prize")),
            known.pitch(event.about("pitch"))
        ),
        "AmountReleased" => format!(
            "What was set aside for {} is in the pot again{}.",
            known.award(event.about("award")),
            because(event, "reason")
        ),
        "WinnersAnnounced" => format!(
            "{actor} announced the winners: {}, {} in all.",
            count(number(event, "awards"), "award", "awards"),
            amount(event, "total")
        ),
        "AnnouncementScheduled" => {
            format!("{actor} set the moment of the announcement: {}.", known.when(event, "at"))
        }
        "AnnouncementUnscheduled" => format!("{actor} called the set moment of the announcement off."),
        _ => return None,
    })
}

fn award(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    let award = known.award(event.id());
    Some(match event.name() {
        "AwardProposed" => {
            let departs = match because(event, "departure") {
                none if none.is_empty() => String::new(),
                why => format!(" It departs from the ranking{why}."),
            };
            format!(
                "{actor} proposed {} of {} for {}. It waits for a second person.{departs}",
                known.prize(text(event, "prize")),
                amount(event, "amount"),
                known.pitch(event.about("pitch"))
            )
        }
        "AwardApproved" => format!("{} gave {award}.", known.two(event, "proposedBy", "approvedBy")),
        "AwardRefused" => format!("{actor} refused {award}{}.", because(event, "reason")),
        "AwardAnnounced" => format!(
            "{} was announced; the winner answers by {}.",
            capital(&award),
            known.when(event, "acceptBy")
        ),
        "AwardAccepted" => format!("{actor} accepted {award}."),
        "AwardDeclined" => format!("{actor} declined {award}."),
        "AwardLapsed" => format!("{} was not accepted in time.", capital(&award)),
        "WithdrawalProposed" => format!(
            "{actor} proposed to withdraw {award}{}. It waits for a second person.",
            because(event, "reason")
        ),
        "AwardWithdrawn" => format!(
            "{} withdrew {award}{}.",
            known.two(event, "proposedBy", "confirmedBy"),
            because(event, "reason")
        ),
        _ => return None,
    })
}

fn payout(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    let award = known.award(event.id());
    Some(match event.name() {
        "PayeeNamed" => format!("{actor} said where the money of {award} goes."),
        "PayeeChecked" => format!("{actor} checked that the account is the payee’s, for {award}."),
        "AgreementRecorded" => format!("{actor} recorded the agreement about {award}."),
        "PayoutRequested" => {
            format!("{actor} requested the payment of {} for {award}.", amount(event, "amount"))
        }
        "PayoutAuthorised" => format!(
            "{} had the payment of {award} authorised.",
            known.two(event, "requestedBy", "authorisedBy")
        ),
        "PayoutSent" => format!("{actor} noted that the money of {award} was sent."),
        "PayoutConfirmed" => format!("{actor} confirmed that the money of {award} came."),
        "PayoutTakenAsReceived" => {
            format!("Nobody objected for fourteen days: the money of {award} is taken as received.")
        }
        "PayoutFailed" => {
            format!("{actor} noted that the payment of {award} failed{}.", because(event, "reason"))
        }
        _ => return None,
    })
}

fn support(event: &Event, known: &Known) -> Option<String> {
    let actor = known.actor(event);
    let much = |field: &str| in_wholes(number(event, field) as u64);
    Some(match event.name() {
        "SupportPledged" => {
            let unit = match text(event, "unit") {
                "SUPPORT_UNIT_HOUR" => "hours",
                "SUPPORT_UNIT_DAY" => "days",
                _ => "things",
            };
            format!("{actor} pledged support: {} {unit}.", much("quarters"))
        }
        "SupportAccepted" => {
            format!("{actor} accepted a pledge of support for {}.", known.pitch(event.about("pitch")))
        }
        "SupportScheduled" => format!(
            "{actor} planned {} of the pledged support for {}.",
            much("quarters"),
            known.when(event, "at")
        ),
        "SupportDelivered" => format!(
            "{actor} noted that support was delivered: part {}, {} of what was pledged.",
            number(event, "part"),
            much("quarters")
        ),
        "SupportDeliveryConfirmed" => {
            format!("{actor} confirmed that part {} of the support came.", number(event, "part"))
        }
        "SupportClosed" => format!(
            "{actor} closed the account of a pledge: {} pledged, {} delivered.",
            much("quartersPledged"),
            much("quartersDelivered")
        ),
        _ => return None,
    })
}
