//! Who may do what, when: every role × every route × every phase.
//!
//! One programme is played from its draft to the paid prize. In each phase
//! everybody asks for everything that the served descriptions list, and is
//! answered as `expectations/` says, which is written by hand and which the
//! product never reads. A writing carries an `If-Match` that nothing has, so
//! that what would be done is refused at the very last moment, and nothing is.
#![allow(clippy::unwrap_used)]

mod cast;
mod forms;
mod meddling;
mod particulars;
mod phases;
mod play;
mod probe;
mod routes;
mod rules;
mod sights;
mod table;
mod world;

use plaudit_tests::program::Program;

use crate::meddling::Meddling;
use crate::phases::PHASES;
use crate::play::Play;
use crate::probe::Probes;
use crate::rules::Rules;
use crate::sights::Sights;
use crate::table::Table;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_what_the_table_says_and_no_more() {
    let program = Program::start(&[]);
    let mut play = Play::begin(program.url(), Rules { marks: "public", anonymous: false }).await;
    let table = Table::read();
    table.is_of(&routes::described(play.person("public")).await);
    let meddling = Meddling::begin(&mut play).await;
    let mut probes = Probes::of(&table);
    let mut sights = Sights::of("sights.txt", include_str!("expectations/sights.txt"));
    let mut wrong = Vec::new();
    for phase in PHASES {
        play.reach(phase).await;
        probes.ask_everything(&play).await;
        sights.look(&play, &probes.heard);
        wrong.extend(particulars::differences(&play, phase).await);
        wrong.extend(meddling.gets_nowhere(&play, &table).await);
        if phase == "requested" {
            wrong.extend(forms::differences(&play, &table, phase).await);
        }
    }
    routes::own_doors_are_shut(&play).await;
    wrong.extend(probes.differences());
    wrong.extend(sights.differences());
    play.end().await;
    wrong.extend(probes.carry_out_the_rest(&play).await);
    table.is_possible_for_somebody(&play.done);
    println!("{} cells, of {} rows", probes.asked, table.rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_anonymous_round_with_private_marks_each_finds_what_is_theirs() {
    let program = Program::start(&[]);
    let mut play = Play::begin(program.url(), Rules { marks: "own_entrant", anonymous: true }).await;
    let table = Table::read();
    let mut probes = Probes::of(&table);
    let mut sights = Sights::of("sights-anonymous.txt", include_str!("expectations/sights-anonymous.txt"));
    for phase in PHASES {
        play.reach(phase).await;
        probes.read_everything(&play).await;
        sights.look(&play, &probes.heard);
    }
    let wrong = sights.differences();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
