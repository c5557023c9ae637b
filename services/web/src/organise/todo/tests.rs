use uuid::Uuid;

use super::*;
use crate::organise::facts::{Awards, Marking, Pitches};
use crate::organise::seen::{Counts, Progress};

const ME: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn facts(phase: Phase) -> Facts {
    let round = RoundFacts {
        id: "final".to_owned(),
        name: "The final".to_owned(),
        quorum: 3,
        ..RoundFacts::default()
    };
    Facts { phase: Some(phase), organiser: true, me: ME, signing: 2, rounds: vec![round], ..Facts::default() }
}

fn with(phase: Phase, change: impl FnOnce(&mut Facts)) -> Facts {
    let mut facts = facts(phase);
    change(&mut facts);
    facts
}

fn seated(state: &str, accepted: usize, declared: usize) -> PanelFacts {
    let counts = Counts { accepted, declared, ..Counts::default() };
    PanelFacts { state: state.to_owned(), counts }
}

fn marked(phase: &str, missing: usize, proposed_by: Option<Uuid>) -> impl Fn(&mut Facts) {
    let phase = phase.to_owned();
    move |facts: &mut Facts| {
        let progress =
            Progress { expected: 9, missing, unsealing_proposed_by: proposed_by, ..Progress::default() };
        facts.rounds[0].panel = Some(seated("ready", 3, 3));
        facts.rounds[0].marking =
            Some(Marking { phase: phase.clone(), progress, declared: phase == "unsealed" });
    }
}

fn evening(facts: &mut Facts) {
    facts.invited_call = true;
    facts.rounds[0].den = true;
}

/// What is the case, the facts, and what needs doing.
type Case = (&'static str, Facts, Vec<(Turn, &'static str)>);

