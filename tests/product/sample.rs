//! Whole programmes, from the draft to the last hour of support, with the
//! results that were worked out by hand or published.

use std::path::PathBuf;

use plaudit_tests::program::{Program, root, scenarios};

fn examples() -> Vec<PathBuf> {
    let panels = root().join("examples/panels");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(panels)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.push(root().join("examples/the-den"));
    folders.sort();
    folders
}

/// Those of the real programmes that have ties, and as many others that there
/// are a dozen.
fn a_dozen(folder: PathBuf) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    let (tied, others): (Vec<PathBuf>, Vec<PathBuf>) = all.into_iter().partition(|path| has_tie(path));
    let others = others.into_iter().step_by(9);
    tied.into_iter().take(6).chain(others).take(12).collect()
}

fn has_tie(programme: &std::path::Path) -> bool {
    let expected = std::fs::read_to_string(programme.join("expected.csv")).unwrap();
    let mut ranks: Vec<&str> = expected.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    let all = ranks.len();
    ranks.sort_unstable();
    ranks.dedup();
    ranks.len() < all
}

#[test]
fn programmes_end_with_their_published_results_and_leave_a_sound_log() {
    let mut program = Program::start(&[]);
    program.plays(&examples());
    match scenarios() {
        Some(folder) => drop(program.plays(&a_dozen(folder))),
        None => println!("skipped: the real programmes are not at hand; only our own samples were played"),
    }
    program.is_sound();
    // A rebuild changes nothing that can be seen.
    program.tool_says(&["rebuild", "--all"]);
    program.is_sound();
    program.stop();
    program.start_again();
    program.is_sound();
}

#[test]
fn every_service_by_itself_with_its_own_role_and_user_plays_the_sample() {
    let program = Program::start(&["--apart"]);
    program.plays(&[root().join("examples/the-den")]);
    program.is_sound();
}
