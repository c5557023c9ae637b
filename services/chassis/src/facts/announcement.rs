//! What is known of a programme's announcement.

use plaudit_proto::intake::v1::fact_taken::Fact;
use serde::{Deserialize, Serialize};

use crate::id::{ProgrammeId, StreamId};

/// Whether winners are announced, as awards said it: from then on results are
/// public.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AnnouncementFacts {
    /// They are.
    pub made: bool,
}

impl AnnouncementFacts {
    /// The stream of a programme's announcement, named as at awards.
    pub fn stream(programme: ProgrammeId) -> StreamId {
        StreamId::new("pot", programme.0)
    }

    pub(super) fn learn(&mut self, fact: Fact, _actor: &str) {
        self.made |= matches!(fact, Fact::WinnersAnnounced(_));
    }
}
