//! Rounds, and the score sheets of each. There may be hundreds of thousands of sheets: each is kept in some 100 bytes.

use std::collections::HashMap;

use plaudit_tally::Rules;

use super::Moment;
use crate::event::{Data, Event, Hash32, Mark, PitchRanked, Place, ResultDeclared, is_public, rules};
use crate::id::Id;

/// How far a round is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Its panel is not ready.
    #[default]
    Waiting,
    /// Its panel is ready.
    Ready,
    /// Judges hand in.
    Open,
    /// Nobody hands in any more.
    Locked,
    /// Marks are open.
    Unsealed,
    /// It doesn't count.
    Voided,
}

/// A round.
#[derive(Debug, Default)]
pub struct Round {
    /// How far it is.
    pub phase: Phase,
    /// What the rulebook calls it.
    pub slug: String,
    /// How marks become a ranking.
    pub rules: Option<Rules>,
    /// Of the rulebook that it was opened with.
    pub rulebook_hash: Option<Hash32>,
    /// Whether marks are for everybody.
    pub public: bool,
    /// When it was locked.
    pub locked: Option<Moment>,
    /// When marks were opened.
    pub unsealed: Option<Moment>,
    /// The places that were given.
    pub places: Vec<(Place, PitchRanked)>,
    /// What closed them.
    pub declared: Option<(Place, ResultDeclared)>,
}

/// How a score sheet stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardStanding {
    /// Nobody expects it.
    #[default]
    Unknown,
    /// It is waited for.
    Expected,
    /// Handed in.
    Sealed,
    /// Without marks.
    Abstained,
    /// No longer waited for.
    Released,
    /// Not counted.
    SetAside,
}

/// A score sheet.
#[derive(Debug, Default)]
pub struct Card {
    /// Its own.
    pub id: Id,
    /// Which round's.
    pub round: Id,
    /// Of which pitch.
    pub pitch: Id,
    /// From which judge.
    pub judge: Id,
    /// What was handed in last.
    pub marks: Option<Hash32>,
    /// By which event of scoring.
    pub position: u64,
    /// How often it was handed in.
    pub sealing: u32,
    /// Where its revealed marks stand, and how many bytes they have.
    revealed: (u32, u32),
    /// How it stands.
    pub standing: CardStanding,
    /// Its pitch has left.
    pub pitch_left: bool,
}

impl Card {
    /// Whether the round still looks for it.
    pub fn stands(&self) -> bool {
        matches!(self.standing, CardStanding::Expected | CardStanding::Sealed | CardStanding::Abstained)
    }

    /// Whether its marks count.
    pub fn counts(&self) -> bool {
        self.standing == CardStanding::Sealed
    }

    /// Whether its marks are in the log.
    pub fn is_revealed(&self) -> bool {
        self.revealed.1 > 0
    }
}

/// All score sheets.
#[derive(Debug, Default)]
pub struct Cards {
    by_id: HashMap<Id, u32>,
    list: Vec<Card>,
    /// Revealed marks, one after the other.
    marks: Vec<u8>,
}

impl Cards {
    /// One of them.
    pub fn get(&self, id: Id) -> Option<&Card> {
        self.by_id.get(&id).and_then(|at| self.list.get(*at as usize))
    }

    /// Those of a round.
    pub fn of_round(&self, round: Id) -> impl Iterator<Item = &Card> {
        self.list.iter().filter(move |card| card.round == round)
    }

    /// Its revealed marks, as they were sealed.
    pub fn revealed(&self, card: &Card) -> &[u8] {
        let (from, length) = (card.revealed.0 as usize, card.revealed.1 as usize);
        self.marks.get(from..from + length).unwrap_or_default()
    }

    fn entry(&mut self, id: Id) -> &mut Card {
        let next = self.list.len() as u32;
        let at = *self.by_id.entry(id).or_insert(next);
        if at == next {
            self.list.push(Card { id, ..Card::default() });
        }
        &mut self.list[at as usize]
    }

    fn reveal(&mut self, id: Id, marks: &[Mark]) {
        let from = self.marks.len();
        self.marks.extend_from_slice(&sheet(marks));
        let length = self.marks.len() - from;
        self.entry(id).revealed = (from as u32, length as u32);
    }
}

/// What is sealed of marks: a line `criterion=mark` each, sorted by criterion.
pub fn sheet(marks: &[Mark]) -> Vec<u8> {
    let mut marks: Vec<_> = marks.iter().map(|mark| (&mark.criterion, &mark.mark)).collect();
    marks.sort_unstable();
    let lines = marks.into_iter().map(|(criterion, mark)| format!("{criterion}={mark}\n"));
    lines.collect::<String>().into_bytes()
}

pub(super) fn learn(rounds: &mut HashMap<Id, Round>, cards: &mut Cards, event: &Event<'_>) {
    match event.envelope.stream.noun {
        "scorecard" => learn_card(cards, event),
        "round" | "result" => learn_round(rounds.entry(event.id()).or_default(), event),
        _ => {}
    }
}

fn learn_round(round: &mut Round, event: &Event<'_>) {
    match &event.data {
        Data::PanelTaken(_) => round.phase = Phase::Ready,
        Data::RoundOpened(opened) => {
            round.phase = Phase::Open;
            round.slug.clone_from(&opened.round);
            round.rules = opened.tally.and_then(rules);
            round.rulebook_hash = opened.rulebook_hash;
            round.public = is_public(&opened.marks);
        }
        Data::RoundLocked(_) => {
            round.phase = Phase::Locked;
            round.locked.get_or_insert(Moment::of(event));
        }
        Data::RoundUnsealed(_) => {
            round.phase = Phase::Unsealed;
            round.unsealed.get_or_insert(Moment::of(event));
        }
        Data::RoundVoided(_) => round.phase = Phase::Voided,
        Data::PitchRanked(ranked) => round.places.push((event.at, ranked.clone())),
        Data::ResultDeclared(declared) => round.declared = Some((event.at, declared.clone())),
        _ => {}
    }
}

fn learn_card(cards: &mut Cards, event: &Event<'_>) {
    if let Data::ScorecardUnsealed(unsealed) = &event.data {
        return cards.reveal(event.id(), &unsealed.marks);
    }
    let card = cards.entry(event.id());
    match &event.data {
        Data::ScorecardExpected(expected) => {
            card.round = expected.round;
            card.pitch = expected.pitch;
            card.judge = expected.judge;
            card.marks = None;
            card.standing = CardStanding::Expected;
        }
        Data::ScorecardReleased(_) => card.standing = CardStanding::Released,
        Data::ScorecardSealed(sealed) => {
            card.sealing = sealed.sealing;
            card.marks = sealed.marks;
            card.position = event.at.position;
            card.standing = CardStanding::Sealed;
        }
        Data::ScorecardAbstained(_) => {
            card.marks = None;
            card.standing = CardStanding::Abstained;
        }
        Data::ScorecardSetAside(aside) => {
            card.pitch_left |= aside.reason == "REASON_PITCH_LEFT";
            card.standing = CardStanding::SetAside;
        }
        _ => {}
    }
}
