//! The business support of a prize: how much it is, and in which parts it is
//! given.

use std::path::Path;

use serde::Deserialize;

use super::tables::{self, PrizeTable};
use super::{Prize, ScenarioError};

const FILE: &str = "support.csv";

/// Support in whole quarters of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pledge {
    /// In words.
    pub what: String,
    pub quarters: u32,
    pub unit: Unit,
    /// Whether it is only a part of what the words say.
    pub shared: bool,
    /// In the order in which it is given; together at most all of it.
    pub parts: Vec<Part>,
}

/// What a pledge is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Hour,
    Day,
    Item,
}

/// Some of a pledge, given at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub quarters: u32,
    /// What there is to show for it.
    pub evidence: Option<String>,
}

#[derive(Deserialize)]
struct PartRow {
    rank: u32,
    /// In the pledge's unit, a decimal.
    amount: String,
    #[serde(default)]
    evidence: String,
}

/// The prizes with the support that they bring.
pub fn prizes(folder: &Path, tables: Vec<PrizeTable>) -> Result<Vec<Prize>, ScenarioError> {
    let mut prizes: Vec<Prize> = tables
        .into_iter()
        .map(|table| Prize {
            rank: table.rank,
            minor: table.amount_minor,
            support: Pledge::read(&table.support),
        })
        .collect();
    let rows: Vec<PartRow> = tables::csv(folder, FILE)?.unwrap_or_default();
    for row in rows {
        let wrong = |what: String| ScenarioError::new(folder, FILE, what);
        let quarters = quarters(&row.amount)
            .ok_or_else(|| wrong(format!("'{}' is no number of whole quarters", row.amount)))?;
        let pledge =
            prizes.iter_mut().filter(|prize| prize.rank == row.rank).find_map(|prize| prize.support.as_mut());
        let pledge = pledge.ok_or_else(|| wrong(format!("rank {} wins no support", row.rank)))?;
        let evidence = Some(row.evidence).filter(|words| !words.is_empty());
        pledge.parts.push(Part { quarters, evidence });
    }
    Ok(prizes)
}

impl Pledge {
    /// “3 days of business support” is twelve quarters of a day; whatever
    /// isn't counted in hours or days is one thing.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let mut words = text.split_whitespace();
        let number = words.next().and_then(quarters).filter(|quarters| *quarters > 0);
        let unit = words.next().and_then(Unit::read);
        let (quarters, unit) = number.zip(unit).unwrap_or((4, Unit::Item));
        Some(Self { what: text.to_owned(), quarters, unit, shared: false, parts: Vec::new() })
    }

    /// The parts in which it is given: as planned, or else in two halves.
    pub fn given(&self) -> Vec<Part> {
        let planned: u32 = self.parts.iter().map(|part| part.quarters).sum();
        if planned == self.quarters {
            return self.parts.clone();
        }
        let second = self.quarters / 2;
        let halves = [self.quarters - second, second].into_iter().filter(|quarters| *quarters > 0);
        halves.map(|quarters| Part { quarters, evidence: None }).collect()
    }

    /// Split evenly among several; the quarters that are left go one each to
    /// the first of them.
    pub fn among(&self, sharing: u32) -> Vec<Option<Self>> {
        let (each, left) = (self.quarters / sharing, self.quarters % sharing);
        let share = |place: u32| {
            let quarters = each + u32::from(place < left);
            (quarters > 0).then(|| Self { quarters, shared: sharing > 1, ..self.clone() })
        };
        (0..sharing).map(share).collect()
    }

    /// Such as “3 days of advice” and, of a share, “1.5 days of 3 days of advice”.
    pub fn named(&self) -> String {
        if self.shared {
            format!("{} of {}", self.amount(self.quarters), self.what)
        } else {
            self.what.clone()
        }
    }

    /// Such as “1.5 days”.
    pub fn amount(&self, quarters: u32) -> String {
        let fraction = ["", ".25", ".5", ".75"][(quarters % 4) as usize];
        let plural = if quarters == 4 { "" } else { "s" };
        format!("{}{fraction} {}{plural}", quarters / 4, self.unit.word())
    }
}

impl Unit {
    fn read(word: &str) -> Option<Self> {
        match word.trim_end_matches('s') {
            "hour" => Some(Self::Hour),
            "day" => Some(Self::Day),
            _ => None,
        }
    }

    /// As the API writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Item => "item",
        }
    }
}

/// A decimal as whole quarters; `None` if it is not a number of them.
fn quarters(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let rest = match fraction.trim_end_matches('0') {
        "" => 0,
        "25" => 1,
        "5" => 2,
        "75" => 3,
        _ => return None,
    };
    whole.parse::<u32>().ok()?.checked_mul(4)?.checked_add(rest)
}
