#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::plan::{Plan, PrizePlan, QuestionPlan, Template, Tie};
use super::reader::Reader;
use super::rulebook::{Ids, asked_in, publication};
use super::view::View;
use super::{STEPS, Step};
use crate::components::Errors;
use crate::fields::Fields;

fn now() -> Timestamp {
    "2030-01-01T12:00:00Z".parse().unwrap()
}

fn changed(step: Step, changes: &[(&str, &str)]) -> (Plan, Errors) {
    let mut plan = Plan::of(Template::Evening, now());
    let mut fields = step.fields(&plan);
    for (name, value) in changes {
        fields.0.retain(|(known, _)| known != name);
        fields.0.push(((*name).to_owned(), (*value).to_owned()));
    }
    let errors = step.read(&fields, &mut plan, now());
    (plan, errors)
}

#[test]
fn every_step_of_every_template_reads_what_it_shows() {
    for template in [Template::Evening, Template::Open] {
        let mut plan = Plan::of(template, now());
        plan.round.ties = vec![Tie::Criterion(1), Tie::Median];
        plan.embargo = Some(plan.deadline.date().tomorrow().unwrap().to_datetime(plan.deadline.time()));
        for step in STEPS {
            let mut read = plan.clone();
            let fields = step.fields(&plan);
            let errors = step.read(&fields, &mut read, now());
            assert_eq!(errors, Errors::new(), "{step:?}");
            read.done.clear();
            assert_eq!(read, plan, "{step:?}");
            // What is in the fields is in the form.
            let view = View { fields: &fields, errors: &errors };
            let shown = step.form(&view, "The Den").into_string();
            for (name, _) in &fields.0 {
                assert!(shown.contains(&format!("name=\"{name}\"")), "{step:?} doesn't ask for {name}");
            }
        }
        let kept = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&kept).unwrap(), plan);
    }
}

/// A step, what is typed in it, and the field that is at fault.
type Wrong = (Step, &'static [(&'static str, &'static str)], &'static str);

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let table: &[Wrong] = &[
        (Step::Prize, &[("prizes.1.amount", "lots")], "prizes.1.amount"),
        (Step::Prize, &[("prizes.1.amount", "")], "prizes.1.amount"),
        (Step::Prize, &[("prizes.1.name", "")], "prizes.1.name"),
        (Step::Prize, &[("prizes.1.name", ""), ("prizes.1.amount", "")], "prizes.1.name"),
        (Step::Prize, &[("prizes.1.rank", "0")], "prizes.1.rank"),
        (Step::Prize, &[("currency", "BTC")], "currency"),
        (Step::Who, &[("call", "")], "call"),
        (Step::Who, &[("deadline.day", "31"), ("deadline.month", "2")], "deadline"),
        (Step::Who, &[("deadline.year", "2029")], "deadline"),
        (Step::Who, &[("deadline_time", "teatime")], "deadline_time"),
        (Step::Who, &[("time_zone", "Narnia/Lamp_Post")], "time_zone"),
        (Step::Who, &[("grace_seconds", "4000")], "grace_seconds"),
        (Step::Who, &[("gate.1.explained", "Only the advice")], "gate.1.says"),
        (Step::Ask, &[("form.1.most_characters", "0")], "form.1.most_characters"),
        (Step::Ask, &[("form.2.says", ""), ("form.2.explained", "Advice")], "form.2.says"),
        (Step::Ask, &[("most_attachments", "6")], "most_attachments"),
        (Step::Judging, &[("criteria.2.weight", "heavy")], "criteria.2.weight"),
        (Step::Judging, &[("criteria.2.weight", "0")], "criteria.2.weight"),
        (Step::Judging, &[("max", "0")], "max"),
        (Step::Judging, &[("step", "0.3")], "step"),
        (Step::Judging, &[("step", "0")], "step"),
        (Step::Judging, &[("every_judge", "no"), ("judges_per_pitch", "5")], "quorum"),
        (Step::Judging, &[("anonymous", "yes")], "anonymous"),
        (Step::Judging, &[("aggregation", "trimmed_mean")], "trim"),
        (Step::Judging, &[("aggregation", "loudest")], "aggregation"),
        (Step::Judging, &[("tie_2", "first_places")], "tie_2"),
        (Step::Judging, &[("tie_1", "criterion.9")], "tie_1"),
        (Step::Rules, &[("days_to_accept", "0")], "days_to_accept"),
        (Step::Rules, &[("days_kept", "4000")], "days_kept"),
        (Step::Rules, &[("marks", "")], "marks"),
        (Step::Rules, &[("embargoed", "yes")], "embargo"),
    ];
    for (step, changes, field) in table {
        let (_, errors) = changed(*step, changes);
        assert!(errors.get(field).is_some(), "{step:?} {changes:?}: {errors:?}");
        // The summary's link leads to an input of the form.
        let mut fields = step.fields(&Plan::of(Template::Evening, now()));
        fields.0.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let form = step.form(&View { fields: &fields, errors: &errors }, "The Den").into_string();
        assert!(form.contains(&format!("id=\"{field}\"")), "{step:?} has no {field}");
    }
}

