//! Every page, as each of its readers asks for it, in two programmes of one
//! installation: a small one, and one of 1,000 pitches, 30 judges and 3,000
//! scorecards.

use std::collections::BTreeMap;
use std::time::Duration;

use plaudit_tests::pages::{Cost, Costs, Statements, costs};
use plaudit_tests::prize::Prize;
use plaudit_tests::program::Program;
use serde_json::json;

use crate::report::{Report, rounded};

/// Pitches and judges; three judges mark a pitch.
const SMALL: (usize, usize) = (10, 5);
const LARGE: (usize, usize) = (1000, 30);
/// How often each page is asked for, or fewer times where it is slow.
const TIMES: usize = 100;
/// So many are printed.
const SLOWEST: usize = 12;

pub async fn run(report: &mut Report) {
    let mut program = Program::start(&[]);
    let counted = Statements::counted(&mut program).await;
    let small = Prize::marked(&program, "small", SMALL.0, SMALL.1).await;
    let large = Prize::marked(&program, "large", LARGE.0, LARGE.1).await;
    let mut few = costs(&program, &counted, &small, &small.running(), TIMES).await;
    let mut many = costs(&program, &counted, &large, &large.running(), TIMES).await;
    let (of_small, of_large) = (small.result().await.1, large.result().await.1);
    let (small_won, large_won) = (small.award(of_small).await, large.award(of_large).await);
    // Pages that were there before the end count as they are at the end.
    few.extend(costs(&program, &counted, &small, &small_won, TIMES).await);
    many.extend(costs(&program, &counted, &large, &large_won, TIMES).await);
    note(report, &few, &many);
}

/// Milliseconds; and how many times as long the page takes with a hundred
/// times the rows.
fn note(report: &mut Report, few: &Costs, many: &Costs) {
    let mut pages = BTreeMap::new();
    let mut slowest = Vec::new();
    for ((path, reader), cost) in many {
        let small = few.get(&(path.clone(), *reader));
        let times = small.map(|small| rounded(ms(cost, 50) / ms(small, 50), 2));
        let figures = json!({
            "p50_ms": ms(cost, 50),
            "p99_ms": ms(cost, 99),
            "statements": cost.statements.values().sum::<i64>(),
            "times_the_small": times,
        });
        slowest.push((ms(cost, 50), format!("{path} ({reader}) {figures}")));
        pages.insert(format!("{path} {reader}"), figures);
    }
    slowest.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (_, said) in slowest.iter().take(SLOWEST) {
        println!("    {said}");
    }
    let all: Vec<Duration> = many.values().flat_map(|cost| cost.took.iter().copied()).collect();
    let all = Cost { statements: BTreeMap::new(), took: sorted(all) };
    let whole = json!({ "pages": pages.len(), "p50_ms": ms(&all, 50), "p99_ms": ms(&all, 99) });
    report.note("pages", whole);
    report.add("pages", json!({ "each": pages }));
}

fn sorted(mut took: Vec<Duration>) -> Vec<Duration> {
    took.sort();
    took
}

/// So many of a hundred took at most this long.
fn ms(cost: &Cost, percent: usize) -> f64 {
    let at = (cost.took.len() * percent).div_ceil(100).saturating_sub(1);
    rounded(cost.took[at].as_secs_f64() * 1000.0, 2)
}
