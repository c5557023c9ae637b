//! Check `result`: the ranking follows from the marks by the rules: totals, ranks and derivation come out again.

use std::collections::{BTreeSet, HashMap, HashSet};

use plaudit_tally::{Decimal, Scorecard};

use super::tally::{Place as Found, Tallied, tallied};
use super::world::{Card, Phase, Round, World};
use crate::event::{Data, Event, Hash32, PitchRanked, Place, Service, SubjectKind, commit};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};

/// What a file opens: marks by their commitments, and salts of other seals; and what of scoring was forgotten.
#[derive(Debug, Default)]
pub struct Opened {
    /// Marks as they were sealed.
    pub marks: HashMap<Hash32, Vec<u8>>,
    /// Salts of derivations, by commitment.
    pub derivations: HashMap<Hash32, Hash32>,
    /// Events that say so, with what they say it of.
    forgotten: Vec<(Place, Forgotten)>,
}

/// What an event says was forgotten.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Forgotten {
    /// All of a round.
    Round(Id),
    /// One seal.
    Seal(Hash32),
}

impl Opened {
    /// In the log's order.
    pub fn see(&mut self, event: &Event<'_>) {
        let forgotten = match &event.data {
            Data::OpeningsForgotten(it) if event.at.service == Service::SCORING => {
                let kind = SubjectKind::named(&it.subject);
                kind.filter(|kind| *kind == SubjectKind::Round).map(|_| Forgotten::Round(it.id))
            }
            Data::OpeningForgotten(it) => it.commitment.map(Forgotten::Seal),
            _ => None,
        };
        self.forgotten.extend(forgotten.map(|forgotten| (event.at, forgotten)));
    }
}

/// Works every result out again.
pub fn check(world: &World, opened: &Opened) -> Checked {
    let findings = Findings::of("result");
    let mut check =
        Check { findings, closed: 0, hidden: HashSet::new(), sheets: 0, places: 0, lines: Vec::new() };
    let mut rounds: Vec<(&Id, &Round)> = world.rounds.iter().collect();
    rounds.sort_by_key(|(id, round)| (round.unsealed.map(|moment| moment.at), **id));
    for (id, round) in rounds {
        check.round(world, *id, round, opened);
    }
    let Check { findings, closed, hidden, sheets, places, lines } = check;
    let at = lines.first().map_or_else(|| "-".to_owned(), Place::to_string);
    if closed > 0 {
        let forgotten = opened.forgotten.iter().find(|(_, what)| hidden.contains(what));
        return match forgotten {
            Some((forgotten, _)) => {
                findings.or(Outcome::Hidden, "forgotten", parameters! { n: closed, at, forgotten }, lines)
            }
            None => findings.or(Outcome::Hidden, "unpublished", parameters! { n: closed, at }, lines),
        };
    }
    if lines.is_empty() {
        let (outcome, reason) = world.nothing_yet();
        return findings.or(outcome, reason, Vec::new(), []);
    }
    findings.or(Outcome::Holds, "follows", parameters! { sheets, n: places, at }, lines)
}

struct Check {
    findings: Findings,
    /// Sheets whose marks are neither revealed nor opened.
    closed: usize,
    /// Whatever says that one of them was forgotten.
    hidden: HashSet<Forgotten>,
    sheets: usize,
    places: usize,
    lines: Vec<Place>,
}

impl Check {
    fn round(&mut self, world: &World, id: Id, round: &Round, opened: &Opened) {
        let Some((at, _)) = round.declared else {
            let due = world.concluded && round.phase != Phase::Voided;
            if let Some(unsealed) = round.unsealed.filter(|_| due) {
                self.findings.wrong("missing", unsealed.at, parameters! {});
            }
            return;
        };
        self.lines.push(at);
        if round.unsealed.is_none() {
            return self.findings.wrong("unopened", at, parameters! {});
        }
        let cards: Vec<&Card> = world.cards.of_round(id).filter(|card| card.counts()).collect();
        let pitches = participants(world, id);
        let given: Vec<Id> = round.places.iter().map(|(_, place)| place.pitch).collect();
        if given != pitches {
            return self.findings.wrong("pitches", at, parameters! {});
        }
        let closed = self.closed;
        for card in cards.iter().filter(|card| marks(world, card, opened).is_none()) {
            self.closed += 1;
            self.hidden.insert(Forgotten::Round(id));
            self.hidden.extend(card.marks.map(Forgotten::Seal));
        }
        if self.closed > closed {
            return;
        }
        let running: HashMap<Id, u32> = pitches.iter().copied().zip(0..).collect();
        let mut sheets: Vec<(u32, &Card)> =
            cards.iter().filter_map(|card| Some((*running.get(&card.pitch)?, *card))).collect();
        sheets.sort_unstable_by_key(|(at, card)| (*at, card.id));
        let of_pitch = |at: usize| {
            let from = sheets.partition_point(|(of, _)| (*of as usize) < at);
            let of_it = sheets[from..].iter().take_while(|(of, _)| *of as usize == at);
            of_it.map(|(_, card)| scorecard(card, marks(world, card, opened)?)).collect()
        };
        let names: Vec<String> = pitches.iter().map(Id::to_string).collect();
        let found = round.rules.as_ref().filter(|_| sheets.len() == cards.len());
        let found = found.and_then(|rules| tallied(rules, &names, of_pitch));
        let Some(found) = found else {
            return self.findings.wrong("marks", at, parameters! {});
        };
        self.sheets += cards.len();
        self.places += pitches.len();
        self.compare(world, id, round, &found, opened);
    }

