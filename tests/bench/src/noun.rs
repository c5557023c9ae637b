//! The noun that is measured in both houses: a member that joins, which it
//! may do as often as it likes.

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, EventEnvelope, View};
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{MemberId, StreamId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_chassis::{Deciding, Decision, Problem, ReadModel, Refusal, Scope};
use plaudit_proto::accounts::v1::MemberJoined;
use serde::{Deserialize, Serialize};

plaudit_chassis::events! {
    pub enum MemberEvent {
        "plaudit.accounts.v1" { MemberJoined }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Member {
    joins: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("nobody joins this often")]
pub struct TooOften;

impl Refusal for TooOften {
    fn code(&self) -> &'static str {
        "too-often"
    }
}

fn may_join(member: &Member) -> Result<MemberEvent, TooOften> {
    if member.joins == u32::MAX { Err(TooOften) } else { Ok(MemberJoined {}.into()) }
}

impl Aggregate for Member {
    const TYPE: &'static str = "member";
    type Command = ();
    type Event = MemberEvent;
    type Error = TooOften;
    type Services = Deciding;

    async fn handle(&mut self, (): (), _: &Deciding, sink: &EventSink<Self>) -> Result<(), TooOften> {
        let event = may_join(self)?;
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, _: MemberEvent) {
        self.joins += 1;
    }
}

/// The same for stock cqrs-es, which has services of another kind.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StockMember(Member);

impl Aggregate for StockMember {
    const TYPE: &'static str = "member";
    type Command = ();
    type Event = MemberEvent;
    type Error = TooOften;
    type Services = ();

    async fn handle(&mut self, (): (), (): &(), sink: &EventSink<Self>) -> Result<(), TooOften> {
        let event = may_join(&self.0)?;
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, _: MemberEvent) {
        self.0.joins += 1;
    }
}

/// Stock's read model of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StockRow {
    joins: u32,
}

impl View<StockMember> for StockRow {
    fn update(&mut self, _: &EventEnvelope<StockMember>) {
        self.joins += 1;
    }
}

/// One command.
pub struct Join(pub MemberId);

impl Decision for Join {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.stream();
        scope.begin::<Member>(&stream);
        scope.handle::<Member>(&stream, ()).await?;
        Ok(stream)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    programme: uuid::Uuid,
    joins: u32,
}

/// Our read model of it.
pub struct Members;

impl ReadModel for Members {
    const NAME: &'static str = "members_measured";
    const SOURCE: &'static str = "accounts";
    type Row = Row;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        Ok(event.is::<MemberEvent>()?.map(|_| event.envelope.stream.to_string()).into_iter().collect())
    }

    fn apply(row: Option<Row>, _: &str, event: &Recorded) -> Result<Option<Row>, Unfoldable> {
        let programme = event.envelope.programme.0;
        Ok(Some(Row { programme, joins: row.map_or(0, |row| row.joins) + 1 }))
    }

    fn index(row: &Row) -> Index {
        Index { programme: row.programme, owner: None, sort: String::new() }
    }
}
