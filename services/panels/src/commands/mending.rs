use std::collections::BTreeMap;

use plaudit_chassis::id::{JudgeId, PitchId, RoundId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;

use crate::bench::Bench;
use crate::judge::{Judge, JudgeCommand};
use crate::panel::Panel;

/// After something has changed, with the least further change: makes the
/// assignments hold again. Nothing where none have been made yet.
pub(super) async fn mend(scope: &mut Scope, round: RoundId) -> Result<(), Problem> {
    let panel = scope.load::<Panel>(&round.panel()).await?.state;
    let Some(drawn) = &panel.drawn else { return Ok(()) };
    let repair = Bench::load(scope, &panel).await?.repair(drawn);
    let mut withdrawn: BTreeMap<JudgeId, Vec<(PitchId, Reason)>> = BTreeMap::new();
    for (judge, pitch, reason) in repair.withdrawn {
        withdrawn.entry(judge).or_default().push((pitch, reason));
    }
    // Withdrawn first: a judge at their cap has room only then.
    for (judge, pitches) in withdrawn {
        scope.handle::<Judge>(&judge.stream(), JudgeCommand::Withdraw(pitches)).await?;
    }
    let mut made: BTreeMap<JudgeId, Vec<PitchId>> = BTreeMap::new();
    for (judge, pitch) in repair.made {
        made.entry(judge).or_default().push(pitch);
    }
    for (judge, pitches) in made {
        scope.handle::<Judge>(&judge.stream(), JudgeCommand::Assign(pitches)).await?;
    }
    Ok(())
}

/// A pitch left, or came back: every panel of the programme that has made its
/// assignments takes that in.
pub struct MendPanels {
    pub pitch: PitchId,
}

impl Decision for MendPanels {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        for panel in scope.store().streams_of(programme, "panel").await? {
            mend(scope, RoundId(panel.id())).await?;
        }
        Ok(self.pitch.stream())
    }
}
