//! Whoever looks: what they are in the programme, and towards each pitch.

use std::collections::HashMap;
use std::sync::Arc;

use plaudit_chassis::facts::{PitchFacts, ProgrammeFacts};
use plaudit_chassis::id::{AwardId, MemberId, PitchId, ProgrammeId, StreamId};
use plaudit_chassis::{Problem, Service};

use crate::access::{self, Act, Phase, Verdict, Who};
use crate::guard::NO_PITCH;
use crate::pot::{self, Pot};
use crate::read_model::{AwardRow, Awards};

/// Somebody who looks.
pub struct Viewer {
    /// In this programme.
    pub programme: ProgrammeId,
    /// As this member, or the public.
    pub member: Option<MemberId>,
    /// The programme as taken in.
    pub facts: Arc<ProgrammeFacts>,
    /// Whether any winners have been announced.
    pub announced: bool,
    teams: HashMap<PitchId, Arc<PitchFacts>>,
}

impl Viewer {
    /// Somebody who looks at things of these pitches.
    pub async fn of(
        service: &Service,
        programme: ProgrammeId,
        member: Option<MemberId>,
        pitches: impl IntoIterator<Item = PitchId>,
    ) -> Result<Self, Problem> {
        // Reloaded, as everything that a page shows: a cached wall could be behind
        // one that another copy of this service has taken in.
        let store = service.store();
        let facts = store.reload::<ProgrammeFacts>(&programme.stream()).await?.state;
        let pot = store.reload::<Pot>(&pot::stream(programme)).await?.state;
        let mut teams = HashMap::new();
        // The public is in no team.
        let pitches: Vec<PitchId> = member.map(|_| pitches.into_iter().collect()).unwrap_or_default();
        let streams: Vec<StreamId> = pitches.iter().map(|pitch| pitch.stream()).collect();
        if !streams.is_empty() {
            let loaded = store.load_many::<PitchFacts>(&streams).await?;
            teams.extend(loaded.into_iter().map(|(stream, at)| (PitchId(stream.id()), at.state)));
        }
        Ok(Self { programme, member, facts, announced: pot.announced(), teams })
    }

    /// Somebody who asks for one award, and the award if the programme has it.
    ///
    /// Its id follows from the prize's and the pitch's, so its team could ask
    /// for it before anybody may know. Hence as much is looked up where there
    /// is none: how long a refusal takes must not say that it was proposed.
    pub async fn of_award(
        service: &Service,
        programme: ProgrammeId,
        member: Option<MemberId>,
        award: AwardId,
    ) -> Result<(Self, Option<AwardRow>), Problem> {
        let row = service.rows::<Awards>().get(&award.to_string()).await?;
        let row = row.filter(|row| row.programme == programme);
        let pitch = row.as_ref().map_or(NO_PITCH, |row| row.pitch);
        Ok((Self::of(service, programme, member, [pitch]).await?, row))
    }

    /// Who they are towards a pitch, or in the programme alone.
    pub fn who(&self, pitch: Option<PitchId>) -> Who {
        let nobody = PitchFacts::default();
        let towards = pitch.map(|pitch| (pitch, self.teams.get(&pitch).map_or(&nobody, Arc::as_ref)));
        Who::of(&self.facts, towards, self.member)
    }

    /// Whether they may.
    pub fn may(&self, act: Act, pitch: PitchId, announced: bool) -> bool {
        access::may(self.who(Some(pitch)), act, Phase::from(announced)) == Verdict::Yes
    }

    /// The same, as an answer.
    pub fn allow(
        &self,
        act: Act,
        pitch: Option<PitchId>,
        announced: bool,
        what: &str,
    ) -> Result<(), Problem> {
        access::allow(self.who(pitch), act, Phase::from(announced), what)
    }
}
