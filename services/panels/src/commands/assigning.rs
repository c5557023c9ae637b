use std::collections::BTreeMap;

use plaudit_chassis::id::{JudgeId, PitchId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use sha2::{Digest, Sha256};

use super::Here;
use crate::access::Act;
use crate::bench::Bench;
use crate::judge::{Judge, JudgeCommand};
use crate::panel::{Completed, Drawn, Panel, PanelCommand};

/// An organiser lets every pitch be given its judges: an event an assignment,
/// and one that closes the list.
pub struct AssignAll {
    pub round: String,
}

impl Decision for AssignAll {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may(Act::AssignAll)?;
        let panel = here.panel(scope).await?;
        let rules = here.rules()?;
        let seed = seed(here.screening()?);
        let bench = Bench::load(scope, &panel).await?;
        let quorum = bench.quorum(rules);
        panel.assignable(&quorum)?;
        let drawn = Drawn { judges_per_pitch: rules.judges_per_pitch, seed };
        let assignments = bench.plan(&drawn)?;
        for (judge, pitches) in by_judge(&assignments) {
            scope.handle::<Judge>(&judge.stream(), JudgeCommand::Assign(pitches)).await?;
        }
        let Drawn { judges_per_pitch, seed } = drawn;
        let completed = Completed { quorum, assignments, judges_per_pitch, seed };
        let stream = here.round.panel();
        scope.handle::<Panel>(&stream, PanelCommand::CompleteAssignments(completed)).await?;
        Ok(stream)
    }
}

fn by_judge(assignments: &[(PitchId, JudgeId)]) -> BTreeMap<JudgeId, Vec<PitchId>> {
    let mut by_judge: BTreeMap<JudgeId, Vec<PitchId>> = BTreeMap::new();
    for &(pitch, judge) in assignments {
        by_judge.entry(judge).or_default().push(pitch);
    }
    by_judge
}

/// Nobody picks it: it follows from which pitches came through screening.
fn seed(screening: &[u8]) -> [u8; 32] {
    let hex: String = screening.iter().map(|byte| format!("{byte:02x}")).collect();
    Sha256::digest(format!("plaudit/lot/v1\nassignment\n{hex}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_the_published_one() {
        // printf 'plaudit/lot/v1\nassignment\nabcd' | sha256sum
        let expected = "6d89ace5657aa948db2a86e0e322ddf8ffcead58481dfcc71e29b6bb7ee208aa";
        let hex: String = seed(&[0xab, 0xcd]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
    }
}
