//! Filling the bench: for a decision, which the append then guards, and for
//! a page.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use plaudit_chassis::facts::{PitchFacts, ProgrammeFacts};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, StreamId};
use plaudit_chassis::store::Loaded;
use plaudit_chassis::{Problem, Scope, Store};

use super::Bench;
use crate::judge::Judge;
use crate::panel::Panel;

impl Bench {
    /// For a decision: everything on it must still be so at the append.
    pub async fn load(scope: &mut Scope, panel: &Panel) -> Result<Self, Problem> {
        let mut judges = BTreeMap::new();
        for &judge in panel.seats.keys() {
            judges.insert(judge, scope.load::<Judge>(&judge.stream()).await?.state);
        }
        Ok(Self { judges, pitches: to_be_judged(scope).await? })
    }

    /// For a page: as it is stored now.
    pub async fn read(store: &Store, programme: ProgrammeId, panel: &Panel) -> Result<Self, Problem> {
        let seats: Vec<StreamId> = panel.seats.keys().map(|judge| judge.stream()).collect();
        let judges = store.load_many::<Judge>(&seats).await?;
        let judges = judges.into_iter().map(|(stream, judge)| (JudgeId(stream.id()), judge.state)).collect();
        let facts = store.reload::<ProgrammeFacts>(&programme.stream()).await?.state;
        let streams = store.streams_of(programme, PitchId::NOUN).await?;
        let pitches = store.load_many::<PitchFacts>(&streams).await?;
        Ok(Self { judges, pitches: eligible(&pitches, &facts) })
    }
}

/// The pitches that are to be judged, each with those who can't be its judge.
/// One that is found eligible after this was read comes to the panel by itself.
pub async fn to_be_judged(scope: &mut Scope) -> Result<BTreeMap<PitchId, BTreeSet<MemberId>>, Problem> {
    let programme = scope.programme();
    let facts = scope.load::<ProgrammeFacts>(&programme.stream()).await?.state;
    let streams = scope.store().streams_of(programme, PitchId::NOUN).await?;
    let pitches = scope.load_many::<PitchFacts>(&streams).await?;
    Ok(eligible(&pitches, &facts))
}

fn eligible(
    pitches: &HashMap<StreamId, Loaded<PitchFacts>>,
    facts: &ProgrammeFacts,
) -> BTreeMap<PitchId, BTreeSet<MemberId>> {
    let mut eligible: BTreeMap<PitchId, BTreeSet<MemberId>> = pitches
        .iter()
        .filter(|(_, pitch)| pitch.state.eligible())
        .map(|(stream, pitch)| (PitchId(stream.id()), pitch.state.team().iter().copied().collect()))
        .collect();
    for (member, pitch) in facts.conflicts() {
        if let Some(barred) = eligible.get_mut(pitch) {
            barred.insert(*member);
        }
    }
    eligible
}
