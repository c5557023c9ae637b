//! What a page of results is made of, read once.

use futures_util::future::try_join_all;
use uuid::Uuid;

use super::names::{Names, maybe, visible};
use super::shapes::{Announcement, Award, Derivation, Place, RoundState};
use crate::api::{Api, Programme, Round};
use crate::failure::Failure;
use crate::together::together;
use crate::words::Wording;

/// A programme's results, as far as the reader may see them.
pub struct Overview {
    pub programme: Programme,
    pub wording: Wording,
    pub names: Names,
    /// What is awarded; empty before the announcement for most.
    pub awards: Vec<Award>,
    pub announcement: Option<Announcement>,
    /// The last round first: it decides.
    pub rounds: Vec<RoundResult>,
}

/// A round, and what came out of it.
pub struct RoundResult {
    pub round: Round,
    pub state: Option<RoundState>,
    /// By rank; empty as long as the reader may not see it.
    pub places: Vec<Place>,
    /// Where marks may be seen.
    pub derivation: Option<Derivation>,
}

impl Overview {
    /// Reads all of a programme's results.
    pub async fn of(api: &Api, programme: Uuid) -> Result<Self, Failure> {
        Self::read(api, programme, None).await
    }

    /// Reads those of one round; 404 if there is no such round.
    pub async fn of_round(api: &Api, programme: Uuid, round: &str) -> Result<Self, Failure> {
        Self::read(api, programme, Some(round)).await
    }

    async fn read(api: &Api, id: Uuid, only: Option<&str>) -> Result<Self, Failure> {
        let at = format!("submissions/programmes/{id}");
        let awards = format!("awards/programmes/{id}/awards");
        let announcement = format!("awards/programmes/{id}/announcement");
        let (programme, names, awards, announcement) = together!(
            api.get::<Programme>(&at),
            Names::of(api, id),
            async { visible(api.list::<Award>(&awards).await) },
            async { maybe(api.get::<Announcement>(&announcement).await) },
        )?;
        let rounds = programme.rulebook.iter().flat_map(|rulebook| rulebook.rounds.iter().rev());
        let rounds = rounds.filter(|round| only.is_none_or(|only| round.id == only));
        let rounds = try_join_all(rounds.map(|round| RoundResult::read(api, id, round.clone()))).await?;
        if only.is_some() && rounds.is_empty() {
            return Err(Failure::not_found("round"));
        }
        let wording = Wording::of(&programme);
        Ok(Self { programme, wording, names, awards, announcement, rounds })
    }

    /// Whether everybody knows who won.
    pub fn is_announced(&self) -> bool {
        self.announcement.as_ref().is_some_and(|announcement| announcement.announced_at.is_some())
            || self.awards.iter().any(Award::is_announced)
            || self.rounds.iter().any(|round| round.state.as_ref().is_some_and(|state| state.announced))
    }

    /// A pitch's name on these pages: its team's, or its place in the running
    /// order where names are not for this reader.
    pub fn team(&self, pitch: Uuid) -> String {
        match self.names.team(pitch) {
            Some(team) => team.to_owned(),
            None => self.unnamed(pitch),
        }
    }

    fn unnamed(&self, pitch: Uuid) -> String {
        let places = self.rounds.iter().flat_map(|round| &round.places);
        let place = places.into_iter().find(|place| place.pitch == pitch);
        place.map_or_else(|| "A pitch".to_owned(), |place| format!("Pitch {}", place.order))
    }

    /// The title below a team's name, if there is one.
    pub fn title(&self, pitch: Uuid) -> Option<&str> {
        let called = self.names.called(pitch)?;
        called.title.as_deref().filter(|_| called.team_name.is_some())
    }
}

impl RoundResult {
    async fn read(api: &Api, programme: Uuid, round: Round) -> Result<Self, Failure> {
        let at = format!("scoring/programmes/{programme}/rounds/{}", round.id);
        let (result, derivation) = (format!("{at}/result"), format!("{at}/result/derivation"));
        let (state, places, derivation) = together!(
            async { maybe(api.get::<RoundState>(&at).await) },
            async { visible(api.list::<Place>(&result).await) },
            async { maybe(api.get::<Derivation>(&derivation).await) },
        )?;
        Ok(Self { round, state, places, derivation })
    }

    /// Judges by their seats' bytes, as every page numbers them.
    pub fn judges(&self) -> Vec<Uuid> {
        let marks = self.derivation.iter().flat_map(|derivation| &derivation.pitches);
        let marks = marks.flat_map(|pitch| &pitch.criteria).flat_map(|criterion| &criterion.marks);
        let mut judges: Vec<Uuid> = marks.map(|mark| mark.judge).collect();
        judges.sort_unstable();
        judges.dedup();
        judges
    }

    /// “Judge 2”, and the name where the reader may know it. A judge has a
    /// number only where the marks may be seen.
    pub fn judge(&self, judges: &[Uuid], seat: Uuid, names: &Names) -> String {
        let number = judges.binary_search(&seat).ok().map(|at| at + 1);
        let seats = self
            .state
            .iter()
            .filter_map(|state| state.progress.as_ref())
            .flat_map(|progress| &progress.judges);
        let member = seats.into_iter().find(|known| known.judge == seat);
        match (member.and_then(|seat| names.known(seat.member)), number) {
            (Some(name), Some(number)) => format!("{name} (judge {number})"),
            (Some(name), None) => name.to_owned(),
            (None, Some(number)) => format!("Judge {number}"),
            (None, None) => "A judge".to_owned(),
        }
    }
}
