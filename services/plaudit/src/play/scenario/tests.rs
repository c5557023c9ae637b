#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::support::{Part, Unit};
use super::*;

const PROGRAMME: &str = r#"
title = "A small prize"
currency = "GBP"

[scale]
min = "0"
max = "10"
step = "0.5"

[[criteria]]
id = "idea"
name = "Idea"
weight = "2"

[aggregation]
method = "mean"
round_criterion = 2
round_weighted = 2

[[prizes]]
rank = 1
amount_minor = 1001
support = "3 days of advice"
"#;

/// A folder with two pitches and two judges, one of whom marks only the first.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("programme.toml", PROGRAMME),
        ("pitches.csv", "pitch,title,team\np01,\"Bread, shared\",Loaf\np02,Wool,\n"),
        ("judges.csv", "judge,name\nJ1,Ada\nJ2,Ben\n"),
        ("marks.csv", "pitch,judge,criterion,mark\np01,J1,idea,9.5\np02,J1,idea,7\np01,J2,idea,8\n"),
    ] {
        write(folder.path(), file, text);
    }
    folder
}

fn write(folder: &Path, file: &str, text: &str) {
    fs::write(folder.join(file), text).unwrap();
}

fn refused(folder: &Path) -> String {
    Scenario::read(folder).unwrap_err().what
}

#[test]
fn a_folder_of_the_shared_format_is_read_whole() {
    let folder = folder();
    let scenario = Scenario::read(folder.path()).unwrap();
    assert_eq!(scenario.name, folder.path().file_name().unwrap().to_string_lossy());
    assert_eq!(scenario.pitches[0].named(), "Bread, shared (Loaf)");
    assert_eq!(scenario.pitches[1].named(), "Wool");
    assert_eq!(scenario.pitches[0].answers["summary"], "Bread, shared, entered by Loaf.");
    assert_eq!(
        scenario.judges.iter().map(|judge| judge.office).collect::<Vec<_>>(),
        [Office::Chair, Office::Judge]
    );
    assert_eq!(scenario.marks[&(0, 0)]["idea"], "9.5");
    assert_eq!(scenario.marks.get(&(1, 1)), None);
    assert_eq!(scenario.marks_given(), 3);
    assert_eq!(scenario.prizes[0].minor, 1001);
}

#[test]
fn what_was_published_may_still_be_missing_when_a_scenario_is_read() {
    let folder = folder();
    let scenario = Scenario::read(folder.path()).unwrap();
    assert_eq!(expected::read(&scenario).unwrap_err().what, "there is no such file");
    write(folder.path(), "expected.csv", "pitch,total,rank\np02,14.00,\np01,17.50,1\n");
    let expected = expected::read(&scenario).unwrap();
    assert_eq!((expected[0].total.as_deref(), expected[0].rank), (Some("17.50"), Some(1)));
    assert_eq!(expected[1].rank, None);
    write(folder.path(), "expected.csv", "pitch,total,rank\np01,17.50,1\n");
    assert_eq!(expected::read(&scenario).unwrap_err().what, "p02 is not in it");
}

#[test]
fn marks_of_nobody_or_half_a_scorecard_are_refused() {
    let folder = folder();
    let marks = |lines: &str| {
        write(folder.path(), "marks.csv", &format!("pitch,judge,criterion,mark\n{lines}"));
        refused(folder.path())
    };
    assert_eq!(marks("p01,J3,idea,5\n"), "there is no judge J3");
    assert_eq!(marks("p03,J1,idea,5\n"), "there is no pitch p03");
    assert_eq!(marks("p01,J1,wit,5\n"), "there is no criterion wit");
    assert_eq!(marks("p01,J1,idea,5\np01,J1,idea,6\n"), "J1 marked idea of p01 twice");
    let two = PROGRAMME.replace(
        "[aggregation]",
        "[[criteria]]\nid = \"wit\"\nname = \"Wit\"\nweight = \"1\"\n\n[aggregation]",
    );
    write(folder.path(), "programme.toml", &two);
    assert_eq!(marks("p01,J1,idea,5\n"), "judge 1 gave pitch 1 only 1 of 2 marks");
}

