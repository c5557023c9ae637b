//! What submissions keeps of those who are forgotten: a member's drafts and
//! words; a pitch, which goes with the last of its team.

use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{MemberId, StreamId};
use plaudit_chassis::intake::{Asked, member_gone};
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::vault::{Forget, is_forgotten};
use plaudit_chassis::{Decision, Problem, ProcessManager, Reaction, Scope};
use plaudit_proto::intake::v1::ForgottenBecause;
use plaudit_proto::v1::Subject;

use crate::draft::Drafts;
use crate::programme::pitches_of;

/// Follows the pitches that an organiser wants forgotten.
pub struct ForgetPitches;

impl ProcessManager for ForgetPitches {
    const NAME: &'static str = "forget_pitches";
    const SOURCE: &'static str = "submissions";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let asked = Asked::of(event)?.filter(|forget| forget.subject.kind == Subject::Pitch);
        Ok(asked.map(|forget| Reaction::Do(Box::new(forget))).into_iter().collect())
    }
}

/// Follows the members whom accounts has forgotten.
pub struct ForgetEntrants;

impl ProcessManager for ForgetEntrants {
    const NAME: &'static str = "forget_entrants";
    const SOURCE: &'static str = "accounts";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let gone = member_gone(event)?;
        Ok(gone.map(|member| Reaction::Do(Box::new(ForgetEntrant(member)))).into_iter().collect())
    }
}

struct ForgetEntrant(MemberId);

impl Decision for ForgetEntrant {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        Drafts::of(scope.store(), programme).discard_of(self.0).await?;
        let because = ForgottenBecause::Asked;
        let forget = Forget { subject: self.0.into(), because };
        let stream = forget.decide(scope).await?;
        for (id, pitch) in pitches_of(scope, programme).await? {
            if pitch.is_of(self.0) && all_forgotten(scope, &pitch.team).await? {
                Forget { subject: id.into(), because }.decide(scope).await?;
            }
        }
        Ok(stream)
    }
}

async fn all_forgotten(scope: &mut Scope, team: &[MemberId]) -> Result<bool, Problem> {
    for member in team {
        if !is_forgotten(scope, *member).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
