//! What a rulebook may say, and what marks a judge may hand in under it.

use plaudit_tally::{Aggregation, MarkProblem, Rules, RulesError, Rung};

use crate::{card, plain_rules, scale};

#[test]
fn sensible_rules_pass_and_survive_json() {
    let mut rules = plain_rules(&[("impact", "2"), ("team", "0.5")]);
    rules.aggregation = Aggregation::TrimmedMean { trim: 2 };
    rules.round_weighted = Some(12);
    rules.ties = vec![Rung::Criterion("team".into()), Rung::MostFirstPlaces, Rung::HigherMedian];
    assert_eq!(rules.validate(), Ok(()));
    let json = serde_json::to_string(&rules).unwrap();
    assert_eq!(serde_json::from_str::<Rules>(&json).unwrap(), rules);
}

#[test]
fn an_unknown_setting_is_not_read_over() {
    let mut json = serde_json::to_value(plain_rules(&[("c", "1")])).unwrap();
    json["round_up"] = true.into();
    assert!(serde_json::from_value::<Rules>(json).is_err());
}

/// A change to good rules, and the one sentence that it must lead to.
type Mistake = (fn(&mut Rules), &'static str);

#[test]
fn each_mistake_has_its_sentence() {
    let mistakes: [Mistake; 12] = [
        (|r| r.criteria.clear(), "there are no criteria; name at least one"),
        (|r| r.criteria[1].id.clear(), "criterion 2 has no id; give it one"),
        (|r| r.criteria[1].id = "x".into(), "criterion “x” is listed twice; leave one out or rename it"),
        (
            |r| r.criteria[1].weight = "0".parse().unwrap(),
            "criterion “y” has the weight 0; it must be greater than zero",
        ),
        (|r| r.scale = scale("5", "5", "1"), "the scale runs from 5 to 5; its max must be above its min"),
        (|r| r.scale = scale("0", "5", "0"), "the scale's step is 0; it must be greater than zero"),
        (
            |r| r.scale = scale("1", "10", "0.4"),
            "steps of 0.4 from 1 don't reach 10; change the scale's step or its ends",
        ),
        (
            |r| r.aggregation = Aggregation::TrimmedMean { trim: 0 },
            "the trimmed mean leaves out no mark; set trim to at least 1 or choose the mean",
        ),
        (|r| r.round_criterion = Some(13), "round_criterion asks for 13 decimals; the most is 12"),
        (|r| r.round_total = Some(99), "round_total asks for 99 decimals; the most is 12"),
        (
            |r| r.ties = vec![Rung::HigherMedian, Rung::Criterion("z".into())],
            "tie-break 2 names the criterion “z”, which is not listed",
        ),
        (
            |r| r.ties = vec![Rung::MostFirstPlaces, Rung::MostFirstPlaces],
            "tie-break 2 repeats an earlier one; leave it out",
        ),
    ];
    for (mistake, sentence) in mistakes {
        let mut rules = plain_rules(&[("x", "1"), ("y", "1")]);
        mistake(&mut rules);
        let errors = rules.validate().unwrap_err();
        let sentences: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(sentences, [sentence]);
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let mut rules = plain_rules(&[("x", "-1"), ("x", "1")]);
    rules.scale = scale("10", "0", "-1");
    rules.round_weighted = Some(40);
    let errors = rules.validate().unwrap_err();
    assert_eq!(errors.len(), 5, "{errors:?}");
    assert!(errors.contains(&RulesError::DuplicateCriterion("x".into())));
}

#[test]
fn marks_on_the_scale_and_its_steps_pass() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.scale = scale("1", "10", "0.75");
    for mark in ["1", "1.75", "10", "9.25"] {
        assert_eq!(rules.check_marks(&card("p", "j", &[("c", mark)]).marks), Ok(()), "{mark}");
    }
    for mark in ["0.25", "10.75", "2", "1.751", "9.24999999"] {
        assert!(rules.check_marks(&card("p", "j", &[("c", mark)]).marks).is_err(), "{mark}");
    }
}

#[test]
fn every_wrong_mark_is_named_with_what_would_be_right() {
    let rules = plain_rules(&[("impact", "1"), ("team", "1"), ("plan", "1"), ("fit", "1")]);
    let marks = [("plan", "7.25"), ("team", "10.5"), ("style", "5"), ("fit", "-1")];
    let errors = rules.check_marks(&card("p", "j", &marks).marks).unwrap_err();
    let sentences: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        sentences,
        [
            "“impact” has no mark; give it one from 0 to 10",
            "“team” is marked 10.5; marks go from 0 to 10",
            "“plan” is marked 7.25; marks go up from 0 in steps of 0.5",
            "“fit” is marked -1; marks go from 0 to 10",
            "“style” is not one of this round's criteria; leave it out",
        ]
    );
    assert_eq!(errors[0].criterion, "impact");
    assert_eq!(errors[4].problem, MarkProblem::Unknown);
}
