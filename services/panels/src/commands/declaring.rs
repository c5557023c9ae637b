use bytes::Bytes;
use plaudit_chassis::id::{PitchId, StreamId};
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::panels::v1::Connection;

use super::{Here, mending};
use crate::access::Act;
use crate::bench::to_be_judged;
use crate::judge::{Declaration, Declared, Judge, JudgeCommand};

/// A judge declares their interests, once: an event a pitch, and one that
/// closes the list. A stand-in is then given pitches at once.
pub struct DeclareInterests {
    pub round: String,
    pub interests: Option<Opening>,
    pub connections: Vec<Connected>,
    pub none_for_the_rest: bool,
}

/// A connection to a pitch, with its sealed words.
pub struct Connected {
    pub pitch: PitchId,
    pub connection: Connection,
    pub nature: Option<Opening>,
}

impl Decision for DeclareInterests {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may(Act::Declare)?;
        here.screening()?;
        let eligible = to_be_judged(scope).await?.into_keys().collect();
        let connections = self.connections.iter().map(|connected| Declared {
            pitch: connected.pitch,
            connection: connected.connection,
            nature: commitment(&connected.nature),
        });
        let declaration = Declaration {
            interests: commitment(&self.interests),
            connections: connections.collect(),
            none_for_the_rest: self.none_for_the_rest,
            eligible,
        };
        let seat = here.seat(here.member);
        scope.handle::<Judge>(&seat, JudgeCommand::Declare(declaration)).await?;
        let natures = self.connections.iter().filter_map(|connected| connected.nature.as_ref());
        for opening in self.interests.iter().chain(natures) {
            scope.keep(opening);
        }
        mending::mend(scope, here.round).await?;
        Ok(seat)
    }
}

/// Of an absent seal: nothing.
fn commitment(opening: &Option<Opening>) -> Bytes {
    opening.as_ref().map(Opening::commitment).unwrap_or_default()
}
