#![allow(clippy::unwrap_used)]

use jiff::Timestamp;
use plaudit_chassis::clock::to_proto;
use plaudit_proto::v1::{
    Aggregation, CallKind, Criterion, FormQuestion, GateQuestion, MarksVisibility, Money, Normalisation,
    Prize, Round, RoundEnd, RoundKind, Rulebook, Rung, Scale, Tally, rung,
};

use super::{Ending, hash, validate};

/// When the tests take place.
pub fn now() -> Timestamp {
    "2030-01-01T12:00:00Z".parse().unwrap()
}

/// The deadline of [`sample`].
pub fn deadline() -> Timestamp {
    "2030-02-01T17:00:00Z".parse().unwrap()
}

/// One prize, one den, three judges.
pub fn sample() -> Rulebook {
    Rulebook {
        call: CallKind::Open.into(),
        deadline: Some(to_proto(deadline())),
        grace_seconds: 60,
        time_zone: "Europe/London".into(),
        languages: vec!["en-GB".into()],
        gate: vec![GateQuestion { id: "platform-co-op".into() }],
        form: vec![
            FormQuestion { id: "what".into(), required: true, most_characters: 20 },
            FormQuestion { id: "more".into(), required: false, most_characters: 10 },
        ],
        rounds: vec![Round {
            id: "den".into(),
            kind: RoundKind::Den.into(),
            end: RoundEnd::MarksOnly.into(),
            tally: Some(tally()),
            judges_per_pitch: 3,
            anonymous: false,
            quorum: 3,
            independent_judge_needed: true,
        }],
        prizes: vec![Prize { id: "first".into(), rank: 1, amount: Some(pounds(200_000)), support: true }],
        pot: Some(pounds(200_000)),
        marks: MarksVisibility::Public.into(),
        embargo: None,
        days_to_accept: 14,
        may_give_no_award: true,
        days_kept: 365,
        most_attachments: 2,
    }
}

fn tally() -> Tally {
    Tally {
        scale: Some(Scale { min: "0".into(), max: "10".into(), step: "0.25".into() }),
        criteria: vec![
            Criterion { id: "impact".into(), weight: "2".into() },
            Criterion { id: "team".into(), weight: "1.2".into() },
        ],
        aggregation: Aggregation::TrimmedMean.into(),
        trim: 1,
        normalisation: Normalisation::None.into(),
        round_criterion: Some(2),
        round_weighted: Some(2),
        round_total: None,
        ties: vec![Rung { rung: Some(rung::Rung::Criterion("impact".into())) }],
        least_marks: 3,
    }
}

fn pounds(minor: i64) -> Money {
    Money { minor, currency: "GBP".into() }
}

#[test]
fn a_sensible_rulebook_is_valid() {
    assert_eq!(validate(&sample(), now()), Ok(()));
}

/// The fields at fault once the sample is spoilt like this.
fn faults(spoil: impl FnOnce(&mut Rulebook)) -> Vec<String> {
    let mut rulebook = sample();
    spoil(&mut rulebook);
    let errors = validate(&rulebook, now()).err().unwrap_or_default();
    errors.into_iter().map(|error| error.field).collect()
}

/// One fault, at this path.
macro_rules! fault {
    ($($name:ident: |$book:ident| $spoil:expr => $($field:literal),+;)*) => {$(
        #[test]
        fn $name() {
            assert_eq!(faults(|$book| { $spoil; }), [$($field),+]);
        }
    )*};
}

fn first_tally(book: &mut Rulebook) -> &mut Tally {
    book.rounds[0].tally.as_mut().unwrap()
}

fn scale(book: &mut Rulebook) -> &mut Scale {
    first_tally(book).scale.as_mut().unwrap()
}