    fn compare(&mut self, world: &World, id: Id, round: &Round, tallied: &Tallied, opened: &Opened) {
        for ((at, place), found) in round.places.iter().zip(&tallied.places) {
            let pitch = world.pitches.get(&place.pitch).map_or(*at, |pitch| pitch.first);
            self.place(*at, pitch, place, found);
            let seal = (place.sealed_derivation, "PitchRanked.sealed_derivation");
            self.derivation(*at, id, Hash32(found.digest), place.derivation, seal, opened);
        }
        let Some((at, declared)) = &round.declared else { return };
        let ranked = tallied.places.iter().filter(|place| place.rank > 0).count();
        if (declared.pitches as usize, declared.ranked as usize) != (round.places.len(), ranked) {
            self.findings.wrong("pitches", *at, parameters! {});
        }
        let seal = (declared.sealed_derivation, "ResultDeclared.sealed_derivation");
        self.derivation(*at, id, Hash32(tallied.digest), declared.derivation, seal, opened);
    }

    fn place(&mut self, at: Place, pitch: Place, place: &PitchRanked, found: &Found) {
        if place.total != found.total {
            let (said, found) = (or_none(&place.total), or_none(&found.total));
            self.findings.wrong("total", at, parameters! { pitch, said, found });
        } else if place.rank != found.rank {
            let (said, found) = (place.rank, found.rank);
            self.findings.wrong("rank", at, parameters! { pitch, said, found });
        } else if (place.shared_by, place.scorecards as usize) != (found.shared_by, found.scorecards) {
            self.findings.wrong("place", at, parameters! { pitch });
        }
    }

    /// A digest is given openly or sealed. A sealed one is compared if the file opens it.
    fn derivation(
        &mut self,
        at: Place,
        round: Id,
        found: Hash32,
        said: Option<Hash32>,
        (sealed, field): (Option<Hash32>, &str),
        opened: &Opened,
    ) {
        let right = match (said, sealed) {
            (Some(said), None) => said == found,
            (None, Some(sealed)) => opened
                .derivations
                .get(&sealed)
                .is_none_or(|salt| commit(&salt.0, &format!("result/{round}"), field, &found.0) == sealed.0),
            _ => false,
        };
        if !right {
            self.findings.wrong("derivation", at, parameters! {});
        }
    }
}

fn or_none(total: &str) -> &str {
    if total.is_empty() { "-" } else { total }
}

/// The pitches with a score sheet that have not left, in running order.
fn participants(world: &World, round: Id) -> Vec<Id> {
    let left: BTreeSet<Id> =
        world.cards.of_round(round).filter(|card| card.pitch_left).map(|card| card.pitch).collect();
    let within: BTreeSet<Id> = world.cards.of_round(round).map(|card| card.pitch).collect();
    let mut pitches: Vec<Id> = within.difference(&left).copied().collect();
    pitches.sort_by_key(|pitch| world.pitches.get(pitch).map(|pitch| pitch.first));
    pitches
}

/// A score sheet's marks, as they were sealed: revealed in the log, or opened in the file.
fn marks<'a>(world: &'a World, card: &Card, opened: &'a Opened) -> Option<&'a [u8]> {
    if card.is_revealed() {
        return Some(world.cards.revealed(card));
    }
    card.marks.and_then(|marks| opened.marks.get(&marks)).map(Vec::as_slice)
}

fn scorecard(card: &Card, marks: &[u8]) -> Option<Scorecard> {
    let lines = std::str::from_utf8(marks).ok()?.lines().map(|line| {
        let (criterion, mark) = line.split_once('=')?;
        Some((criterion.to_owned(), mark.parse::<Decimal>().ok()?))
    });
    let marks = lines.collect::<Option<_>>()?;
    Some(Scorecard { pitch: card.pitch.to_string(), judge: card.judge.to_string(), marks })
}
