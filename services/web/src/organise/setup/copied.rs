//! A plan from the rules of an earlier programme: its rulebook and its words,
//! and no people.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::DateTime};

use super::plan::{CriterionPlan, GatePlan, Plan, PrizePlan, QuestionPlan, RoundPlan, Template, Tie};
use crate::api::{Programme, Round, Rulebook, Rung};
use crate::words::Wording;

/// What a programme's rules would be if it began now: the dates are new. A
/// plan has one round; of several the first is taken.
pub fn plan(programme: &Programme, now: Timestamp) -> Option<Plan> {
    let rulebook = programme.rulebook.as_ref()?;
    let wording = Wording::of(programme);
    let fresh = Plan::of(Template::Open, now);
    let gate = rulebook.gate.iter().map(|gate| GatePlan {
        says: wording.says(&gate.id),
        explained: wording.explained(&gate.id).to_owned(),
    });
    let form = rulebook.form.iter().map(|question| QuestionPlan {
        says: wording.says(&question.id),
        explained: wording.explained(&question.id).to_owned(),
        most_characters: question.most_characters,
        required: question.required,
    });
    Some(Plan {
        about: without_headed(&wording.about),
        currency: rulebook.pot.currency.clone(),
        prizes: prizes(rulebook, &wording),
        invited: rulebook.call == "invited",
        gate: gate.collect(),
        deadline: at_the_same_time(fresh.deadline, rulebook),
        time_zone: rulebook.time_zone.clone(),
        grace_seconds: rulebook.grace_seconds,
        form: form.collect(),
        most_attachments: 0,
        round: rulebook.rounds.first().map_or_else(RoundPlan::default, |first| round(first, &wording)),
        marks_public: rulebook.marks == "public",
        days_to_accept: rulebook.days_to_accept,
        may_give_no_award: rulebook.may_give_no_award,
        days_kept: rulebook.days_kept,
        ..fresh
    })
}

/// The plan of rules that are public already, dates and all.
pub fn published(programme: &Programme) -> Option<Plan> {
    let rulebook = programme.rulebook.as_ref()?;
    let zone = TimeZone::get(&rulebook.time_zone).unwrap_or(TimeZone::UTC);
    let there = |at: Timestamp| at.to_zoned(zone.clone()).datetime();
    let copied = plan(programme, Timestamp::UNIX_EPOCH)?;
    let about = Wording::of(programme).about;
    Some(Plan { about, deadline: there(rulebook.deadline), embargo: rulebook.embargo.map(there), ..copied })
}

/// Without the parts that name people.
fn without_headed(about: &str) -> String {
    let mut kept = Vec::new();
    let mut dropping = false;
    for paragraph in about.split("\n\n") {
        if paragraph.starts_with("## ") {
            dropping = matches!(paragraph, "## Who runs it" | "## Who signs");
        }
        if !dropping {
            kept.push(paragraph);
        }
    }
    kept.join("\n\n")
}

fn at_the_same_time(day: DateTime, rulebook: &Rulebook) -> DateTime {
    let zone = TimeZone::get(&rulebook.time_zone).unwrap_or(TimeZone::UTC);
    day.date().to_datetime(rulebook.deadline.to_zoned(zone).time())
}

fn prizes(rulebook: &Rulebook, wording: &Wording) -> Vec<PrizePlan> {
    let support = |id: &str| match wording.explained(id) {
        "" => "Support".to_owned(),
        explained => explained.to_owned(),
    };
    let prizes = rulebook.prizes.iter().map(|prize| PrizePlan {
        name: wording.says(&prize.id),
        rank: prize.rank,
        amount: prize.amount.as_ref().map(|amount| amount.minor),
        support: if prize.support { support(&prize.id) } else { String::new() },
    });
    prizes.collect()
}

fn round(round: &Round, wording: &Wording) -> RoundPlan {
    let tally = &round.tally;
    let criteria = tally.criteria.iter().map(|criterion| CriterionPlan {
        name: wording.criterion(&criterion.id),
        weight: criterion.weight.clone(),
        guidance: wording.explained(&criterion.id).to_owned(),
    });
    let ties = tally.ties.iter().filter_map(|rung| {
        Some(match rung {
            Rung::Criterion(id) => Tie::Criterion(tally.criteria.iter().position(|one| one.id == *id)?),
            Rung::MostFirstPlaces => Tie::FirstPlaces,
            Rung::HigherMedian => Tie::Median,
        })
    });
    RoundPlan {
        kind: round.kind.clone(),
        criteria: criteria.collect(),
        min: tally.scale.min.clone(),
        max: tally.scale.max.clone(),
        step: tally.scale.step.clone(),
        judges_per_pitch: round.judges_per_pitch,
        quorum: round.quorum,
        independent: round.independent_judge_needed,
        anonymous: round.anonymous,
        aggregation: tally.aggregation.clone(),
        trim: tally.trim,
        round_criterion: tally.round_criterion,
        round_weighted: tally.round_weighted,
        round_total: tally.round_total,
        ties: ties.collect(),
        least_marks: tally.least_marks,
    }
}
