use plaudit_chassis::id::StreamId;
use plaudit_chassis::{Decision, Problem, Scope};

use super::Here;
use crate::access::Act;
use crate::panel::{Panel, PanelCommand};

/// An organiser convenes the panel of a round that the rulebook has.
pub struct ConvenePanel {
    /// The round, as the rulebook calls it.
    pub round: String,
}

impl Decision for ConvenePanel {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may(Act::Convene)?;
        let anonymous = here.rules()?.anonymous;
        let panel = here.round.panel();
        let command = PanelCommand::Convene { round: self.round.clone(), anonymous };
        scope.handle::<Panel>(&panel, command).await?;
        Ok(panel)
    }
}
