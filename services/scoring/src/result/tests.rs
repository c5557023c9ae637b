#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, RoundId, ScorecardId};
use plaudit_proto::scoring::v1::{PitchRanked, ResultDeclared};
use plaudit_proto::v1::Reason;
use plaudit_tally::{Aggregation, Criterion, Normalisation, Rules, Scale};
use uuid::Uuid;

use super::places::declaration;
use super::{ResultCommand, ResultEvent, RoundResult, participants, rank};
use crate::round::Pinned;
use crate::scorecard::{OpenedMarks, Place, Scorecard, ScorecardsOfRound, Sheet, Standing};

const ROUND: RoundId = RoundId(Uuid::from_u128(1));
const BEES: PitchId = PitchId(Uuid::from_u128(30));
const BIKES: PitchId = PitchId(Uuid::from_u128(20));
const BREAD: PitchId = PitchId(Uuid::from_u128(10));

fn pinned(marks_public: bool) -> Pinned {
    Pinned {
        slug: "final".to_owned(),
        rulebook_hash: Bytes::from_static(b"hash"),
        rules: Rules {
            scale: Scale {
                min: "0".parse().unwrap(),
                max: "10".parse().unwrap(),
                step: "0.5".parse().unwrap(),
            },
            criteria: vec![Criterion { id: "impact".to_owned(), weight: "2".parse().unwrap() }],
            aggregation: Aggregation::Mean,
            normalisation: Normalisation::None,
            round_criterion: None,
            round_weighted: None,
            round_total: Some(2),
            ties: Vec::new(),
            least_marks: 1,
        },
        marks_public,
        scorecards: 4,
    }
}

struct Panel {
    cards: Vec<(ScorecardId, Arc<Scorecard>)>,
    opened: HashMap<ScorecardId, OpenedMarks>,
}

impl Panel {
    fn new() -> Self {
        Self { cards: Vec::new(), opened: HashMap::new() }
    }

    fn with(mut self, judge: u128, pitch: PitchId, standing: Standing, mark: &str) -> Self {
        let judge = JudgeId::of(ROUND, MemberId(Uuid::from_u128(judge)));
        let place = Place { round: ROUND, pitch, judge };
        let pitch_left = standing == Standing::SetAside && mark == "left";
        let reason = if pitch_left { Reason::PitchLeft.into() } else { 0 };
        let card = Scorecard { place, standing, pitch_left, reason, ..Scorecard::default() };
        if let Ok(mark) = mark.parse() {
            let sheet = Sheet([("impact".to_owned(), mark)].into());
            self.opened.insert(place.scorecard(), OpenedMarks { salt: [0; 32], sheet });
        }
        self.cards.push((place.scorecard(), Arc::new(card)));
        self
    }

    fn declared(self, marks_public: bool) -> (Vec<PitchRanked>, ResultDeclared, usize) {
        let pinned = pinned(marks_public);
        let cards: ScorecardsOfRound = self.cards.into_iter().collect();
        let pitches = participants(&cards, &[BEES, BIKES, BREAD]);
        let ranking = rank(&pinned.rules, &pitches, &cards, &self.opened).unwrap();
        let (ResultCommand::Declare { places, declared }, openings) = declaration(ROUND, &pinned, &ranking);
        (places, declared, openings.len())
    }
}

fn ranks(places: &[PitchRanked]) -> Vec<(String, &str, u32, u32)> {
    let of = |place: &PitchRanked| place.pitch.clone();
    places.iter().map(|place| (of(place), place.total.as_str(), place.rank, place.shared_by)).collect()
}

#[test]
fn places_are_declared_in_running_order_with_shared_ranks() {
    let (places, declared, _) = Panel::new()
        .with(1, BEES, Standing::Sealed, "7")
        .with(1, BIKES, Standing::Sealed, "8")
        .with(2, BIKES, Standing::Sealed, "6")
        .with(1, BREAD, Standing::Sealed, "9.5")
        .declared(true);
    let expected = [(BEES, "14.00", 2, 2), (BIKES, "14.00", 2, 2), (BREAD, "19.00", 1, 1)];
    assert_eq!(ranks(&places), expected.map(|(pitch, total, rank, by)| (pitch.to_string(), total, rank, by)));
    assert_eq!(places.iter().map(|place| place.scorecards).collect::<Vec<_>>(), [1, 2, 1]);
    assert_eq!((declared.pitches, declared.ranked, declared.round.as_str()), (3, 3, "final"));
}

#[test]
fn abstained_missing_and_set_aside_are_never_zeros() {
    let (places, declared, _) = Panel::new()
        .with(1, BEES, Standing::Sealed, "8")
        .with(2, BEES, Standing::Abstained, "")
        .with(3, BEES, Standing::Expected, "")
        .with(4, BEES, Standing::SetAside, "1")
        .with(1, BIKES, Standing::Abstained, "")
        .declared(true);
    assert_eq!(ranks(&places), [(BEES.to_string(), "16.00", 1, 1), (BIKES.to_string(), "", 0, 0)]);
    assert_eq!((declared.pitches, declared.ranked), (2, 1));
}

#[test]
fn a_pitch_that_left_is_not_in_the_result() {
    let (places, ..) = Panel::new()
        .with(1, BEES, Standing::Sealed, "8")
        .with(1, BIKES, Standing::SetAside, "left")
        .with(2, BIKES, Standing::Released, "")
        .with(1, BREAD, Standing::Released, "")
        .declared(true);
    let pitches: Vec<&str> = places.iter().map(|place| place.pitch.as_str()).collect();
    assert_eq!(pitches, [BEES.to_string(), BREAD.to_string()]);
}

#[test]
fn digests_of_unpublished_marks_are_sealed() {
    let panel = || Panel::new().with(1, BEES, Standing::Sealed, "8");
    let (places, declared, openings) = panel().declared(true);
    assert_eq!((places[0].derivation.len(), declared.derivation.len(), openings), (32, 32, 0));
    assert!(places[0].sealed_derivation.is_empty() && declared.sealed_derivation.is_empty());
    let (places, declared, openings) = panel().declared(false);
    assert_eq!((places[0].sealed_derivation.len(), declared.sealed_derivation.len(), openings), (32, 32, 2));
    assert!(places[0].derivation.is_empty() && declared.derivation.is_empty());
}

fn given(events: Vec<ResultEvent>) -> AggregateTestExecutor<RoundResult> {
    let now = Timestamp::UNIX_EPOCH;
    TestFramework::<RoundResult>::with(Deciding { now, received_at: now, actor: None }).given(events)
}

#[test]
fn a_result_is_declared_once() {
    let place = PitchRanked { pitch: BEES.into(), rank: 1, ..PitchRanked::default() };
    let declared = ResultDeclared { pitches: 1, ranked: 1, ..ResultDeclared::default() };
    let command = ResultCommand::Declare { places: vec![place.clone()], declared: declared.clone() };
    let events: Vec<ResultEvent> = vec![place.into(), declared.into()];
    given(vec![]).when(command.clone()).then_expect_events(events.clone());
    given(events).when(command).then_expect_events(vec![]);
}
