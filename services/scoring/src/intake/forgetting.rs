use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::{RoundId, StreamId};
use plaudit_chassis::intake::Asked;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::vault::Forget;
use plaudit_chassis::{Decision, Problem, ProcessManager, Reaction, Scope};
use plaudit_proto::v1::Subject;

use crate::result::{ResultError, RoundResult};
use crate::round::{Phase, Round};

/// Forgets the marks of rounds that submissions was asked to have forgotten.
pub struct ForgetRounds;

impl ProcessManager for ForgetRounds {
    const NAME: &'static str = "forget_rounds";
    const SOURCE: &'static str = "submissions";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let asked = Asked::of(event)?.filter(|forget| forget.subject.kind == Subject::Round);
        Ok(asked.map(|forget| Reaction::Do(Box::new(ForgetRound(forget)))).into_iter().collect())
    }
}

/// Marks that a result is still to be made of stay.
struct ForgetRound(Forget);

impl Decision for ForgetRound {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let id = RoundId(self.0.subject.id);
        let round = scope.load::<Round>(&id.stream()).await?.state;
        let result = scope.load::<RoundResult>(&id.result()).await?.state;
        let programme = scope.load::<ProgrammeFacts>(&scope.programme().stream()).await?.state;
        let is_over = round.phase == Phase::Voided || programme.cancelled();
        if !is_over && result.declared.is_none() {
            return Err(ResultError::NotUnsealed.into());
        }
        self.0.decide(scope).await
    }
}
