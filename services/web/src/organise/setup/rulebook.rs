//! What is published of a plan: the rulebook as the contracts know it, and the
//! prose that says it in words.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Step;
use super::plan::{Plan, RoundPlan, Tie};
use crate::words::Wording;

/// The longest id that a rulebook may have.
const LONGEST: usize = 60;

/// The ids of a plan's parts, each its own among all of them: words are found
/// by id alone.
pub struct Ids {
    pub gate: Vec<String>,
    pub form: Vec<String>,
    pub criteria: Vec<String>,
    pub round: String,
    pub prizes: Vec<String>,
}

impl Ids {
    pub fn of(plan: &Plan) -> Self {
        let mut taken = BTreeSet::new();
        let mut slug = |says: &str, otherwise: &str| slug(says, otherwise, &mut taken);
        Self {
            // Paths and links name the round, so its id is short and taken first.
            round: slug(round_id(&plan.round), "round"),
            gate: plan.gate.iter().map(|gate| slug(&gate.says, "gate")).collect(),
            form: plan.form.iter().map(|question| slug(&question.says, "question")).collect(),
            criteria: plan.round.criteria.iter().map(|one| slug(&one.name, "criterion")).collect(),
            prizes: plan.prizes.iter().map(|prize| slug(&prize.name, "prize")).collect(),
        }
    }
}

fn round_id(round: &RoundPlan) -> &'static str {
    match round.kind.as_str() {
        "den" => "final",
        "interview" => "interviews",
        _ => "desk",
    }
}

fn round_name(round: &RoundPlan) -> &'static str {
    match round.kind.as_str() {
        "den" => "The final",
        "interview" => "The interviews",
        _ => "The reading",
    }
}

/// Lower-case letters, digits and hyphens of what something says; a number
/// behind it where that is taken.
fn slug(says: &str, otherwise: &str, taken: &mut BTreeSet<String>) -> String {
    let mut slug = String::new();
    for letter in says.chars().map(|letter| letter.to_ascii_lowercase()) {
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            slug.push(letter);
        } else if !slug.ends_with('-') && letter != '\'' && letter != '’' {
            slug.push('-');
        }
        if slug.len() >= LONGEST - 20 {
            break;
        }
    }
    let slug = match slug.trim_matches('-') {
        "" => otherwise,
        slug => slug,
    };
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    let free = std::iter::once(slug.to_owned()).chain(numbered).find(|slug| !taken.contains(slug));
    let free = free.unwrap_or_default();
    taken.insert(free.clone());
    free
}

/// The body of its publication; `None` where a date can't be understood.
pub fn publication(plan: &Plan, title: &str) -> Option<Value> {
    let ids = Ids::of(plan);
    let money = |minor: i64| json!({ "minor": minor, "currency": plan.currency });
    let form = plan.form.iter().zip(&ids.form).map(|(question, id)| {
        json!({ "id": id, "required": question.required, "most_characters": question.most_characters })
    });
    let prizes = plan.prizes.iter().zip(&ids.prizes).map(|(prize, id)| {
        let amount = prize.amount.map(money);
        json!({ "id": id, "rank": prize.rank, "amount": amount, "support": !prize.support.is_empty() })
    });
    let embargo = plan.embargo.map(|embargo| plan.instant(embargo).ok_or(())).transpose().ok()?;
    let mut rulebook = json!({
        "call": if plan.invited { "invited" } else { "open" },
        "deadline": plan.instant(plan.deadline)?,
        "grace_seconds": plan.grace_seconds,
        "time_zone": plan.time_zone,
        "languages": ["en-GB"],
        "gate": ids.gate.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>(),
        "form": form.collect::<Vec<_>>(),
        "rounds": [round(&plan.round, &ids)],
        "prizes": prizes.collect::<Vec<_>>(),
        "pot": money(plan.pot()),
        "marks": if plan.marks_public { "public" } else { "own_entrant" },
        "embargo": embargo,
        "days_to_accept": plan.days_to_accept,
        "may_give_no_award": plan.may_give_no_award,
        "days_kept": plan.days_kept,
    });
    if plan.most_attachments > 0 {
        rulebook["most_attachments"] = plan.most_attachments.into();
    }
    Some(json!({ "rulebook": rulebook, "prose": prose(plan, title, &ids) }))
}

