//! All scorecards of a round, and what lies under their seals.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use plaudit_chassis::id::{ProgrammeId, RoundId, ScorecardId, StreamId};
use plaudit_chassis::vault::{Commitment, Vault};
use plaudit_chassis::{Problem, Store};
use sha2::{Digest, Sha256};

use super::{Scorecard, Sheet, Standing};
use crate::round::{Counts, RoundError};

/// The scorecards of a round, sorted by id. The list is whole and still only
/// where the round is locked, and the command relies on the round's version:
/// whatever changes a scorecard after the lock touches the round.
pub struct ScorecardsOfRound(BTreeMap<ScorecardId, Arc<Scorecard>>);

/// What an opening of marks says.
pub struct OpenedMarks {
    /// Of the seal.
    pub salt: [u8; 32],
    /// The marks.
    pub sheet: Sheet,
}

impl ScorecardsOfRound {
    /// Reads them as they are stored.
    pub async fn read(store: &Store, programme: ProgrammeId, round: RoundId) -> Result<Self, Problem> {
        let streams = store.streams_of(programme, ScorecardId::NOUN).await?;
        let loaded = store.load_many::<Scorecard>(&streams).await?;
        let of_round = loaded.into_iter().filter(|(_, card)| card.state.place.round == round);
        Ok(of_round.map(|(stream, card)| (ScorecardId(stream.id()), card.state)).collect())
    }

    /// Each of them, by id.
    pub fn all(&self) -> impl Iterator<Item = (ScorecardId, &Scorecard)> {
        self.0.iter().map(|(id, card)| (*id, card.as_ref()))
    }

    /// Those whose marks count.
    pub fn counted(&self) -> impl Iterator<Item = (ScorecardId, &Scorecard)> {
        self.all().filter(|(_, card)| card.counts())
    }

    /// Their streams.
    pub fn counted_streams(&self) -> Vec<StreamId> {
        self.counted().map(|(id, _)| id.stream()).collect()
    }

    /// How many stand how. What was released is of no concern to the round.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, card) in self.all() {
            match card.standing {
                Standing::Sealed => counts.sealed += 1,
                Standing::Abstained => counts.abstained += 1,
                Standing::SetAside => counts.set_aside += 1,
                Standing::Expected => counts.missing += 1,
                Standing::Unknown | Standing::Released => {}
            }
        }
        counts
    }

    /// SHA-256 over `<scorecard> <commitment of its marks>` of each that
    /// counts, sorted, a line each.
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (id, card) in self.counted() {
            let commitment: String = card.marks.iter().map(|byte| format!("{byte:02x}")).collect();
            hash.update(format!("{id} {commitment}\n"));
        }
        hash.finalize().into()
    }

    /// The marks of those that count, from the vault, in one round trip.
    ///
    /// # Errors
    /// 409 if one of them is no longer there.
    pub async fn open(&self, vault: &Vault) -> Result<HashMap<ScorecardId, OpenedMarks>, Problem> {
        let sealed: Vec<Commitment> = self.counted().map(|(_, card)| card.marks.clone()).collect();
        let shown = vault.show(&sealed).await?;
        let lost = sealed.iter().filter(|commitment| !shown.contains_key(*commitment)).count();
        if lost > 0 {
            return Err(RoundError::OpeningsLost(lost).into());
        }
        let opened = self.counted().zip(&sealed).filter_map(|((id, _), commitment)| {
            let shown = shown.get(commitment)?;
            let sheet = Sheet::read(&shown.content).map_err(Problem::internal);
            Some(sheet.map(|sheet| (id, OpenedMarks { salt: shown.salt, sheet })))
        });
        opened.collect()
    }
}

impl FromIterator<(ScorecardId, Arc<Scorecard>)> for ScorecardsOfRound {
    fn from_iter<I: IntoIterator<Item = (ScorecardId, Arc<Scorecard>)>>(cards: I) -> Self {
        Self(cards.into_iter().collect())
    }
}