fault! {
    the_call_is_of_a_kind: |b| b.call = 0 => "rulebook.call";
    there_is_a_deadline: |b| b.deadline = None => "rulebook.deadline";
    the_deadline_lies_ahead: |b| b.deadline = Some(to_proto(now())) => "rulebook.deadline";
    grace_is_short: |b| b.grace_seconds = 3_601 => "rulebook.grace_seconds";
    the_time_zone_exists: |b| b.time_zone = "Europe/Atlantis".into() => "rulebook.time_zone";
    the_time_zone_is_no_prose: |b| b.time_zone = "call me, Ada".into() => "rulebook.time_zone";
    there_is_a_language: |b| b.languages.clear() => "rulebook.languages";
    languages_look_like_languages: |b| b.languages.push("plain English".into()) => "rulebook.languages[1]";
    languages_are_listed_once: |b| b.languages.push("EN-gb".into()) => "rulebook.languages[1]";
    gate_questions_have_slugs: |b| b.gate[0].id = "Is it a co-op?".into() => "rulebook.gate[0].id";
    form_questions_are_distinct: |b| b.form[1].id = "what".into() => "rulebook.form[1].id";
    answers_have_a_limit: |b| b.form[0].most_characters = 0 => "rulebook.form[0].most_characters";
    answers_have_a_low_limit: |b| b.form[1].most_characters = 20_001 => "rulebook.form[1].most_characters";
    there_is_a_round: |b| b.rounds.clear() => "rulebook.rounds";
    rounds_are_distinct: |b| b.rounds.push(b.rounds[0].clone()) => "rulebook.rounds[1].id";
    a_round_is_of_a_kind: |b| b.rounds[0].kind = 0 => "rulebook.rounds[0].kind";
    a_round_ends_somehow: |b| b.rounds[0].end = 0 => "rulebook.rounds[0].end";
    a_den_is_not_anonymous: |b| b.rounds[0].anonymous = true => "rulebook.rounds[0].anonymous";
    a_quorum_is_somebody: |b| b.rounds[0].quorum = 0 => "rulebook.rounds[0].quorum";
    the_quorum_serves_each_pitch: |b| b.rounds[0].quorum = 2 => "rulebook.rounds[0].quorum";
    a_round_has_a_tally: |b| b.rounds[0].tally = None => "rulebook.rounds[0].tally";
    least_marks_can_be_reached: |b| first_tally(b).least_marks = 4 => "rulebook.rounds[0].tally.least_marks";
    the_trim_leaves_something: |b| first_tally(b).trim = 2 => "rulebook.rounds[0].tally.trim";
    only_a_trimmed_mean_trims: |b| first_tally(b).aggregation = 1 => "rulebook.rounds[0].tally.trim";
    a_trimmed_mean_trims: |b| first_tally(b).trim = 0 => "rulebook.rounds[0].tally.trim";
    marks_are_aggregated: |b| first_tally(b).aggregation = 0 => "rulebook.rounds[0].tally.trim", "rulebook.rounds[0].tally.aggregation";
    normalisation_is_named: |b| first_tally(b).normalisation = 0 => "rulebook.rounds[0].tally.normalisation";
    there_is_a_scale: |b| first_tally(b).scale = None => "rulebook.rounds[0].tally.scale";
    the_scale_has_numbers: |b| scale(b).min = "none".into() => "rulebook.rounds[0].tally.scale.min";
    the_scale_goes_up: |b| scale(b).max = "0".into() => "rulebook.rounds[0].tally.scale.max";
    the_step_is_positive: |b| scale(b).step = "0".into() => "rulebook.rounds[0].tally.scale.step";
    the_step_fits: |b| scale(b).step = "0.3".into() => "rulebook.rounds[0].tally.scale.step";
    there_is_a_criterion: |b| { first_tally(b).criteria.clear(); first_tally(b).ties.clear() } => "rulebook.rounds[0].tally.criteria";
    criteria_have_slugs: |b| first_tally(b).criteria[1].id = "The Team".into() => "rulebook.rounds[0].tally.criteria[1].id";
    criteria_are_distinct: |b| first_tally(b).criteria[1].id = "impact".into() => "rulebook.rounds[0].tally.criteria[1].id", "rulebook.rounds[0].tally.criteria";
    weights_are_numbers: |b| first_tally(b).criteria[0].weight = "heavy".into() => "rulebook.rounds[0].tally.criteria[0].weight";
    weights_are_positive: |b| first_tally(b).criteria[1].weight = "0".into() => "rulebook.rounds[0].tally.criteria[1].weight";
    roundings_are_bounded: |b| first_tally(b).round_total = Some(13) => "rulebook.rounds[0].tally.round_total";
    rungs_name_criteria: |b| first_tally(b).ties[0].rung = Some(rung::Rung::Criterion("luck".into())) => "rulebook.rounds[0].tally.ties[0]";
    rungs_compare_something: |b| first_tally(b).ties[0].rung = None => "rulebook.rounds[0].tally.ties[0]";
    rungs_are_not_repeated: |b| { let rung = first_tally(b).ties[0].clone(); first_tally(b).ties.push(rung) } => "rulebook.rounds[0].tally.ties[1]";
    there_is_a_pot: |b| b.pot = None => "rulebook.pot";
    the_pot_has_a_currency: |b| { b.pot.as_mut().unwrap().currency = "pounds".into(); b.prizes[0].amount = None } => "rulebook.pot.currency";
    there_is_a_prize: |b| b.prizes.clear() => "rulebook.prizes";
    prizes_fit_the_pot: |b| b.pot = Some(pounds(199_999)) => "rulebook.prizes";
    prizes_are_for_a_rank: |b| b.prizes[0].rank = 0 => "rulebook.prizes[0].rank";
    prizes_are_in_one_currency: |b| b.prizes[0].amount.as_mut().unwrap().currency = "EUR".into() => "rulebook.prizes[0].amount.currency";
    prizes_are_not_negative: |b| b.prizes[0].amount = Some(pounds(-1)) => "rulebook.prizes[0].amount.minor";
    marks_are_seen_by_somebody: |b| b.marks = 0 => "rulebook.marks";
    the_embargo_ends_after_the_deadline: |b| b.embargo = b.deadline => "rulebook.embargo";
    winners_have_time: |b| b.days_to_accept = 0 => "rulebook.days_to_accept";
    attachments_are_few: |b| b.most_attachments = 6 => "rulebook.most_attachments";
    content_is_kept_a_while: |b| b.days_kept = 0 => "rulebook.days_kept";
}

