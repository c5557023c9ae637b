//! What was so when an event was decided: the few folds that several checks look at.

mod judges;
mod pitches;
mod prizes;
mod rounds;

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::event::{Data, Event, Hash32, Place, Role, Rulebook, SERVICES, Service};
use crate::id::Id;
use crate::report::Outcome;
use crate::time::Time;

pub use judges::{Connected, Judge, Judges};
pub use pitches::{Decided, Pitch, Standing};
pub use prizes::{Award, Prizes, Ranking, Share, Stage};
pub use rounds::{Card, CardStanding, Cards, Phase, Round, sheet};

/// An event and its time.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Which.
    pub at: Place,
    /// When.
    pub time: Time,
}

impl Moment {
    fn of(event: &Event<'_>) -> Self {
        Self { at: event.at, time: event.envelope.time }
    }
}

/// A rulebook as it was published.
#[derive(Debug)]
pub struct Published {
    /// By which event.
    pub moment: Moment,
    /// What it says.
    pub rules: Rulebook,
    /// The hash that the event gives.
    pub hash: Option<Hash32>,
    /// SHA-256 of its bytes so far: with a commitment after it, it is its hash.
    words: Sha256,
}

impl Published {
    /// The rulebook's hash with this prose.
    pub fn hash_with(&self, prose: Option<Hash32>) -> Hash32 {
        let prose = prose.map(|prose| prose.0);
        Hash32(
            self.words.clone().chain_update(prose.as_ref().map_or(&[][..], |prose| prose)).finalize().into(),
        )
    }
}

/// Everything that several checks need to know.
#[derive(Debug, Default)]
pub struct World {
    /// Whose events these are.
    pub programme: Id,
    /// As last published.
    pub rulebook: Option<Published>,
    /// Its hash as last amended.
    pub hash_in_force: Option<Hash32>,
    /// When the call was opened.
    pub opened: Option<Moment>,
    /// The last moment that counts, as it stands.
    pub last_moment: Option<Time>,
    /// When the call was closed.
    pub closed: Option<Moment>,
    /// When the screening was completed, and its digest.
    pub screened: Option<(Moment, Option<Hash32>)>,
    /// Concluded or cancelled.
    pub over: bool,
    /// Concluded.
    pub concluded: bool,
    /// By id.
    pub pitches: HashMap<Id, Pitch>,
    /// What came too late and was reopened before it was ever submitted: until when.
    pub reopened_early: HashMap<Id, Time>,
    /// By the ids of their seats.
    pub judges: Judges,
    /// By id.
    pub rounds: HashMap<Id, Round>,
    /// What judges hand in.
    pub cards: Cards,
    /// Awards and the pot.
    pub prizes: Prizes,
    /// Roles, as each service knows them.
    roles: [HashMap<Id, u8>; SERVICES.len()],
    /// Walls before pitches, as each service knows them.
    conflicts: [HashSet<(Id, Id)>; SERVICES.len()],
}

const ORGANISER: u8 = 1;
const APPROVER: u8 = 2;

impl World {
    /// Of a programme.
    pub fn of(programme: Id) -> Self {
        Self { programme, ..Self::default() }
    }

    /// Whether a service knew the member as an organiser.
    pub fn organises(&self, service: Service, member: Id) -> bool {
        self.role(service, member) & ORGANISER != 0
    }

    /// Whether a service knew the member as an organiser or approver.
    pub fn confirms(&self, service: Service, member: Id) -> bool {
        self.role(service, member) != 0
    }

    fn role(&self, service: Service, member: Id) -> u8 {
        self.roles[service.place()].get(&member).copied().unwrap_or_default()
    }

    /// Whether a service knew of a wall: a conflict declared, or a place in the team.
    pub fn walled(&self, service: Service, member: Id, pitch: Id) -> bool {
        let team = self.pitches.get(&pitch).is_some_and(|pitch| pitch.team.contains(&member));
        team || self.conflicts[service.place()].contains(&(member, pitch))
    }

    /// Takes an event in.
    pub fn learn(&mut self, event: &Event<'_>) {
        let service = event.at.service;
        match &event.data {
            Data::FactTaken(fact) => {
                self.learn_roles(service, &fact.said);
                self.judges.learn_fact(event, &fact.said);
                if let Data::PitchWithdrawn(_) | Data::PitchDisqualified(_) = fact.said
                    && let Some(pitch) = self.pitches.get_mut(&event.id())
                {
                    pitch.left_for |= 1 << service.0;
                }
            }
            said if service == Service::SUBMISSIONS => {
                self.learn_roles(service, said);
                self.learn_programme(event);
                pitches::learn(&mut self.pitches, &mut self.reopened_early, event);
            }
            _ if service == Service::PANELS => self.judges.learn(event, &mut self.pitches),
            _ if service == Service::SCORING => rounds::learn(&mut self.rounds, &mut self.cards, event),
            _ if service == Service::AWARDS => self.prizes.learn(event),
            _ => {}
        }
    }

    /// How a check comes out that has nothing to look at.
    pub fn nothing_yet(&self) -> (Outcome, &'static str) {
        if self.over { (Outcome::Holds, "none") } else { (Outcome::Hidden, "early") }
    }

    /// The round of the rulebook that a round's or panel's id stands for.
    pub fn round_of(&self, id: Id) -> Option<&crate::event::Round> {
        let rounds = &self.rulebook.as_ref()?.rules.rounds;
        rounds.iter().find(|round| Id::of_round(self.programme, &round.id) == id)
    }

    fn learn_roles(&mut self, service: Service, said: &Data<'_>) {
        let roles = &mut self.roles[service.place()];
        let bit = |role: Role| match role {
            Role::Organiser => ORGANISER,
            Role::Approver => APPROVER,
            Role::Other => 0,
        };
        match said {
            Data::RoleGranted(granted) => *roles.entry(granted.member).or_default() |= bit(granted.role),
            Data::RoleRevoked(revoked) => *roles.entry(revoked.member).or_default() &= !bit(revoked.role),
            Data::OrganiserConflictDeclared(declared) => {
                self.conflicts[service.place()].insert((declared.member, declared.pitch));
            }
            _ => {}
        }
    }

    fn learn_programme(&mut self, event: &Event<'_>) {
        match &event.data {
            Data::RulebookPublished(published) => {
                let words = published.rulebook.map_or("", |rulebook| rulebook.get());
                let rules: Rulebook = serde_json::from_str(words).unwrap_or_default();
                self.last_moment = Some(rules.deadline.after(rules.grace_seconds.into()));
                self.hash_in_force = published.hash;
                let (moment, hash) = (Moment::of(event), published.hash);
                let words = Sha256::new_with_prefix(words);
                self.rulebook = Some(Published { moment, rules, hash, words });
            }
            Data::RulebookAmended(amended) => self.hash_in_force = amended.hash,
            Data::CallOpened(_) => self.opened = Some(Moment::of(event)),
            Data::DeadlineMoved(moved) => {
                self.last_moment = Some(moved.deadline.after(moved.grace_seconds.into()));
            }
            Data::CallClosed(_) => self.closed = Some(Moment::of(event)),
            Data::ScreeningCompleted(completed) => {
                self.screened = Some((Moment::of(event), completed.digest));
            }
            Data::ProgrammeCancelled(_) => self.over = true,
            Data::ProgrammeConcluded(_) => (self.over, self.concluded) = (true, true),
            _ => {}
        }
    }
}
