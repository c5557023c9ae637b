use uuid::Uuid;

use super::winners::{departures, ties};
use super::*;
use crate::organise::facts::PanelFacts;
use crate::organise::seen::{Award, Counts, Place, Progress, Short, Win};

fn round(change: impl FnOnce(&mut RoundFacts)) -> RoundFacts {
    let progress = Progress { expected: 9, ..Progress::default() };
    let mut round = RoundFacts {
        panel: Some(PanelFacts { state: "ready".to_owned(), counts: Counts::default() }),
        marking: Some(Marking { phase: "open".to_owned(), progress, declared: false }),
        ..RoundFacts::default()
    };
    change(&mut round);
    round
}

#[test]
fn whatever_is_out_of_order_stops_the_short_way() {
    assert!(irregularities(&round(|_| {})).is_empty());
    let progress = |change: fn(&mut Progress)| {
        round(move |round| change(&mut round.marking.as_mut().expect("set above").progress))
    };
    for found in [
        progress(|progress| progress.missing = 1),
        progress(|progress| progress.abstained = 1),
        progress(|progress| progress.set_aside = 1),
        progress(|progress| progress.late_facts = 1),
        round(|round| round.marking = None),
        round(|round| {
            let short = Short { pitch: Uuid::nil(), judges: 1, needed: 2 };
            round.panel = Some(PanelFacts {
                state: "ready".to_owned(),
                counts: Counts { short: vec![short], ..Counts::default() },
            });
        }),
        round(|round| round.marking = Some(Marking { phase: "voided".to_owned(), ..Marking::default() })),
    ] {
        assert!(!irregularities(&found).is_empty(), "{found:?}");
    }
}

#[test]
fn a_shared_prize_or_none_needs_a_closer_look() {
    let place = |rank: Option<u32>, shared_by: u32, wins: bool| Place {
        pitch: Uuid::nil(),
        rank,
        shared_by,
        wins: if wins {
            let amount = crate::api::Money { minor: 1, currency: "GBP".to_owned() };
            vec![Win { prize: "first".to_owned(), amount }]
        } else {
            Vec::new()
        },
    };
    assert!(ties(&[place(Some(1), 1, true), place(Some(2), 2, false), place(Some(2), 2, false)]).is_empty());
    for places in [
        vec![place(Some(1), 2, true), place(Some(1), 2, true)],
        vec![place(Some(1), 1, true), place(None, 1, false)],
        vec![place(Some(1), 1, false)],
    ] {
        assert!(!ties(&places).is_empty(), "{places:?}");
    }
}

#[test]
fn an_award_that_the_ranking_does_not_give_is_not_confirmed_with_it() {
    let [winner, other] = [1, 2].map(Uuid::from_u128);
    let amount = crate::api::Money { minor: 1, currency: "GBP".to_owned() };
    let wins = vec![Win { prize: "first".to_owned(), amount }];
    let place = |pitch, rank, wins| Place { pitch, rank: Some(rank), shared_by: 1, wins };
    let places = [place(winner, 1, wins), place(other, 2, Vec::new())];
    let award = |pitch, prize: &str, status: &str| Award {
        id: Uuid::nil(),
        pitch,
        prize: prize.to_owned(),
        status: status.to_owned(),
        proposed_by: None,
        payout: None,
    };
    assert_eq!(
        departures(&places, &[award(winner, "first", "proposed"), award(other, "first", "refused")]),
        None
    );
    for departing in [award(other, "first", "proposed"), award(winner, "second", "proposed")] {
        let said = departures(&places, &[award(winner, "first", "proposed"), departing]);
        assert_eq!(said.as_deref(), Some("1 award is proposed that the ranking does not give."));
    }
}