fn round(round: &RoundPlan, ids: &Ids) -> Value {
    let criteria = round.criteria.iter().zip(&ids.criteria);
    let criteria = criteria.map(|(criterion, id)| json!({ "id": id, "weight": criterion.weight }));
    let ties = round.ties.iter().filter_map(|tie| {
        Some(match tie {
            Tie::Criterion(at) => json!({ "criterion": ids.criteria.get(*at)? }),
            Tie::FirstPlaces => json!("most_first_places"),
            Tie::Median => json!("higher_median"),
        })
    });
    json!({
        "id": ids.round,
        "kind": round.kind,
        "end": "marks_only",
        "judges_per_pitch": round.judges_per_pitch,
        "anonymous": round.anonymous,
        "quorum": round.quorum,
        "independent_judge_needed": round.independent,
        "tally": {
            "scale": { "min": round.min, "max": round.max, "step": round.step },
            "criteria": criteria.collect::<Vec<_>>(),
            "aggregation": round.aggregation,
            "trim": round.trim,
            "normalisation": "none",
            "round_criterion": round.round_criterion,
            "round_weighted": round.round_weighted,
            "round_total": round.round_total,
            "ties": ties.collect::<Vec<_>>(),
            "least_marks": round.least_marks,
        },
    })
}

fn prose(plan: &Plan, title: &str, ids: &Ids) -> String {
    let mut about = plan.about.clone();
    if !plan.promoter.is_empty() {
        about.push_str(&format!("\n\n## Who runs it\n\n{}", plan.promoter));
    }
    if !plan.stand_in.is_empty() {
        about.push_str(&format!(
            "\n\n## Who signs\n\nTwo people sign each decision. Where one of them has an interest in a pitch, this person signs instead: {}",
            plan.stand_in
        ));
    }
    let part = |id: &String, says: &str, more: &str| (id.clone(), says.to_owned(), more.to_owned());
    let mut parts = vec![part(&ids.round, round_name(&plan.round), "")];
    parts.extend(ids.gate.iter().zip(&plan.gate).map(|(id, gate)| part(id, &gate.says, &gate.explained)));
    parts.extend(ids.form.iter().zip(&plan.form).map(|(id, asked)| part(id, &asked.says, &asked.explained)));
    let criteria = ids.criteria.iter().zip(&plan.round.criteria);
    parts.extend(criteria.map(|(id, criterion)| part(id, &criterion.name, &criterion.guidance)));
    let prizes = ids.prizes.iter().zip(&plan.prizes);
    parts.extend(prizes.map(|(id, prize)| part(id, &prize.name, &prize.support)));
    Wording::write(title, about.trim(), &parts)
}

/// Where the wizard asks for a field that publishing found at fault.
pub fn asked_in(field: &str) -> (Step, String) {
    let path = field.trim_start_matches("rulebook.");
    let (list, rest) = path.split_once('[').unwrap_or((path, ""));
    let row = || rest.split_once(']').and_then(|(at, _)| at.parse::<usize>().ok()).map_or(1, |at| at + 1);
    match list {
        "prizes" => (Step::Prize, format!("prizes.{}.amount", row())),
        "pot.minor" | "pot.currency" | "pot" => (Step::Prize, "prizes.1.amount".to_owned()),
        "gate" => (Step::Who, format!("gate.{}.says", row())),
        "form" => (Step::Ask, format!("form.{}.says", row())),
        "most_attachments" => (Step::Ask, "most_attachments".to_owned()),
        "deadline" | "call" | "time_zone" | "grace_seconds" => (Step::Who, list.to_owned()),
        "marks" | "embargo" | "days_to_accept" | "days_kept" => (Step::Rules, list.to_owned()),
        "rounds" => (Step::Judging, in_round(path)),
        _ => (Step::Prize, "about".to_owned()),
    }
}

fn in_round(path: &str) -> String {
    let part = path.rsplit_once("].").map_or(path, |(_, part)| part);
    let row = |list: &str| {
        let rest = path.split_once(list)?.1;
        rest.split_once(']')?.0.parse::<usize>().ok()
    };
    if let Some(at) = row("criteria[") {
        let field = if part == "weight" { "weight" } else { "name" };
        return format!("criteria.{}.{field}", at + 1);
    }
    if let Some(at) = row("ties[") {
        return format!("tie_{}", at + 1);
    }
    match part.trim_start_matches("tally.") {
        "scale.min" => "min".to_owned(),
        "scale.max" | "scale" => "max".to_owned(),
        "scale.step" => "step".to_owned(),
        "criteria" => "criteria.1.name".to_owned(),
        "independent_judge_needed" => "independent".to_owned(),
        other => other.to_owned(),
    }
}
