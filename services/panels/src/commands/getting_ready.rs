use plaudit_chassis::id::StreamId;
use plaudit_chassis::{Decision, Problem, Scope};

use super::Here;
use crate::access::Act;
use crate::bench::Bench;
use crate::panel::{Panel, PanelCommand};

/// An organiser says that the round can open.
pub struct GetReady {
    pub round: String,
}

impl Decision for GetReady {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may(Act::GetReady)?;
        let panel = here.panel(scope).await?;
        let bench = Bench::load(scope, &panel).await?;
        let command = PanelCommand::GetReady {
            quorum: bench.quorum(here.rules()?),
            assignments: bench.assignments().into_iter().collect(),
            without: bench.without(),
        };
        let stream = here.round.panel();
        scope.handle::<Panel>(&stream, command).await?;
        Ok(stream)
    }
}
