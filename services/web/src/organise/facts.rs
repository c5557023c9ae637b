//! What is known of a programme when its organisers ask what to do.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use jiff::Timestamp;
use uuid::Uuid;

use super::known::{deciders, me};
use super::late::Late;
use super::seen::{Award, Counts, Panel, Progress, Round};
use crate::api::{Listed, Phase, Pitch, Programme, Role};
use crate::failure::Failure;
use crate::together::together;
use crate::visitor::Visitor;

/// Everything that the list of what needs doing follows from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub phase: Option<Phase>,
    /// An organiser; else an approver, who only confirms.
    pub organiser: bool,
    pub me: Uuid,
    /// How many can sign, and how many of them have no conflict.
    pub signing: usize,
    pub invited_call: bool,
    /// Who was asked to enter, and said neither yes nor no.
    pub asked: usize,
    pub unanswered: usize,
    pub opening_proposed_by: Option<Uuid>,
    pub closing_proposed_by: Option<Uuid>,
    pub auditor_proposed_by: Option<Uuid>,
    pub deadline_passed: bool,
    pub pitches: Pitches,
    /// Forms that came too late, of which nobody has said yet whether they may
    /// be handed in after all.
    pub late: usize,
    pub rounds: Vec<RoundFacts>,
    pub awards: Awards,
}

/// Pitches by how they stand; those behind the reader's walls are left out.
#[derive(Clone, Debug, Default)]
pub struct Pitches {
    pub undecided: usize,
    /// Asked, and not answered yet.
    pub queried: usize,
    /// Undecided, and answered what was asked.
    pub answered: usize,
    pub eligible: usize,
    pub ineligible: usize,
    pub out: usize,
    /// Proposals about pitches that wait for a second person, by who made them.
    pub proposals: Vec<Uuid>,
    /// More than were counted.
    pub more: bool,
}

/// A round of the rulebook.
#[derive(Clone, Debug, Default)]
pub struct RoundFacts {
    pub id: String,
    pub name: String,
    pub den: bool,
    pub quorum: usize,
    /// Absent before it is convened.
    pub panel: Option<PanelFacts>,
    /// Absent before anything is known of it.
    pub marking: Option<Marking>,
}

/// Its panel.
#[derive(Clone, Debug, Default)]
pub struct PanelFacts {
    pub state: String,
    pub counts: Counts,
}

/// Its score sheets.
#[derive(Clone, Debug, Default)]
pub struct Marking {
    pub phase: String,
    pub progress: Progress,
    pub declared: bool,
}

/// Awards by how far they are.
#[derive(Clone, Debug, Default)]
pub struct Awards {
    pub proposed_by: Vec<Uuid>,
    pub approved: usize,
    pub announced: usize,
    pub accepted: usize,
    pub paid: usize,
    pub again: usize,
}

impl Facts {
    /// The rounds' panels that can be thought about now.
    pub fn of(programme: &Programme, now: Timestamp) -> Self {
        let people = programme.people.as_ref();
        let invited = people.map(|people| people.invited.as_slice()).unwrap_or_default();
        let rulebook = programme.rulebook.as_ref();
        Self {
            phase: programme.phase,
            organiser: programme.you_are(Role::Organiser),
            me: me(programme),
            signing: deciders(programme).len(),
            invited_call: rulebook.is_some_and(|rulebook| rulebook.call == "invited"),
            asked: invited.iter().filter(|one| !one.declined).count(),
            opening_proposed_by: people.and_then(|people| people.opening_proposed_by),
            closing_proposed_by: people.and_then(|people| people.closing_proposed_by),
            auditor_proposed_by: people
                .filter(|people| people.auditor_proposed.is_some())
                .and_then(|people| people.auditor_proposed_by),
            deadline_passed: programme.last_instant.is_some_and(|last| last < now),
            ..Self::default()
        }
    }

    /// All of it. The number of questions doesn't grow with pitches or judges.
    pub async fn gather(visitor: &Visitor, programme: &Programme, now: Timestamp) -> Result<Self, Failure> {
        let mut facts = Self::of(programme, now);
        let wording = crate::words::Wording::of(programme);
        let rounds = programme.rulebook.iter().flat_map(|rulebook| &rulebook.rounds);
        let rounds = rounds.map(|round| (round.id.clone(), wording.says(&round.id), round));
        let judged = programme.phase >= Some(Phase::Open);
        let rounds = try_join_all(rounds.map(|(id, name, round)| async move {
            let mut known = RoundFacts {
                den: round.kind == "den",
                quorum: round.quorum as usize,
                id,
                name,
                ..RoundFacts::default()
            };
            if judged {
                known.gather(visitor, programme.id).await?;
            }
            Ok::<_, Failure>(known)
        }));
        let (rounds, pitches, late, awards) = together!(
            rounds,
            pitches(visitor, programme),
            late(visitor, programme, facts.deadline_passed),
            awards(visitor, programme),
        )?;
        facts.late = late.iter().filter(|one| one.is_undecided()).count();
        facts.unanswered = unanswered(programme, &pitches.items);
        facts.pitches = Pitches::of(&pitches);
        facts.pitches.proposals.extend(late.iter().filter_map(Late::proposed_by));
        facts.awards = Awards::of(&awards);
        facts.rounds = rounds;
        Ok(facts)
    }
}

