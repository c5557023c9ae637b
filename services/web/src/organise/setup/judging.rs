//! How pitches are judged.

use maud::{Markup, html};

use super::plan::{CriterionPlan, Plan, RoundPlan, Tie};
use super::reader::Reader;
use super::view::{Filling, View};
use crate::components::{Checkboxes, Choice, Radios};
use crate::fields::Fields;

pub use super::advanced::MOST_TIES;

pub fn fields(plan: &Plan) -> Fields {
    let round = &plan.round;
    let mut filling = Filling::default();
    filling.put("kind", &round.kind);
    for (at, criterion) in round.criteria.iter().enumerate() {
        let row = format!("criteria.{}", at + 1);
        filling.put(format!("{row}.name"), &criterion.name);
        filling.put(format!("{row}.weight"), &criterion.weight);
        filling.put(format!("{row}.guidance"), &criterion.guidance);
    }
    filling.put("min", &round.min);
    filling.put("max", &round.max);
    filling.put("step", &round.step);
    filling.put("every_judge", if round.judges_per_pitch == 0 { "yes" } else { "no" });
    filling.maybe("judges_per_pitch", Some(round.judges_per_pitch).filter(|judges| *judges > 0));
    filling.put("quorum", round.quorum);
    filling.tick("independent", round.independent);
    filling.tick("anonymous", round.anonymous);
    filling.put("aggregation", &round.aggregation);
    filling.maybe("trim", Some(round.trim).filter(|trim| *trim > 0));
    filling.maybe("round_criterion", round.round_criterion);
    filling.maybe("round_weighted", round.round_weighted);
    filling.maybe("round_total", round.round_total);
    for (at, tie) in round.ties.iter().enumerate() {
        let name = format!("tie_{}", at + 1);
        match tie {
            Tie::Criterion(of) => filling.put(name, format!("criterion.{}", of + 1)),
            Tie::FirstPlaces => filling.put(name, "first_places"),
            Tie::Median => filling.put(name, "median"),
        }
    }
    filling.put("least_marks", round.least_marks);
    filling.done()
}

pub fn read(reader: &mut Reader, plan: &mut Plan) {
    let rows = reader.rows("criteria");
    if rows.is_empty() {
        reader.wrong("criteria.1.name", "Name at least one thing that judges mark");
    }
    let round = RoundPlan {
        kind: one_of(reader, "kind", &["den", "desk", "interview"], "Choose where judges meet the pitches"),
        criteria: rows.iter().map(|row| criterion(reader, &format!("criteria.{row}"))).collect(),
        min: reader.decimal("min"),
        max: reader.decimal("max"),
        step: reader.decimal("step"),
        judges_per_pitch: judges_per_pitch(reader),
        quorum: reader.number("quorum", 1..=1_000),
        independent: reader.fields.has("independent"),
        anonymous: reader.fields.has("anonymous"),
        aggregation: one_of(
            reader,
            "aggregation",
            &["mean", "median", "trimmed_mean"],
            "Choose how marks become one number",
        ),
        trim: reader.maybe_number("trim", 0..=100).unwrap_or_default(),
        round_criterion: reader.maybe_number("round_criterion", 0..=9),
        round_weighted: reader.maybe_number("round_weighted", 0..=9),
        round_total: reader.maybe_number("round_total", 0..=9),
        ties: ties(reader, &rows),
        least_marks: reader.number("least_marks", 0..=1_000),
    };
    together(reader, &round);
    plan.round =
        RoundPlan { trim: if round.aggregation == "trimmed_mean" { round.trim } else { 0 }, ..round };
}

fn one_of(reader: &mut Reader, name: &str, known: &[&str], message: &str) -> String {
    let chosen = reader.fields.text(name).to_owned();
    if !known.contains(&chosen.as_str()) {
        reader.wrong(name, message);
    }
    chosen
}

fn criterion(reader: &mut Reader, row: &str) -> CriterionPlan {
    let weight = format!("{row}.weight");
    let criterion = CriterionPlan {
        name: reader.text(&format!("{row}.name"), 200, "Say what is marked"),
        weight: reader.decimal(&weight),
        guidance: reader.optional(&format!("{row}.guidance"), 2_000),
    };
    if criterion.weight.parse::<f64>().is_ok_and(|number| number <= 0.0) {
        reader.wrong(&weight, "A weight must be more than nothing");
    }
    criterion
}

fn judges_per_pitch(reader: &mut Reader) -> u32 {
    if reader.fields.text("every_judge") == "no" { reader.number("judges_per_pitch", 1..=1_000) } else { 0 }
}

