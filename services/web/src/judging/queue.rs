//! The pitches that are the reader's to mark, in their order. Nothing here
//! depends on what other judges do: not the order, not the number.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::seen::{Begun, CardStatus, Reading, Scorecard};

/// All of a judge's sheets of a round.
pub struct Queue {
    /// In the order in which they come.
    pub sheets: Vec<Queued>,
}

/// One of them.
pub struct Queued {
    /// Of which pitch.
    pub pitch: Uuid,
    /// What the pitch is called.
    pub title: String,
    /// Whose it is, unless the round is anonymous.
    pub team: Option<String>,
    /// How far it is.
    pub state: SheetState,
    /// The scorecard.
    pub card: Scorecard,
}

/// How far a sheet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetState {
    /// Nothing is on it.
    NotBegun,
    /// Something is.
    Begun,
    /// It is in.
    HandedIn,
    /// It is in, and something was changed since.
    Changing,
    /// No marks, and a reason.
    Abstained,
    /// It was taken out of the count.
    NotCounted,
}

impl SheetState {
    fn of(status: CardStatus, begun: bool) -> Option<Self> {
        Some(match (status, begun) {
            (CardStatus::Expected, false) => Self::NotBegun,
            (CardStatus::Expected, true) => Self::Begun,
            (CardStatus::Sealed, false) => Self::HandedIn,
            (CardStatus::Sealed, true) => Self::Changing,
            (CardStatus::Abstained, _) => Self::Abstained,
            (CardStatus::SetAside, _) => Self::NotCounted,
            (CardStatus::Released, _) => return None,
        })
    }

    /// Whether the judge still owes it.
    pub fn is_owed(self) -> bool {
        matches!(self, Self::NotBegun | Self::Begun)
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotBegun => "Not begun",
            Self::Begun => "Begun",
            Self::HandedIn => "Handed in",
            Self::Changing => "Changes not handed in",
            Self::Abstained => "Abstained",
            Self::NotCounted => "Not counted",
        }
    }
}

impl Queue {
    /// Puts a judge's own scorecards in order: at a desk in one that is theirs
    /// alone, so that no pitch is first for everybody; else by title, as people
    /// look them up while they listen.
    pub fn of(
        kind: &str,
        judge: Uuid,
        cards: Vec<Scorecard>,
        drafts: &[Begun],
        pitches: Vec<Reading>,
    ) -> Self {
        let begun: BTreeSet<Uuid> = drafts.iter().map(|draft| draft.pitch).collect();
        let mut named: BTreeMap<Uuid, Reading> = pitches.into_iter().map(|pitch| (pitch.id, pitch)).collect();
        let mut sheets: Vec<Queued> = cards
            .into_iter()
            .filter(|card| card.own)
            .filter_map(|card| {
                let state = SheetState::of(card.status, begun.contains(&card.pitch))?;
                let pitch = named.remove(&card.pitch);
                let (title, team) = pitch.map_or((None, None), |pitch| (pitch.title, pitch.team_name));
                let title = title.unwrap_or_else(|| "A pitch without a title".to_owned());
                Some(Queued { pitch: card.pitch, title, team, state, card })
            })
            .collect();
        if kind == "desk" {
            sheets.sort_by_key(|sheet| own_order(judge, sheet.pitch));
        } else {
            sheets.sort_by_cached_key(|sheet| (sheet.title.to_lowercase(), sheet.pitch));
        }
        Self { sheets }
    }

    /// One of them.
    pub fn find(&self, pitch: Uuid) -> Option<&Queued> {
        self.sheets.iter().find(|sheet| sheet.pitch == pitch)
    }

    /// Its number, from 1.
    pub fn place(&self, pitch: Uuid) -> usize {
        self.sheets.iter().position(|sheet| sheet.pitch == pitch).map_or(0, |at| at + 1)
    }

    /// How many the judge has answered.
    pub fn answered(&self) -> usize {
        self.sheets.iter().filter(|sheet| !sheet.state.is_owed()).count()
    }

    /// Whether there is nothing left to hand in.
    pub fn is_done(&self) -> bool {
        self.answered() == self.sheets.len()
    }

    /// The next that is owed: after this one, then from the beginning.
    pub fn next(&self, after: Option<Uuid>) -> Option<&Queued> {
        let from = after.map_or(0, |pitch| self.place(pitch));
        let (before, behind) = self.sheets.split_at(from.min(self.sheets.len()));
        let owed = |sheet: &&Queued| sheet.state.is_owed() && Some(sheet.pitch) != after;
        behind.iter().chain(before).find(owed)
    }
}

/// A stable place in a judge's own order.
fn own_order(judge: Uuid, pitch: Uuid) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(judge.as_bytes());
    hash.update(pitch.as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(pitch: u128, status: CardStatus, own: bool) -> Scorecard {
        Scorecard {
            pitch: Uuid::from_u128(pitch),
            status,
            version: 1,
            own,
            marks: None,
            comment_to_panel: None,
            comment_to_entrant: None,
            comment_returned: None,
            reason: None,
        }
    }

    fn queue(states: &[SheetState]) -> Queue {
        let sheets = states.iter().zip(1_u128..).map(|(state, number)| {
            let card = card(number, CardStatus::Expected, true);
            Queued { pitch: card.pitch, title: number.to_string(), team: None, state: *state, card }
        });
        Queue { sheets: sheets.collect() }
    }

    #[test]
    fn others_cards_and_released_ones_are_not_there() {
        let cards = vec![
            card(1, CardStatus::Sealed, false),
            card(2, CardStatus::Released, true),
            card(3, CardStatus::Expected, true),
            card(4, CardStatus::Sealed, true),
        ];
        let drafts = [Begun { pitch: Uuid::from_u128(3) }, Begun { pitch: Uuid::from_u128(1) }];
        let queue = Queue::of("den", Uuid::from_u128(9), cards, &drafts, Vec::new());
        let shown: Vec<_> = queue.sheets.iter().map(|sheet| (sheet.pitch.as_u128(), sheet.state)).collect();
        assert_eq!(shown, [(3, SheetState::Begun), (4, SheetState::HandedIn)]);
    }

    #[test]
    fn the_next_one_is_owed_and_another() {
        use SheetState::{Abstained, Begun, HandedIn, NotBegun};
        let queue = queue(&[NotBegun, HandedIn, Begun, Abstained]);
        let next =
            |after: Option<u128>| queue.next(after.map(Uuid::from_u128)).map(|sheet| sheet.title.as_str());
        assert_eq!(next(None), Some("1"));
        assert_eq!(next(Some(1)), Some("3"));
        assert_eq!(next(Some(3)), Some("1"), "round to the beginning");
        assert_eq!(next(Some(99)), Some("1"));
        assert_eq!(queue.answered(), 2);
        assert!(!queue.is_done());
    }

    #[test]
    fn after_the_last_there_is_none() {
        let queue = queue(&[SheetState::HandedIn, SheetState::Begun]);
        assert!(queue.next(Some(Uuid::from_u128(2))).is_none());
    }

    #[test]
    fn each_judge_has_an_order_of_their_own_that_stays() {
        let order = |judge: u128| {
            let mut pitches: Vec<u128> = (1..=8).collect();
            pitches.sort_by_key(|pitch| own_order(Uuid::from_u128(judge), Uuid::from_u128(*pitch)));
            pitches
        };
        assert_eq!(order(1), order(1));
        assert_ne!(order(1), order(2));
    }
}