/// Facts, and of each thing to do where, and whether it is the reader's turn.
#[test]
fn what_needs_doing_follows_from_the_facts() {
    use Turn::{Others, Yours};
    let judged = |facts: &mut Facts| facts.rounds[0].panel = Some(seated("convened", 3, 3));
    let table: Vec<Case> = vec![
        ("drafted", facts(Phase::Drafted), vec![(Yours, "/organise/setup")]),
        (
            "drafted alone",
            with(Phase::Drafted, |facts| facts.signing = 1),
            vec![(Yours, "/organise/setup"), (Yours, "/organise/setup/people")],
        ),
        ("published", facts(Phase::Published), vec![(Yours, "/organise/call")]),
        (
            "published alone",
            with(Phase::Published, |facts| facts.signing = 1),
            vec![(Yours, "/organise/setup/people")],
        ),
        (
            "I proposed to open",
            with(Phase::Published, |facts| facts.opening_proposed_by = Some(ME)),
            vec![(Others, "/organise/call")],
        ),
        (
            "another proposed to open",
            with(Phase::Published, |facts| facts.opening_proposed_by = Some(OTHER)),
            vec![(Yours, "/organise/call")],
        ),
        (
            "an approver waits for organisers",
            with(Phase::Published, |facts| facts.organiser = false),
            vec![(Others, "")],
        ),
        (
            "nobody is invited yet",
            with(Phase::Published, |facts| facts.invited_call = true),
            vec![(Yours, "/organise/call"), (Yours, "/organise/call")],
        ),
        ("an open call runs on", with(Phase::Open, judged), vec![(Others, "/organise/pitches")]),
        (
            "the deadline has passed",
            with(Phase::Open, |facts| {
                judged(facts);
                facts.deadline_passed = true;
            }),
            vec![(Others, "/organise/call")],
        ),
        (
            "two of three have entered",
            with(Phase::Open, |facts| {
                judged(facts);
                (facts.invited_call, facts.asked, facts.unanswered) = (true, 3, 1);
            }),
            vec![(Others, "/organise/call")],
        ),
        (
            "all three have entered",
            with(Phase::Open, |facts| {
                judged(facts);
                (facts.invited_call, facts.asked) = (true, 3);
            }),
            vec![(Yours, "/organise/call")],
        ),
        (
            "pitches to check, and one that was asked something",
            with(Phase::Closed, |facts| {
                judged(facts);
                facts.pitches = Pitches { undecided: 2, queried: 1, ..Pitches::default() };
            }),
            vec![(Yours, "/organise/screening"), (Others, "/organise/screening")],
        ),
        (
            "all are checked",
            with(Phase::Closed, |facts| {
                judged(facts);
                facts.pitches = Pitches { eligible: 2, ineligible: 1, ..Pitches::default() };
            }),
            vec![(Yours, "/organise/screening")],
        ),
        (
            "two forms came too late",
            with(Phase::Closed, |facts| {
                judged(facts);
                facts.pitches = Pitches { eligible: 1, ..Pitches::default() };
                facts.late = 2;
            }),
            vec![(Yours, "/organise/screening"), (Yours, "/organise/pitches#late")],
        ),
        (
            "one came too late, and the call is about to close",
            with(Phase::Open, |facts| {
                judged(facts);
                (facts.deadline_passed, facts.late) = (true, 1);
            }),
            vec![(Others, "/organise/call"), (Others, "/organise/pitches#late")],
        ),
        ("nobody has entered", with(Phase::Closed, judged), vec![(Yours, "/organise/call")]),
        (
            "a proposal of mine and one of another's",
            with(Phase::Closed, |facts| {
                judged(facts);
                facts.pitches = Pitches { eligible: 1, proposals: vec![ME, OTHER], ..Pitches::default() };
            }),
            vec![
                (Yours, "/organise/screening"),
                (Yours, "/organise/pitches?show=proposals"),
                (Others, "/organise/pitches?show=proposals"),
            ],
        ),
        ("no panel", facts(Phase::Screened), vec![(Yours, "/organise/panel/final")]),
        (
            "too few judges",
            with(Phase::Screened, |facts| facts.rounds[0].panel = Some(seated("convened", 1, 1))),
            vec![(Yours, "/organise/panel/final")],
        ),
        (
            "declarations missing",
            with(Phase::Screened, |facts| facts.rounds[0].panel = Some(seated("convened", 4, 3))),
            vec![(Others, "/organise/panel/final")],
        ),
        ("to assign", with(Phase::Screened, judged), vec![(Yours, "/organise/panel/final")]),
        (
            "to be ready",
            with(Phase::Screened, |facts| facts.rounds[0].panel = Some(seated("assigned", 3, 3))),
            vec![(Yours, "/organise/panel/final")],
        ),
        (
            "to open",
            with(Phase::Screened, |facts| facts.rounds[0].panel = Some(seated("ready", 3, 3))),
            vec![(Yours, "/organise/rounds/final")],
        ),
        (
            "score sheets missing",
            with(Phase::Screened, marked("open", 4, None)),
            vec![(Others, "/organise/rounds/final")],
        ),
        (
            "all are in",
            with(Phase::Screened, marked("open", 0, None)),
            vec![(Yours, "/organise/rounds/final")],
        ),
        ("locked", with(Phase::Screened, marked("locked", 0, None)), vec![(Yours, "/organise/rounds/final")]),
        (
            "I proposed",
            with(Phase::Screened, marked("locked", 0, Some(ME))),
            vec![(Others, "/organise/rounds/final")],
        ),
        (
            "another did",
            with(Phase::Screened, marked("locked", 0, Some(OTHER))),
            vec![(Yours, "/organise/rounds/final")],
        ),
        (
            "the small evening, all in",
            with(Phase::Screened, |facts| {
                marked("open", 0, None)(facts);
                evening(facts);
            }),
            vec![(Yours, "/organise/finish-scoring")],
        ),
        (
            "the small evening, finished by another",
            with(Phase::Screened, |facts| {
                marked("locked", 0, Some(OTHER))(facts);
                evening(facts);
            }),
            vec![(Yours, "/organise/confirm-winners")],
        ),
        ("a result", with(Phase::Screened, marked("unsealed", 0, None)), vec![(Yours, "/organise/awards")]),
        (
            "awards proposed by me",
            with(Phase::Screened, |facts| {
                marked("unsealed", 0, None)(facts);
                facts.awards = Awards { proposed_by: vec![ME], ..Awards::default() };
            }),
            vec![(Others, "/organise/awards")],
        ),
        (
            "awards approved",
            with(Phase::Screened, |facts| {
                marked("unsealed", 0, None)(facts);
                facts.awards = Awards { approved: 1, ..Awards::default() };
            }),
            vec![(Yours, "/organise/announcement")],
        ),
        (
            "accepted, and not paid",
            with(Phase::Screened, |facts| {
                marked("unsealed", 0, None)(facts);
                facts.awards = Awards { accepted: 1, ..Awards::default() };
            }),
            vec![(Yours, "/organise/awards")],
        ),
        (
            "paid",
            with(Phase::Screened, |facts| {
                marked("unsealed", 0, None)(facts);
                facts.awards = Awards { accepted: 1, paid: 1, ..Awards::default() };
            }),
            vec![],
        ),
        ("over", facts(Phase::Concluded), vec![]),
    ];
    for (name, facts, expected) in table {
        let found = todos(&facts);
        let found: Vec<(Turn, &str)> = found.iter().map(|todo| (todo.turn, todo.at.as_str())).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn forms_that_came_too_late_are_counted_in_words() {
    let says = |late: usize| {
        let facts = with(Phase::Closed, |facts| facts.late = late);
        todos(&facts).into_iter().find(|todo| todo.at.ends_with("#late")).map(|todo| todo.what)
    };
    assert_eq!(says(0), None);
    assert_eq!(says(1).as_deref(), Some("1 form came after the deadline: see whether to reopen it"));
    assert_eq!(says(2).as_deref(), Some("2 forms came after the deadline: see whether to reopen one"));
}

/// Whoever proposed something is never asked to confirm it.
#[test]
fn nobody_confirms_what_they_proposed() {
    for phase in [Phase::Published, Phase::Open, Phase::Screened] {
        let facts = with(phase, |facts| {
            evening(facts);
            facts.asked = 3;
            facts.opening_proposed_by = Some(ME);
            facts.closing_proposed_by = Some(ME);
            facts.auditor_proposed_by = Some(ME);
            marked("locked", 0, Some(ME))(facts);
        });
        for todo in todos(&facts) {
            assert_eq!(todo.turn, Turn::Others, "{phase:?}: {}", todo.what);
        }
    }
}
