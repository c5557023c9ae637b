//! Forgetting drafts that are of no use any more. These decisions write no
//! event; to carry one out again changes nothing.

use jiff::Timestamp;
use plaudit_chassis::id::{PitchId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};

use super::Drafts;
use crate::rulebook::RulebookDrafts;

/// A draft has become this pitch.
pub struct DiscardEntered {
    pub pitch: PitchId,
    /// What had arrived by then is in it.
    pub received_at: Timestamp,
}

impl Decision for DiscardEntered {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        Drafts::of(scope.store(), scope.programme()).discard(self.pitch, self.received_at).await?;
        Ok(self.pitch.stream())
    }
}

/// The programme is over.
pub struct DiscardAll;

impl Decision for DiscardAll {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        Drafts::of(scope.store(), programme).discard_all().await?;
        RulebookDrafts::of(scope.store(), programme).discard().await?;
        Ok(programme.stream())
    }
}