#[test]
fn rules_that_cant_be_played_are_refused_rather_than_ignored() {
    let folder = folder();
    for (known, unknown) in [
        ("method = \"mean\"", "method = \"borda\""),
        ("round_criterion = 2", "ties = \"lot\""),
        ("round_criterion = 2", "normalisation = \"z-score\""),
    ] {
        write(folder.path(), "programme.toml", &PROGRAMME.replace(known, unknown));
        assert!(refused(folder.path()).contains("unknown variant"), "{unknown}");
    }
}

#[test]
fn texts_answer_the_form() {
    let folder = folder();
    write(
        folder.path(),
        "form.toml",
        "[[form]]\nid = \"what\"\nask = \"What is it?\"\n\n[[form]]\nid = \"why\"\nask = \"Why you?\"\nmost_characters = 99\n",
    );
    fs::create_dir(folder.path().join("texts")).unwrap();
    write(
        folder.path(),
        "texts/p01.md",
        "# Bread\n\n## What is it?\n\nA bakery.\n\nOurs.\n\n## Why you?\n\nFlour.\n",
    );
    let scenario = Scenario::read(folder.path()).unwrap();
    assert_eq!(scenario.pitches[0].answers["what"], "A bakery.\n\nOurs.");
    assert_eq!(scenario.pitches[0].answers["why"], "Flour.");
    assert_eq!(scenario.pitches[1].answers["why"], "Wool, entered by Wool.");
    write(folder.path(), "texts/p01.md", "# Bread\n\n## What is it?\n\nA bakery.\n");
    assert_eq!(refused(folder.path()), "'Why you?' is not answered");
    write(folder.path(), "texts/p01.md", "# Bread\n\n## Who?\n\nUs.\n");
    assert_eq!(refused(folder.path()), "form.toml asks no question 'Who?'");
}

#[test]
fn support_is_counted_in_quarters() {
    let read = |text: &str| {
        let pledge = Pledge::read(text).unwrap();
        (pledge.quarters, pledge.unit)
    };
    assert_eq!(read("3 days of business support"), (12, Unit::Day));
    assert_eq!(read("1.5 hours with a solicitor"), (6, Unit::Hour));
    assert_eq!(read("a desk for a month"), (4, Unit::Item));
    assert_eq!(read("0.3 days of luck"), (4, Unit::Item));
    assert_eq!(read("0 days"), (4, Unit::Item));
    assert!(Pledge::read(" ").is_none());
}

#[test]
fn support_is_given_as_planned_or_else_in_two_halves() {
    let folder = folder();
    let given = || Scenario::read(folder.path()).unwrap().prizes[0].support.clone().unwrap().given();
    let halves = [6, 6].map(|quarters| Part { quarters, evidence: None });
    assert_eq!(given(), halves);
    write(folder.path(), "support.csv", "rank,amount,evidence\n1,2.5,Minutes\n1,0.5,\n");
    let evidence = Some("Minutes".to_owned());
    assert_eq!(given(), [Part { quarters: 10, evidence }, Part { quarters: 2, evidence: None }]);
    write(folder.path(), "support.csv", "rank,amount,evidence\n2,1,\n");
    assert_eq!(refused(folder.path()), "rank 2 wins no support");
}

#[test]
fn a_share_of_support_is_given_in_halves_whatever_was_planned_for_the_whole() {
    let mut pledge = Pledge::read("3 days").unwrap();
    pledge.parts.push(Part { quarters: 12, evidence: None });
    let share = pledge.among(2)[1].clone().unwrap();
    assert_eq!(share.given().iter().map(|part| part.quarters).collect::<Vec<_>>(), [3, 3]);
    assert_eq!(pledge.amount(6), "1.5 days");
    assert_eq!(pledge.amount(4), "1 day");
    assert_eq!(pledge.amount(3), "0.75 days");
}

#[test]
fn our_own_examples_can_be_read() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for folder in ["the-den", "panels/shared-first", "panels/median", "panels/trimmed"] {
        let scenario = Scenario::read(&examples.join(folder)).unwrap();
        assert_eq!(expected::read(&scenario).unwrap().len(), scenario.pitches.len());
    }
    let den = Scenario::read(&examples.join("the-den")).unwrap();
    assert_eq!(den.comments.len(), 8);
    assert!(den.has_independent_judge());
    assert_eq!(den.pitches[1].answers.len(), 2);
    assert_eq!(den.prizes[0].support.as_ref().unwrap().given().len(), 3);
}
