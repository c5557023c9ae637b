//! What must hold for every panel there could be.

use plaudit_tally::{
    Aggregation, Criterion, Decimal, Normalisation, Placing, Prize, Ranking, Rational, Rules, Rung, Scale,
    Scorecard, robustness, split_prizes, tally,
};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use crate::slow;

/// A panel: rules, pitches in running order, scorecards.
#[derive(Debug, Clone)]
struct Panel {
    rules: Rules,
    pitches: Vec<String>,
    cards: Vec<Scorecard>,
}

impl Panel {
    fn tally(&self) -> Ranking {
        tally(&self.rules, &self.pitches, &self.cards).unwrap()
    }
}

/// Scales as hundredths: min, step, number of steps. The coarse ones make ties.
const SCALES: [(i64, i64, i64); 4] = [(0, 25, 40), (100, 100, 4), (-300, 150, 4), (0, 100, 1)];

fn hundredths(number: i64) -> Decimal {
    Decimal::try_from(&Rational::new(number.into(), 100.into())).unwrap()
}

fn aggregations() -> impl Strategy<Value = Aggregation> {
    prop_oneof![
        Just(Aggregation::Mean),
        Just(Aggregation::Median),
        (1_u32..=2).prop_map(|trim| Aggregation::TrimmedMean { trim }),
    ]
}

/// Rungs by number: a criterion's, or 3 and 4 for the two others.
fn ladder(criteria: &[Criterion], rungs: Vec<usize>) -> Vec<Rung> {
    let rung = |n: usize| match n {
        3 => Some(Rung::MostFirstPlaces),
        4 => Some(Rung::HigherMedian),
        n => criteria.get(n).map(|criterion| Rung::Criterion(criterion.id.clone())),
    };
    rungs.into_iter().filter_map(rung).collect()
}

fn all_rules() -> impl Strategy<Value = (Rules, (i64, i64, i64))> {
    let rounding = || proptest::option::of(0_u32..=3);
    let weights = proptest::collection::vec(1_i64..=30, 1..=3);
    let rungs = subsequence(vec![0_usize, 1, 2, 3, 4], 0..=5).prop_shuffle();
    let settings = (aggregations(), rounding(), rounding(), rounding(), 0_u32..=3);
    (0..SCALES.len(), weights, rungs, settings).prop_map(|(scale, weights, rungs, settings)| {
        let (min, step, steps) = SCALES[scale];
        let criterion =
            |(n, weight): (usize, &i64)| Criterion { id: format!("c{n}"), weight: hundredths(weight * 10) };
        let criteria: Vec<_> = weights.iter().enumerate().map(criterion).collect();
        let (aggregation, round_criterion, round_weighted, round_total, least_marks) = settings;
        let rules = Rules {
            scale: Scale {
                min: hundredths(min),
                max: hundredths(min + step * steps),
                step: hundredths(step),
            },
            ties: ladder(&criteria, rungs),
            criteria,
            aggregation,
            normalisation: Normalisation::None,
            round_criterion,
            round_weighted,
            round_total,
            least_marks,
        };
        (rules, SCALES[scale])
    })
}

/// Up to 8 pitches and 6 judges; one scorecard in eight is missing.
fn panels() -> impl Strategy<Value = Panel> {
    (all_rules(), 0_usize..=8, 1_usize..=6).prop_flat_map(|((rules, scale), pitches, judges)| {
        let (min, step, steps) = scale;
        let marks = proptest::collection::vec(0..=steps, rules.criteria.len());
        let card = proptest::option::weighted(0.875, marks);
        proptest::collection::vec(card, pitches * judges).prop_map(move |all| {
            let filled = all.iter().enumerate().filter_map(|(n, card)| Some((n, card.as_ref()?)));
            let cards = filled.map(|(n, marks)| Scorecard {
                pitch: format!("p{}", n / judges),
                judge: format!("j{}", n % judges),
                marks: rules
                    .criteria
                    .iter()
                    .zip(marks)
                    .map(|(c, mark)| (c.id.clone(), hundredths(min + step * mark)))
                    .collect(),
            });
            let cards = cards.collect();
            let pitches = (0..pitches).map(|n| format!("p{n}")).collect();
            Panel { rules: rules.clone(), pitches, cards }
        })
    })
}

/// The ranks and printed totals of some pitches, by either road.
type Standings = Vec<Option<(u32, String)>>;

fn by_tally(ranking: &Ranking, pitches: &[String]) -> Standings {
    let of = |pitch: &String| {
        let ranked = ranking.get(pitch).unwrap().ranked()?;
        Some((ranked.rank, ranked.total.to_string()))
    };
    pitches.iter().map(of).collect()
}

fn by_placing(placing: &Placing) -> Standings {
    let shown = |placed: &Option<plaudit_tally::Placed>| {
        placed.as_ref().map(|placed| (placed.rank, placed.total.to_string()))
    };
    placing.0.iter().map(shown).collect()
}

