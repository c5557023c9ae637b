//! As many as there can be: 3,000 pitches, three scorecards each, 60 judges.
//! `make large` plays that; without PLAUDIT_LARGE it is the same in small.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use plaudit_tests::pages::{Statements, costs};
use plaudit_tests::prize::{JUDGES_A_PITCH, Prize, RESULT_WITHIN, Won};
use plaudit_tests::program::Program;

/// The most bytes that an event may have.
const MOST_BYTES: usize = 60_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_programme_of_the_greatest_size_has_its_result_within_a_minute() {
    let (pitches, judges) = if std::env::var_os("PLAUDIT_LARGE").is_some() { (3000, 60) } else { (60, 6) };
    let program = Program::start(&[]);
    let prize = Prize::marked(&program, "greatest", pitches, judges).await;
    let (took, _) = prize.result().await;
    let (events, largest) = largest(&program);
    program.is_sound();
    prize.told("live equals rebuilt");
    println!(
        "{pitches} pitches, {judges} judges, {} scorecards: {events} events, \
         the largest of {largest} bytes; the result {took:?} after the second key",
        pitches * JUDGES_A_PITCH
    );
    assert!(largest <= MOST_BYTES, "an event has {largest} bytes");
    assert!(took <= RESULT_WITHIN, "the result took {took:?}");
}

/// Before the marks are open, and after the prize is won.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_asks_more_often_the_more_there_is() {
    const TIMES: usize = 8;
    let mut program = Program::start(&[]);
    let counted = Statements::counted(&mut program).await;
    let small = Prize::marked(&program, "small", 6, 3).await;
    let large = Prize::marked(&program, "large", 40, 12).await;
    let mut pages = BTreeSet::new();
    let mut more = Vec::new();
    let mut compare = async |small_won: &Won, large_won: &Won| {
        let few = costs(&program, &counted, &small, small_won, TIMES).await;
        let many = costs(&program, &counted, &large, large_won, TIMES).await;
        for (page, cost) in few {
            // Something may have come in between.
            let Some(larger) = many.get(&page) else { continue };
            more.extend(larger.more_than(&cost).into_iter().map(|said| format!("{page:?}: {said}")));
            pages.insert(page);
        }
    };
    compare(&small.running(), &large.running()).await;
    let (small_won, large_won) = (small.award(small.result().await.1), large.award(large.result().await.1));
    compare(&small_won.await, &large_won.await).await;
    println!("{} pages with their readers", pages.len());
    assert!(pages.len() > 100, "so few pages were seen: {pages:?}");
    assert!(more.is_empty(), "more with more:\n{}", more.join("\n"));
}

/// How many events there are, and the bytes of the largest.
fn largest(program: &Program) -> (usize, usize) {
    let events = program.tool_says(&["events"]);
    let sizes = events.lines().map(|line| line.split_once('\t').unwrap().1.len());
    (sizes.clone().count(), sizes.max().unwrap())
}
