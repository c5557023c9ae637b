use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{MemberId, StreamId};
use plaudit_chassis::intake::Asked;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Decision, Problem, ProcessManager, Reaction, Scope};
use plaudit_proto::v1::Subject;

use crate::member::{Member, MemberCommand};

/// Unlinks members from their people whom an organiser wants forgotten. What
/// they gave to the programme, every service forgets for itself then.
pub struct ForgetAsked;

impl ProcessManager for ForgetAsked {
    const NAME: &'static str = "forget_asked";
    const SOURCE: &'static str = "submissions";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let asked = Asked::of(event)?.filter(|forget| forget.subject.kind == Subject::Member);
        let unlink = asked.map(|forget| Unlink(MemberId(forget.subject.id)));
        Ok(unlink.map(|unlink| Reaction::Do(Box::new(unlink))).into_iter().collect())
    }
}

const BELONGS: &str = "select 1 from events where stream = $1 and version = 1 and programme = $2";

struct Unlink(MemberId);

impl Decision for Unlink {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.stream();
        let client = scope.store().pool().get().await.map_err(StoreError::from)?;
        // Nobody is forgotten by another programme's word.
        let belongs = client.query_opt(BELONGS, &[&stream.as_str(), &scope.programme().0]).await;
        if belongs.map_err(StoreError::from)?.is_none() {
            return Err(Problem::not_found("member"));
        }
        let unlink = "delete from members where member = $1 and programme = $2";
        client.execute(unlink, &[&self.0.0, &scope.programme().0]).await.map_err(StoreError::from)?;
        scope.handle::<Member>(&stream, MemberCommand::Forget).await?;
        Ok(stream)
    }
}
