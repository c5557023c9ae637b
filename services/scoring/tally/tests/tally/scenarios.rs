//! Real panels with published results, where a checkout of them lies beside the
//! workspace: `shared/scenarios/<collection>/<programme>/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plaudit_tally::{Aggregation, Criterion, Normalisation, Rules, Scale, Scorecard, tally};
use serde::Deserialize;

const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/scenarios");

#[derive(Deserialize)]
struct Programme {
    scale: Scale,
    criteria: Vec<NamedCriterion>,
    aggregation: Settings,
}

#[derive(Deserialize)]
struct NamedCriterion {
    id: String,
    weight: plaudit_tally::Decimal,
}

#[derive(Deserialize)]
struct Settings {
    method: String,
    trim: u32,
    normalisation: Normalisation,
    round_criterion: Option<u32>,
    round_weighted: Option<u32>,
    ties: String,
}

impl Programme {
    fn rules(self) -> Rules {
        let settings = self.aggregation;
        assert_eq!(settings.ties, "share", "equal totals share their rank");
        assert_eq!(settings.method, "trimmed-mean");
        let criterion = |NamedCriterion { id, weight }| Criterion { id, weight };
        Rules {
            scale: self.scale,
            criteria: self.criteria.into_iter().map(criterion).collect(),
            aggregation: Aggregation::TrimmedMean { trim: settings.trim },
            normalisation: settings.normalisation,
            round_criterion: settings.round_criterion,
            round_weighted: settings.round_weighted,
            round_total: None,
            ties: Vec::new(),
            least_marks: 1,
        }
    }
}

#[test]
fn published_totals_and_ranks_come_out() {
    let Ok(collections) = fs::read_dir(SCENARIOS) else {
        println!("skipped: there are no scenarios at {SCENARIOS}");
        return;
    };
    let folders = |path: PathBuf| fs::read_dir(path).into_iter().flatten().map(|e| e.unwrap().path());
    let programmes = collections
        .flat_map(|collection| folders(collection.unwrap().path()))
        .filter(|folder| folder.join("programme.toml").exists());
    let (mut count, mut entries, mut wrong) = (0, 0, Vec::new());
    for folder in programmes {
        count += 1;
        entries += check(&folder, &mut wrong);
    }
    println!("{entries} entries of {count} programmes checked");
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(entries >= 1_718, "only {entries} entries were found");
}

/// How many entries the folder has; adds a line to `wrong` for each that differs.
fn check(folder: &Path, wrong: &mut Vec<String>) -> usize {
    let programme = fs::read_to_string(folder.join("programme.toml")).unwrap();
    let rules = toml::from_str::<Programme>(&programme).unwrap().rules();
    let pitches: Vec<String> =
        rows::<(String, String, String)>(folder, "pitches.csv").map(|row| row.0).collect();
    let mut cards: BTreeMap<(String, String), Scorecard> = BTreeMap::new();
    for (pitch, judge, criterion, mark) in
        rows::<(String, String, String, plaudit_tally::Decimal)>(folder, "marks.csv")
    {
        let card = cards.entry((pitch.clone(), judge.clone())).or_insert_with(|| Scorecard {
            pitch,
            judge,
            marks: BTreeMap::new(),
        });
        assert!(card.marks.insert(criterion, mark).is_none(), "one mark a line");
    }
    let cards: Vec<_> = cards.into_values().collect();
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    let expected: Vec<_> = rows::<(String, String, u32)>(folder, "expected.csv").collect();
    assert_eq!(expected.len(), pitches.len());
    for (pitch, total, rank) in &expected {
        let ranked = ranking.get(pitch).unwrap().ranked().unwrap();
        let got = (ranked.total.to_string(), ranked.rank);
        if got != (total.clone(), *rank) {
            wrong.push(format!("{} {pitch}: {total} {rank}, got {got:?}", folder.display()));
        }
    }
    expected.len()
}

fn rows<T: for<'de> Deserialize<'de>>(folder: &Path, file: &str) -> impl Iterator<Item = T> {
    let reader = csv::Reader::from_path(folder.join(file)).unwrap();
    reader.into_deserialize().map(|row| row.unwrap())
}
