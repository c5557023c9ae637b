//! Check `facts`: whatever a service took over from another is what that other service said.
//!
//! Of every event that may be taken over, a digest of what it says is kept, and who did it: 40 bytes each.

use sha2::{Digest, Sha256};

use super::world::World;
use crate::event::{Data, Event, PACKAGES_OF_FACTS, Place, SERVICES};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};

/// See the module.
#[derive(Debug)]
pub struct Facts {
    findings: Findings,
    taken: u64,
    said: [Vec<Said>; SERVICES.len()],
}

/// What an event said.
#[derive(Debug)]
struct Said {
    position: u64,
    words: [u8; 16],
    actor: [u8; 16],
}

impl Default for Facts {
    fn default() -> Self {
        Self { findings: Findings::of("facts"), taken: 0, said: std::array::from_fn(|_| Vec::new()) }
    }
}

impl Facts {
    /// In the log's order.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        match taken(event, world) {
            None => self.keep(event),
            Some(taken) => {
                self.taken += 1;
                self.compare(event, &taken);
            }
        }
    }

    fn keep(&mut self, event: &Event<'_>) {
        let Some(words) = said(event) else { return };
        let actor = event.envelope.actor.member().0.to_be_bytes();
        let said = Said { position: event.at.position, words, actor };
        self.said[event.at.service.place()].push(said);
    }

    fn compare(&mut self, event: &Event<'_>, taken: &Taken) {
        let said = event.envelope.cause.filter(|cause| cause.service != event.at.service).and_then(|cause| {
            let said = &self.said[cause.service.place()];
            let at = said.binary_search_by_key(&cause.position, |said| said.position).ok()?;
            Some(&said[at])
        });
        let cause = event.envelope.cause.map_or_else(|| "-".to_owned(), |cause: Place| cause.to_string());
        let Some(said) = said else {
            return self.findings.wrong("cause", event.at, parameters! { cause });
        };
        if said.words != taken.words {
            self.findings.wrong("words", event.at, parameters! { cause });
        } else if taken.actor.is_some_and(|actor| actor.0.to_be_bytes() != said.actor) {
            self.findings.wrong("actor", event.at, parameters! { cause });
        }
    }

    /// The outcome.
    pub fn finish(self) -> Checked {
        self.findings.or(Outcome::Holds, "same", parameters! { n: self.taken }, [])
    }
}

/// What an event took over.
struct Taken {
    words: [u8; 16],
    /// Where the event says who did it.
    actor: Option<Id>,
}

fn digest(parts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    let mut cut = [0; 16];
    cut.copy_from_slice(&hash.finalize()[..16]);
    cut
}

/// A digest of what an event says, if that may be taken over.
fn said(event: &Event<'_>) -> Option<[u8; 16]> {
    // Most events are about score sheets, and nobody takes those over.
    if event.envelope.stream.noun == "scorecard" {
        return None;
    }
    let stream = event.envelope.stream.to_string();
    Some(match &event.data {
        Data::PanelReady(ready) => panel_digest(event.id(), ready.judges, ready.assignments),
        Data::PitchRanked(ranked) => place_digest(event.id(), ranked.pitch, ranked.rank, ranked.shared_by),
        Data::ResultDeclared(declared) => ranking_digest(event.id(), &declared.round, declared.pitches),
        _ => {
            let (package, kind) = event.envelope.type_name.rsplit_once('.')?;
            let names = PACKAGES_OF_FACTS.iter().find(|(known, _)| *known == package)?.1;
            let known = names.iter().find(|name| {
                let (first, rest) = name.split_at(1);
                kind.strip_prefix(&*first.to_uppercase()) == Some(rest)
            })?;
            digest(&[known, &stream, event.envelope.data])
        }
    })
}

/// What an event took over, if it does.
fn taken(event: &Event<'_>, world: &World) -> Option<Taken> {
    Some(match &event.data {
        Data::FactTaken(fact) => {
            let stream = event.envelope.stream.to_string();
            Taken { words: digest(&[fact.name, &stream, fact.words.get()]), actor: Some(fact.actor) }
        }
        Data::PanelTaken(panel) => {
            Taken { words: panel_digest(event.id(), panel.judges, panel.assignments), actor: None }
        }
        Data::PlaceTaken(place) => {
            Taken { words: place_digest(event.id(), place.pitch, place.rank, place.shared_by), actor: None }
        }
        Data::RankingTaken(ranking) => {
            Taken { words: ranking_digest(event.id(), &ranking.round, ranking.places), actor: None }
        }
        Data::ScorecardExpected(expected) => {
            let member = world.judges.seats.get(&expected.judge).map(|seat| seat.member).unwrap_or_default();
            let (pitch, round) = (expected.pitch, expected.round);
            let words = format!(r#"{{"pitch":"{pitch}","panel":"{round}","member":"{member}"}}"#);
            let stream = format!("judge/{}", expected.judge);
            Taken { words: digest(&["assignmentMade", &stream, &words]), actor: None }
        }
        _ => return None,
    })
}

fn panel_digest(round: Id, judges: u32, assignments: u32) -> [u8; 16] {
    digest(&["panel", &round.to_string(), &judges.to_string(), &assignments.to_string()])
}

fn place_digest(round: Id, pitch: Id, rank: u32, shared_by: u32) -> [u8; 16] {
    digest(&["place", &round.to_string(), &pitch.to_string(), &rank.to_string(), &shared_by.to_string()])
}

fn ranking_digest(round: Id, slug: &str, places: u32) -> [u8; 16] {
    digest(&["ranking", &round.to_string(), slug, &places.to_string()])
}