/// The tie-breaks that were chosen; a criterion by its row, which must still
/// be there.
fn ties(reader: &mut Reader, rows: &[usize]) -> Vec<Tie> {
    let mut ties = Vec::new();
    for number in 1..=MOST_TIES {
        let name = format!("tie_{number}");
        let chosen = reader.fields.text(&name);
        let tie = match chosen {
            "" => continue,
            "first_places" => Some(Tie::FirstPlaces),
            "median" => Some(Tie::Median),
            other => {
                let row = other.strip_prefix("criterion.").and_then(|row| row.parse::<usize>().ok());
                row.and_then(|row| rows.iter().position(|known| *known == row)).map(Tie::Criterion)
            }
        };
        match tie {
            None => reader.wrong(&name, "This is no longer marked: choose something else"),
            Some(tie) if ties.contains(&tie) => reader.wrong(&name, "Choose each tie-break once"),
            Some(tie) => ties.push(tie),
        }
    }
    ties
}

/// What only makes sense together.
fn together(reader: &mut Reader, round: &RoundPlan) {
    let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
    let (min, max, step) = (number(&round.min), number(&round.max), number(&round.step));
    if max <= min {
        reader.wrong("max", "The highest mark must be more than the lowest");
    }
    if step <= 0.0 {
        reader.wrong("step", "The step must be more than nothing");
    } else if ((max - min) / step).fract().abs().min(1.0 - ((max - min) / step).fract().abs()) > 1e-6 {
        reader.wrong("step", format!("From {} to {} there must be whole steps", round.min, round.max));
    }
    if round.judges_per_pitch > round.quorum {
        reader.wrong("quorum", "You need at least as many judges as mark each pitch");
    }
    if round.anonymous && round.kind != "desk" {
        reader
            .wrong("anonymous", "Only reading at desks can be without names: elsewhere judges meet the team");
    }
    let judges = if round.judges_per_pitch > 0 { round.judges_per_pitch } else { round.quorum };
    if round.aggregation == "trimmed_mean" && (round.trim == 0 || round.trim * 2 >= judges) {
        reader.wrong("trim", "At least one mark must be left out at each end, and one must remain");
    }
    if round.judges_per_pitch > 0 && round.least_marks > round.judges_per_pitch {
        reader.wrong("least_marks", "A pitch doesn’t get so many judges");
    }
}

pub fn form(view: &View) -> Markup {
    let kind = Radios::new("kind", "Where do judges meet the pitches?")
        .item(Choice::new("den", "On stage").hint("Teams pitch in front of the panel, who ask questions."))
        .item(Choice::new("desk", "At their desks").hint("Judges read what was handed in."))
        .item(Choice::new("interview", "In interviews"))
        .value(view.fields.raw("kind"))
        .errors(view.errors);
    html! {
        (kind)
        h2.govuk-heading-m { "What judges mark" }
        p.govuk-body { "Weights are relative: something of weight 3 counts three times as much as something of weight 1." }
        (view.rows("criteria", "criterion", |row| html! {
            (view.input(&format!("{row}.name"), "What is marked"))
            (view.input(&format!("{row}.weight"), "Weight").inputmode("decimal").width(4))
            (view.area(&format!("{row}.guidance"), "Advice to judges (optional)").rows(2))
        }))
        h2.govuk-heading-m { "Marks" }
        (view.input("min", "Lowest mark").inputmode("decimal").width(4))
        (view.input("max", "Highest mark").inputmode("decimal").width(4))
        (view.input("step", "In steps of").inputmode("decimal").width(4))
        h2.govuk-heading-m { "Judges" }
        (judges(view))
        (super::advanced::form(view))
    }
}

fn judges(view: &View) -> Markup {
    let number = view
        .input("judges_per_pitch", "If they are shared out, how many judges mark each pitch?")
        .inputmode("numeric")
        .width(3);
    let shared = Radios::new("every_judge", "Who marks what?")
        .item(Choice::new("yes", "Every judge marks every pitch"))
        .item(Choice::new("no", "Pitches are shared out").hint("Fairly, and by a lot that nobody can pick."))
        .value(view.fields.raw("every_judge"))
        .errors(view.errors);
    html! {
        (shared)
        (number)
        (view.input("quorum", "How many judges must there be at least?").inputmode("numeric").width(3)
            .hint("The marking can’t open before so many have accepted and said whom they know."))
        (Checkboxes::bare("independent")
            .item(Choice::new("yes", "One of them must be independent of us and of the sponsors").checked(view.fields.has("independent"))
                .hint("Advertising rules often ask for it.")))
    }
}