/// A panel with at least one scorecard.
fn marked_panels() -> impl Strategy<Value = Panel> {
    panels().prop_filter("nothing is marked", |panel| !panel.cards.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_slow_tally(panel in panels()) {
        let ranking = panel.tally();
        let slow = slow::tally(&panel.rules, &panel.pitches, &panel.cards);
        for (pitch, expected) in panel.pitches.iter().zip(slow) {
            let ranked = ranking.get(pitch).unwrap().ranked();
            let got = ranked.map(|ranked| (ranked.rank, ranked.total.value().clone()));
            let expected = expected
                .map(|(rank, total)| (rank, Rational::new(total.numer.into(), total.denom.into())));
            prop_assert_eq!(got, expected, "{}", pitch);
        }
    }

    #[test]
    fn the_order_of_scorecards_does_not_show(
        (panel, shuffled) in panels().prop_flat_map(|panel| {
            let shuffled = Just(panel.cards.clone()).prop_shuffle();
            (Just(panel), shuffled)
        }),
    ) {
        let other = tally(&panel.rules, &panel.pitches, &shuffled).unwrap();
        prop_assert_eq!(panel.tally().derivation_bytes(), other.derivation_bytes());
    }

    #[test]
    fn raising_a_mark_never_lowers_the_total(
        panel in marked_panels(), card in any::<Index>(), criterion in any::<Index>(),
    ) {
        let mut raised = panel.clone();
        let card = card.get_mut(&mut raised.cards);
        let criterion = criterion.get(&panel.rules.criteria).id.clone();
        card.marks.insert(criterion, panel.rules.scale.max);
        let pitch = card.pitch.clone();
        let (before, after) = (panel.tally(), raised.tally());
        let total = |ranking: &Ranking| ranking.get(&pitch).unwrap().total().cloned();
        prop_assert!(total(&before) <= total(&after));
    }

    #[test]
    fn ranks_are_well_formed(panel in panels()) {
        let ranking = panel.tally();
        prop_assert_eq!(ranking.pitches.len(), panel.pitches.len());
        let ranked: Vec<_> = ranking.pitches.iter().map_while(|d| d.ranked()).collect();
        prop_assert!(ranking.pitches[ranked.len()..].iter().all(|d| d.ranked().is_none()));
        prop_assert!(ranked.is_sorted_by(|a, b| a.total >= b.total && a.rank <= b.rank));
        for one in &ranked {
            let ahead = ranked.iter().filter(|other| other.rank < one.rank).count();
            prop_assert_eq!(one.rank as usize, ahead + 1);
        }
    }

    #[test]
    fn shares_sum_to_the_prizes_of_the_ranks_that_exist(
        panel in panels(), prizes in proptest::collection::vec((1_u32..=9, 0_u64..100_000), 0..6),
    ) {
        let ranking = panel.tally();
        let prizes: Vec<_> =
            prizes.into_iter().map(|(rank, minor)| Prize { rank, minor }).collect();
        let shares = split_prizes(&prizes, &ranking).unwrap();
        let given: u64 = shares.iter().map(|share| share.minor).sum();
        let within = |prize: &&Prize| prize.rank as usize <= shares.len();
        let pool: u64 = prizes.iter().filter(within).map(|prize| prize.minor).sum();
        prop_assert_eq!(given, pool);
        for equals in shares.chunk_by(|a, b| a.rank == b.rank) {
            prop_assert!(equals.is_sorted_by(|a, b| a.minor >= b.minor));
            prop_assert!(equals[0].minor - equals[equals.len() - 1].minor <= 1);
        }
    }

    #[test]
    fn leaving_out_nobody_is_the_declared_ranking(panel in panels()) {
        let robustness = robustness(&panel.rules, &panel.pitches, &panel.cards).unwrap();
        prop_assert_eq!(by_placing(&robustness.declared), by_tally(&panel.tally(), &panel.pitches));
    }

    #[test]
    fn leaving_out_a_judge_is_the_tally_of_the_others(panel in panels()) {
        let robustness = robustness(&panel.rules, &panel.pitches, &panel.cards).unwrap();
        let mut judges: Vec<&str> = panel.cards.iter().map(|card| card.judge.as_str()).collect();
        judges.sort_unstable();
        judges.dedup();
        prop_assert_eq!(robustness.judges.iter().map(|of| of.judge.as_str()).collect::<Vec<_>>(), judges);
        for of in &robustness.judges {
            let mut others = panel.clone();
            others.cards.retain(|card| card.judge != of.judge);
            prop_assert_eq!(panel.cards.len() - others.cards.len(), of.scorecards);
            prop_assert_eq!(by_placing(&of.placing), by_tally(&others.tally(), &panel.pitches), "{}", of.judge);
        }
    }

    #[test]
    fn where_one_judge_begins_the_scale_makes_no_difference_to_the_normalised(
        panel in marked_panels(), by in any::<Index>(),
    ) {
        // Everybody marks in the lower half, so that one judge can be moved up by the other.
        let Scale { min, max, .. } = panel.rules.scale;
        let half = (max.to_rational() - min.to_rational()) / Rational::from_integer(2.into());
        let mut low = panel.clone();
        low.rules.scale.step = "0.0001".parse().unwrap();
        for mark in low.cards.iter_mut().flat_map(|card| card.marks.values_mut()) {
            let lower = (mark.to_rational() + min.to_rational()) / Rational::from_integer(2.into());
            *mark = Decimal::try_from(&lower).unwrap();
        }
        let judge = by.get(&panel.cards).judge.clone();
        let mut moved = low.clone();
        for card in moved.cards.iter_mut().filter(|card| card.judge == judge) {
            for mark in card.marks.values_mut() {
                *mark = Decimal::try_from(&(mark.to_rational() + &half)).unwrap();
            }
        }
        let normalised = |panel: &Panel| robustness(&panel.rules, &panel.pitches, &panel.cards).unwrap().normalised;
        prop_assert_eq!(normalised(&low), normalised(&moved));
    }

    #[test]
    fn the_serialisation_reads_back_to_the_same_bytes(panel in panels()) {
        let ranking = panel.tally();
        let bytes = ranking.derivation_bytes();
        let read: Ranking = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(&read, &ranking);
        prop_assert_eq!(read.derivation_bytes(), bytes);
    }
}