#[test]
fn many_prizes_can_overflow_nothing() {
    let faults = faults(|book| {
        let prize = book.prizes[0].clone();
        let huge = |id: &str| Prize { id: id.into(), amount: Some(pounds(i64::MAX)), ..prize.clone() };
        book.prizes = vec![huge("one"), huge("two")];
    });
    assert_eq!(faults, ["rulebook.prizes"]);
}

#[test]
fn a_rulebook_fits_an_event() {
    let faults = faults(|book| {
        let round = book.rounds[0].clone();
        book.rounds = (0..99).map(|at| Round { id: format!("round-{at}"), ..round.clone() }).collect();
    });
    assert_eq!(faults, ["rulebook"]);
}

#[test]
fn every_fault_is_told_at_once() {
    let faults = faults(|book| {
        book.call = 0;
        book.days_kept = 0;
        first_tally(book).criteria[0].weight = "-1".into();
    });
    assert_eq!(
        faults,
        ["rulebook.call", "rulebook.rounds[0].tally.criteria[0].weight", "rulebook.days_kept"]
    );
}

#[test]
fn the_hash_covers_rules_and_prose() {
    let (book, prose) = (sample(), [7; 32]);
    let published = hash(&book, &prose);
    assert_eq!(published.len(), 32);
    assert_eq!(published, hash(&sample(), &prose));
    assert_ne!(published, hash(&book, &[8; 32]));
    let other = Rulebook { may_give_no_award: false, ..book };
    assert_ne!(published, hash(&other, &prose));
}

#[test]
fn a_call_closes_once_what_came_in_time_has_been_answered() {
    let ending = Ending::of(&sample());
    assert_eq!(ending.last_instant().to_string(), "2030-02-01T17:01:00Z");
    assert_eq!(ending.closing().to_string(), "2030-02-01T17:01:30Z");
}
