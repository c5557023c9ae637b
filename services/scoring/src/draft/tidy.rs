//! Forgetting drafts that are of no use any more. These decisions write no
//! event; to carry one out again changes nothing.

use plaudit_chassis::id::{ScorecardId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use uuid::Uuid;

use super::Drafts;

/// Which drafts go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// What was drafted of a scorecard before it came to this version.
    Before(ScorecardId, u64),
    /// All of a round.
    Round(Uuid),
    /// All of a member.
    Member(Uuid),
}

/// Drafts go.
pub struct Discard(pub Which);

impl Decision for Discard {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        let drafts = Drafts::of(scope.store(), programme);
        match self.0 {
            Which::Before(scorecard, version) => drafts.discard_before(scorecard, version).await?,
            Which::Round(round) => drafts.discard_round(round).await?,
            Which::Member(member) => drafts.discard_member(member).await?,
        }
        Ok(programme.stream())
    }
}
