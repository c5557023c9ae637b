use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_chassis::Deciding;
use plaudit_proto::accounts::v1::{MemberForgotten, MemberInvited, MemberJoined};
use serde::{Deserialize, Serialize};

use super::{MemberCommand, MemberError};

plaudit_chassis::events! {
    /// What happens to a member.
    #[allow(clippy::enum_variant_names, reason = "they are the contract's messages")]
    pub enum MemberEvent {
        "plaudit.accounts.v1" { MemberInvited, MemberJoined, MemberForgotten }
    }
}

/// A place in a programme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Member {
    /// Not heard of.
    #[default]
    Unknown,
    /// Waits for its person.
    Invited,
    /// Has its person.
    Joined,
    /// Has none any more.
    Forgotten,
}

impl Aggregate for Member {
    const TYPE: &'static str = "member";
    type Command = MemberCommand;
    type Event = MemberEvent;
    type Error = MemberError;
    type Services = Deciding;

    /// Asking again for what is so already changes nothing: the tables and
    /// the log are brought together by asking again after an interruption.
    async fn handle(
        &mut self,
        command: MemberCommand,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), MemberError> {
        let event: MemberEvent = match (command, *self) {
            (MemberCommand::Invite, Self::Unknown) => MemberInvited {}.into(),
            (MemberCommand::Join, Self::Unknown | Self::Invited) => MemberJoined {}.into(),
            (MemberCommand::Forget, Self::Invited | Self::Joined) => MemberForgotten {}.into(),
            (MemberCommand::Invite | MemberCommand::Join, Self::Forgotten) => {
                return Err(MemberError::Forgotten);
            }
            _ => return Ok(()),
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: MemberEvent) {
        *self = match event {
            MemberEvent::MemberInvited(_) => Self::Invited,
            MemberEvent::MemberJoined(_) => Self::Joined,
            MemberEvent::MemberForgotten(_) => Self::Forgotten,
        };
    }
}
