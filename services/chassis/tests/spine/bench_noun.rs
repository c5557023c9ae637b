//! The smallest noun: a member that is invited and joins.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{MemberId, StreamId, SupportId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_chassis::vault::{Commitment, Opening};
use plaudit_chassis::{Deciding, Decision, Problem, ReadModel, Refusal, Scope};
use plaudit_proto::accounts::v1::{MemberInvited, MemberJoined};
use plaudit_proto::awards::v1::SupportPledged;
use plaudit_proto::intake::v1::{ForgottenBecause, OpeningForgotten};
use serde::{Deserialize, Serialize};

plaudit_chassis::events! {
    pub enum MemberEvent {
        "plaudit.accounts.v1" { MemberInvited, MemberJoined }
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Member {
    pub invited: bool,
    pub joins: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    #[error("nobody invited this member")]
    NotInvited,
}

impl Refusal for MemberError {
    fn code(&self) -> &'static str {
        "not-invited"
    }
}

pub enum MemberCommand {
    Invite,
    Join,
}

impl Aggregate for Member {
    const TYPE: &'static str = "member";
    type Command = MemberCommand;
    type Event = MemberEvent;
    type Error = MemberError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: MemberCommand,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), MemberError> {
        match command {
            MemberCommand::Invite => sink.write(MemberInvited {}.into(), self).await,
            MemberCommand::Join if !self.invited => return Err(MemberError::NotInvited),
            MemberCommand::Join => sink.write(MemberJoined {}.into(), self).await,
        }
        Ok(())
    }

    fn apply(&mut self, event: MemberEvent) {
        match event {
            MemberEvent::MemberInvited(_) => self.invited = true,
            MemberEvent::MemberJoined(_) => self.joins += 1,
        }
    }
}

/// Invites a member.
pub struct Invite(pub MemberId);

impl Decision for Invite {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.stream();
        scope.handle::<Member>(&stream, MemberCommand::Invite).await?;
        Ok(stream)
    }
}

/// Lets a member join, on condition that another has been invited; keeps
/// something private with it.
pub struct Join {
    pub member: MemberId,
    pub guard: Option<MemberId>,
    pub opening: Option<Opening>,
}

impl Decision for Join {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        if let Some(guard) = self.guard {
            let guard = scope.load::<Member>(&guard.stream()).await?;
            if !guard.state.invited {
                return Err(MemberError::NotInvited.into());
            }
        }
        if let Some(opening) = &self.opening {
            scope.keep(opening);
        }
        let stream = self.member.stream();
        scope.handle::<Member>(&stream, MemberCommand::Join).await?;
        Ok(stream)
    }
}

plaudit_chassis::events! {
    pub enum PledgeEvent {
        "plaudit.awards.v1" { SupportPledged }
        "plaudit.intake.v1" { OpeningForgotten }
    }
}

/// Something with a seal.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pledged;

impl Aggregate for Pledged {
    const TYPE: &'static str = "support";
    type Command = PledgeEvent;
    type Event = PledgeEvent;
    type Error = MemberError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        event: PledgeEvent,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), MemberError> {
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, _: PledgeEvent) {}
}

/// Pledges something.
pub struct Pledge(pub SupportId, pub Opening);

impl Decision for Pledge {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.stream();
        let pledged = SupportPledged { what: self.1.commitment(), quarters: 4, ..SupportPledged::default() };
        scope.handle::<Pledged>(&stream, pledged.into()).await?;
        scope.keep(&self.1);
        Ok(stream)
    }
}

/// Forgets what was pledged, and nothing else.
pub struct ForgetPledge(pub SupportId, pub Commitment);

impl Decision for ForgetPledge {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.stream();
        let because = ForgottenBecause::NotNeeded.into();
        let forgotten = OpeningForgotten { commitment: self.1.clone(), because };
        scope.handle::<Pledged>(&stream, forgotten.into()).await?;
        Ok(stream)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRow {
    pub member: String,
    pub programme: uuid::Uuid,
    pub joins: u32,
    pub last: u64,
}

/// Members and how often they joined.
pub struct Members;

impl ReadModel for Members {
    const NAME: &'static str = "members_rows";
    const SOURCE: &'static str = "accounts";
    type Row = MemberRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        Ok(event.is::<MemberEvent>()?.map(|_| event.envelope.stream.to_string()).into_iter().collect())
    }

    fn apply(row: Option<MemberRow>, key: &str, event: &Recorded) -> Result<Option<MemberRow>, Unfoldable> {
        let mut row = row.unwrap_or_else(|| MemberRow {
            member: key.to_owned(),
            programme: event.envelope.programme.0,
            joins: 0,
            last: 0,
        });
        if let Some(MemberEvent::MemberJoined(_)) = event.is::<MemberEvent>()? {
            row.joins += 1;
        }
        row.last = event.position;
        Ok(Some(row))
    }

    fn index(row: &MemberRow) -> Index {
        Index { programme: row.programme, owner: None, sort: row.member.clone() }
    }
}