#[test]
fn a_step_changes_the_plan_only_in_its_own_part() {
    let (plan, errors) = changed(
        Step::Judging,
        &[
            ("tie_1", "criterion.3"),
            ("criteria.2.name", ""),
            ("criteria.2.weight", ""),
            ("criteria.2.guidance", ""),
        ],
    );
    assert_eq!(errors, Errors::new());
    assert_eq!(plan.round.criteria.len(), 2);
    assert_eq!(
        plan.round.ties,
        [Tie::Criterion(1), Tie::Median],
        "the third row is the second criterion now"
    );
    assert_eq!(plan.prizes, Plan::of(Template::Evening, now()).prizes);
    assert_eq!(plan.done, BTreeSet::from([Step::Judging]));
}

#[test]
fn ids_are_unique_across_all_parts_and_well_formed() {
    let mut plan = Plan::of(Template::Evening, now());
    let same = "The final: naïve & “quoted”, and much longer than any id may ever be in a rulebook of ours";
    let question = |says: &str| QuestionPlan { says: says.to_owned(), ..QuestionPlan::default() };
    plan.form = vec![question("Final"), question("¿?"), question("¿?"), question(same), question(same)];
    plan.prizes = vec![PrizePlan { name: "Final".to_owned(), ..PrizePlan::default() }];
    plan.round.criteria[0].name = "Final".to_owned();
    plan.round.criteria[1].name = "Final 2".to_owned();
    let ids = Ids::of(&plan);
    let all: Vec<&String> = ids
        .gate
        .iter()
        .chain(&ids.form)
        .chain(&ids.criteria)
        .chain(&ids.prizes)
        .chain([&ids.round])
        .collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
    for id in &all {
        let fits = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(fits && (1..=60).contains(&id.len()), "{id}");
    }
    assert_eq!((ids.round.as_str(), ids.form[1].as_str()), ("final", "question"));
}

#[test]
fn a_plan_is_published_as_the_contracts_know_it() {
    let mut plan = Plan::of(Template::Evening, now());
    plan.about = "For young co-operatives.".to_owned();
    plan.prizes[0].support = "Three days of advice.".to_owned();
    plan.round.ties.push(Tie::Criterion(0));
    let body = publication(&plan, "The Den").unwrap();
    let rulebook = &body["rulebook"];
    assert_eq!(rulebook["deadline"], "2030-01-08T17:30:00Z");
    assert_eq!(rulebook["pot"]["minor"], 200_000);
    assert_eq!(rulebook["prizes"][0]["support"], true);
    assert_eq!(rulebook["rounds"][0]["id"], "final");
    assert_eq!(rulebook["rounds"][0]["tally"]["ties"][2]["criterion"], "the-difference-it-makes");
    assert!(rulebook.get("most_attachments").is_none(), "where no files come, nothing is said of them");
    // It reads back as pages read any rulebook.
    let read: crate::api::Rulebook = serde_json::from_value(rulebook.clone()).unwrap();
    assert_eq!(read.rounds[0].tally.criteria.len(), 3);
    let prose = body["prose"].as_str().unwrap();
    assert!(prose.starts_with("# The Den\n\nFor young co-operatives."), "{prose}");
    assert!(prose.contains("first-prize: First prize\nThree days of advice."), "{prose}");
    plan.time_zone = "Narnia/Lamp_Post".to_owned();
    assert!(publication(&plan, "The Den").is_none());
}

#[test]
fn what_publishing_finds_wrong_is_asked_somewhere() {
    for (field, step, input) in [
        ("rulebook.deadline", Step::Who, "deadline"),
        ("rulebook.rounds[0].tally.criteria[1].weight", Step::Judging, "criteria.2.weight"),
        ("rulebook.rounds[0].tally.ties[0]", Step::Judging, "tie_1"),
        ("rulebook.rounds[0].tally.scale.step", Step::Judging, "step"),
        ("rulebook.rounds[0].quorum", Step::Judging, "quorum"),
        ("rulebook.rounds[0].tally.trim", Step::Judging, "trim"),
        ("rulebook.form[2].most_characters", Step::Ask, "form.3.says"),
        ("rulebook.prizes[0].amount.minor", Step::Prize, "prizes.1.amount"),
        ("rulebook.days_kept", Step::Rules, "days_kept"),
        ("prose", Step::Prize, "about"),
    ] {
        assert_eq!(asked_in(field), (step, input.to_owned()), "{field}");
    }
}

#[test]
fn a_copy_has_the_rules_and_words_and_no_people() {
    let mut plan = Plan::of(Template::Open, now());
    plan.about = "For all.".to_owned();
    plan.promoter = "Fenbank Trust".to_owned();
    plan.stand_in = "Perpetua".to_owned();
    plan.most_attachments = 0;
    let body = publication(&plan, "The Den").unwrap();
    let programme = serde_json::json!({
        "id": uuid::Uuid::nil(), "title": "The Den", "phase": "published",
        "rulebook": body["rulebook"], "prose": body["prose"],
    });
    let programme = serde_json::from_value(programme).unwrap();
    let copied = super::copied(&programme, now()).unwrap();
    let expected = Plan { promoter: String::new(), stand_in: String::new(), ..plan };
    assert_eq!(copied, expected);
    let published = super::copied::published(&programme).unwrap();
    assert_eq!(published.deadline, expected.deadline, "what is public keeps its dates");
    assert!(published.about.contains("Fenbank Trust"), "and its people");
}

#[test]
fn an_empty_form_is_refused_and_never_breaks() {
    for step in STEPS {
        let mut plan = Plan::default();
        let errors = step.read(&Fields::default(), &mut plan, now());
        assert!(!errors.is_empty(), "{step:?}");
    }
    assert!(Reader::of(&Fields::default()).rows("prizes").is_empty());
}
