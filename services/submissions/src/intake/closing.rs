//! The deadline closes the call, after the drafts that enter themselves.

use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{ProgrammeId, StreamId};
use plaudit_chassis::intake::Timer;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::scope::AnyDecision;
use plaudit_chassis::{Decision, Problem, ProcessManager, Reaction, Scope};

use crate::attachment::Sealing;
use crate::draft::{Draft, Drafts};
use crate::pitch::{Pitch, enter, submission};
use crate::programme::{Programme, ProgrammeCommand, ProgrammeEvent};
use crate::rulebook::Ending;

/// Sets a timer whenever a deadline is set. Those of earlier deadlines find
/// nothing to close.
pub struct CloseAtDeadline;

impl ProcessManager for CloseAtDeadline {
    const NAME: &'static str = "close_at_deadline";
    const SOURCE: &'static str = "submissions";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let (deadline, grace) = match event.is::<ProgrammeEvent>()? {
            Some(ProgrammeEvent::CallOpened(opened)) => (opened.deadline, opened.grace_seconds),
            Some(ProgrammeEvent::DeadlineMoved(moved)) => (moved.deadline, moved.grace_seconds),
            _ => return Ok(Vec::new()),
        };
        let ending = Ending { deadline: from_proto(&deadline), grace };
        Ok(vec![Reaction::At(ending.closing(), "deadline")])
    }

    fn due(&self, timer: &Timer) -> Vec<Box<dyn AnyDecision>> {
        vec![Box::new(CloseCall { programme: timer.programme })]
    }
}

/// Closes the call if the deadline, as it stands now, says so.
struct CloseCall {
    programme: ProgrammeId,
}

impl Decision for CloseCall {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.programme.stream();
        let programme = scope.load::<Programme>(&stream).await?.state;
        if !programme.is_due(scope.deciding().now) {
            return Ok(stream);
        }
        let drafts = Drafts::of(scope.store(), self.programme).entering().await?;
        let pitches: Vec<StreamId> = drafts.iter().map(|draft| draft.id.stream()).collect();
        scope.load_many::<Pitch>(&pitches).await?;
        for draft in drafts {
            match enter_by_itself(scope, &programme, draft).await {
                // An incomplete draft is no entry: it stays its author's.
                Err(refusal) if refusal.is_refusal() => {}
                entered => entered?,
            }
        }
        scope.handle::<Programme>(&stream, ProgrammeCommand::CloseByDeadline).await?;
        Ok(stream)
    }
}

async fn enter_by_itself(scope: &mut Scope, programme: &Programme, draft: Draft) -> Result<(), Problem> {
    let last = programme.call()?.last_instant;
    let Some((entry, received_at)) = draft.entry_by(last) else { return Ok(()) };
    programme.may_enter(draft.author)?;
    let attachments = Sealing::of(scope.store(), scope.programme(), draft.id, Some(last)).await?;
    let sealed = entry.seal(draft.id, attachments);
    let mut submission = submission(programme, &entry, &sealed, &[draft.author], received_at)?;
    submission.by_itself = true;
    enter(scope, draft.id, submission, &sealed).await
}