impl RoundFacts {
    async fn gather(&mut self, visitor: &Visitor, programme: Uuid) -> Result<(), Failure> {
        let panel = format!("panels/programmes/{programme}/rounds/{}/panel", self.id);
        let marking = format!("scoring/programmes/{programme}/rounds/{}", self.id);
        let (panel, round) =
            together!(visitor.api.find::<Panel>(&panel), visitor.api.find::<Round>(&marking))?;
        self.panel =
            panel.map(|panel| PanelFacts { state: panel.state, counts: panel.counts.unwrap_or_default() });
        self.marking = round.map(|round| Marking {
            phase: round.phase,
            declared: round.declared_at.is_some(),
            progress: round.progress.unwrap_or_default(),
        });
        Ok(())
    }
}

/// Up to a thousand: a list of what to do need not count further.
async fn pitches(visitor: &Visitor, programme: &Programme) -> Result<Listed<Pitch>, Failure> {
    let none = Listed { items: Vec::new(), next: None };
    if programme.phase < Some(Phase::Open) {
        return Ok(none);
    }
    let path = format!("submissions/programmes/{}/pitches?names=true&limit=1000", programme.id);
    Ok(visitor.api.find(&path).await?.unwrap_or(none))
}

/// What came too late, as long as it could still be reopened: until it is fixed
/// which pitches go forward.
async fn late(visitor: &Visitor, programme: &Programme, deadline_passed: bool) -> Result<Vec<Late>, Failure> {
    let may_be_reopened = match programme.phase {
        Some(Phase::Open) => deadline_passed,
        phase => phase == Some(Phase::Closed),
    };
    if !may_be_reopened {
        return Ok(Vec::new());
    }
    let path = format!("submissions/programmes/{}/late", programme.id);
    let page: Option<Listed<Late>> = visitor.api.find(&path).await?;
    Ok(page.map(|page| page.items).unwrap_or_default())
}

async fn awards(visitor: &Visitor, programme: &Programme) -> Result<Vec<Award>, Failure> {
    if programme.phase < Some(Phase::Screened) {
        return Ok(Vec::new());
    }
    let path = format!("awards/programmes/{}/awards?limit=1000", programme.id);
    let page: Option<Listed<Award>> = visitor.api.find(&path).await?;
    Ok(page.map(|page| page.items).unwrap_or_default())
}

/// Of those who were asked, and have not declined: who has no pitch.
fn unanswered(programme: &Programme, pitches: &[Pitch]) -> usize {
    let entered: std::collections::BTreeSet<Uuid> =
        pitches.iter().filter_map(|pitch| pitch.progress.as_ref()).flat_map(|one| one.team.clone()).collect();
    let invited = programme.people.iter().flat_map(|people| &people.invited);
    invited.filter(|one| !one.declined && !entered.contains(&one.member)).count()
}

impl Pitches {
    pub fn of(page: &Listed<Pitch>) -> Self {
        let mut counted = Self { more: page.next.is_some(), ..Self::default() };
        for pitch in &page.items {
            let standing = pitch.progress.as_ref().and_then(|progress| progress.standing.as_deref());
            match standing {
                Some("submitted") => counted.undecided += 1,
                Some("answered") => {
                    (counted.undecided, counted.answered) = (counted.undecided + 1, counted.answered + 1)
                }
                Some("queried") => counted.queried += 1,
                Some("eligible") => counted.eligible += 1,
                Some("ineligible") => counted.ineligible += 1,
                Some(_) => counted.out += 1,
                None => {}
            }
            let proposals = pitch.proposals.iter();
            let waiting = proposals.flat_map(|both| [&both.disqualification, &both.reopening]).flatten();
            counted.proposals.extend(waiting.map(|proposal| proposal.by));
        }
        counted
    }

    pub fn all(&self) -> usize {
        self.undecided + self.queried + self.eligible + self.ineligible + self.out
    }
}

impl Awards {
    fn of(awards: &[Award]) -> Self {
        let mut by: BTreeMap<&str, usize> = BTreeMap::new();
        for award in awards {
            *by.entry(award.status.as_str()).or_default() += 1;
        }
        let count = |status: &str| by.get(status).copied().unwrap_or_default();
        let proposed = awards.iter().filter(|award| award.status == "proposed");
        let paid =
            |award: &&Award| matches!(award.payout.as_deref(), Some("confirmed" | "taken_as_received"));
        Self {
            proposed_by: proposed.filter_map(|award| award.proposed_by).collect(),
            approved: count("approved"),
            announced: count("announced"),
            accepted: count("accepted"),
            paid: awards.iter().filter(paid).count(),
            again: count("declined") + count("lapsed") + count("withdrawn"),
        }
    }
}
