//! Opening the marks of a locked round, by two people.

use std::collections::BTreeSet;

use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::{MemberId, PitchId, RoundId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};

use super::{Round, RoundCommand};
use crate::access;
use crate::scorecard::{Scorecard, ScorecardCommand, ScorecardsOfRound};

/// An organiser proposes to open the marks.
pub struct ProposeUnsealing {
    /// Of which round.
    pub round: RoundId,
}

/// A second person opens them. The round itself can't hold thousands of ids,
/// so the list of its scorecards is read; it is whole and still, because every
/// change of a scorecard after the lock touches the round as well.
pub struct ConfirmUnsealing {
    /// Of which round.
    pub round: RoundId,
}

impl Decision for ProposeUnsealing {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme().stream();
        let facts = scope.load::<ProgrammeFacts>(&programme).await?.state;
        let member = scope.deciding().member();
        access::organises(&facts, member)?;
        if facts.walls_of(member).next().is_some() {
            let cards = ScorecardsOfRound::read(scope.store(), scope.programme(), self.round).await?;
            access::unseals(&facts, member, access::proposers(&facts), &pitches(&cards))?;
        }
        let stream = self.round.stream();
        scope.handle::<Round>(&stream, RoundCommand::ProposeUnsealing).await?;
        Ok(stream)
    }
}

impl Decision for ConfirmUnsealing {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme().stream();
        let facts = scope.load::<ProgrammeFacts>(&programme).await?.state;
        let member = scope.deciding().member();
        access::confirms(&facts, member)?;
        let stream = self.round.stream();
        let round = scope.load::<Round>(&stream).await?.state;
        let proposed_by = round.confirmable_by(member)?;
        let cards = ScorecardsOfRound::read(scope.store(), scope.programme(), self.round).await?;
        let others: Vec<MemberId> = access::confirmers(&facts, proposed_by).collect();
        access::unseals(&facts, member, others.into_iter(), &pitches(&cards))?;
        if round.pinned()?.marks_public {
            reveal(scope, &cards).await?;
        }
        let unseal = RoundCommand::Unseal { counts: cards.counts(), digest: cards.digest() };
        scope.handle::<Round>(&stream, unseal).await?;
        Ok(stream)
    }
}

/// Puts the marks of each counted scorecard, with its salt, into the log.
async fn reveal(scope: &mut Scope, cards: &ScorecardsOfRound) -> Result<(), Problem> {
    let mut opened = cards.open(scope.store().vault()).await?;
    scope.load_many::<Scorecard>(&cards.counted_streams()).await?;
    for (id, _) in cards.counted() {
        // `open` has answered for each of them.
        let Some(marks) = opened.remove(&id) else { continue };
        let unseal = ScorecardCommand::Unseal { salt: marks.salt, sheet: marks.sheet };
        scope.handle::<Scorecard>(&id.stream(), unseal).await?;
    }
    Ok(())
}

fn pitches(cards: &ScorecardsOfRound) -> BTreeSet<PitchId> {
    cards.all().map(|(_, card)| card.place.pitch).collect()
}
