use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::{RoundId, ScorecardId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::scoring::v1::{LateFact, RoundOpened};
use plaudit_proto::v1::Reason;

use super::{Counts, Round, RoundError};
use crate::access;
use crate::scorecard::ScorecardsOfRound;

/// What a round can be asked for.
#[derive(Clone, Debug)]
pub enum RoundCommand {
    /// The panel is ready.
    TakePanel {
        /// On the panel.
        judges: u32,
        /// Made so far.
        assignments: u32,
    },
    /// Let judges hand in, by these rules for ever.
    Open(RoundOpened),
    /// Let nobody hand in any more.
    Lock,
    /// Open the marks, says the first of two.
    ProposeUnsealing,
    /// Open the marks, says the second.
    Unseal {
        /// How the scorecards stand.
        counts: Counts,
        /// Of the counted ones.
        digest: [u8; 32],
    },
    /// Say what became of a fact, if it came after the lock.
    AnswerLateFact {
        /// Which.
        fact: LateFact,
        /// Whom it is about.
        scorecard: ScorecardId,
    },
    /// It doesn't count.
    Void(Reason),
}

/// An organiser lets judges hand in.
pub struct OpenRound {
    /// What the rulebook calls it.
    pub slug: String,
}

/// An organiser ends the handing in.
pub struct LockRound {
    /// Which.
    pub round: RoundId,
}

impl Decision for OpenRound {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        let facts = scope.load::<ProgrammeFacts>(&programme.stream()).await?.state;
        access::organises(&facts, scope.deciding().member())?;
        if facts.cancelled() {
            return Err(RoundError::Voided.into());
        }
        let (rulebook, settings) =
            facts.rulebook().zip(facts.round(&self.slug)).ok_or(RoundError::NotInRulebook)?;
        let round = RoundId::of(programme, &self.slug);
        let cards = ScorecardsOfRound::read(scope.store(), programme, round).await?;
        let opened = RoundOpened {
            rulebook_hash: facts.rulebook_hash().clone(),
            round: self.slug.clone(),
            tally: settings.tally.clone(),
            end: settings.end,
            marks: rulebook.marks,
            scorecards: cards.counts().missing,
        };
        scope.handle::<Round>(&round.stream(), RoundCommand::Open(opened)).await?;
        Ok(round.stream())
    }
}

impl Decision for LockRound {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme().stream();
        let facts = scope.load::<ProgrammeFacts>(&programme).await?.state;
        access::organises(&facts, scope.deciding().member())?;
        let stream = self.round.stream();
        scope.handle::<Round>(&stream, RoundCommand::Lock).await?;
        Ok(stream)
    }
}
