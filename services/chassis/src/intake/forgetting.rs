//! Forgetting that somebody asked for: what a service keeps of it goes.

use plaudit_proto::accounts::v1::MemberForgotten;
use plaudit_proto::intake::v1::ForgottenBecause;
use plaudit_proto::submissions::v1::ForgettingAsked;
use plaudit_proto::v1::Reason;

use super::{ProcessManager, Reaction};
use crate::event::Recorded;
use crate::id::MemberId;
use crate::read_model::Unfoldable;
use crate::vault::{Forget, Subject};

crate::events! {
    /// A member who is to be forgotten.
    pub enum MemberGone {
        "plaudit.accounts.v1" { MemberForgotten }
    }
}

crate::events! {
    /// What is to be forgotten, by submissions' word.
    pub enum Asked {
        "plaudit.submissions.v1" { ForgettingAsked }
    }
}

impl Asked {
    /// What an event asks to forget, if it does.
    pub fn of(event: &Recorded) -> Result<Option<Forget>, Unfoldable> {
        let asked = event.is::<Self>()?.map(|Self::ForgettingAsked(asked)| Forget {
            subject: Subject { kind: asked.subject(), id: crate::facts::id(&asked.id) },
            because: match asked.reason() {
                Reason::KeptLongEnough => ForgottenBecause::KeptLongEnough,
                _ => ForgottenBecause::Asked,
            },
        });
        Ok(asked)
    }
}

/// The member whom accounts forgot with an event, if it did.
pub fn member_gone(event: &Recorded) -> Result<Option<MemberId>, Unfoldable> {
    let gone = event.is::<MemberGone>()?;
    Ok(gone.map(|_| MemberId(event.envelope.stream.id())))
}

/// Forgets what members gave whom accounts has forgotten: for every service
/// that keeps something of theirs.
pub struct ForgetMembers;

impl ProcessManager for ForgetMembers {
    const NAME: &'static str = "forget_members";
    const SOURCE: &'static str = "accounts";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let forget = member_gone(event)?.map(|member| {
            let forget = Forget { subject: member.into(), because: ForgottenBecause::Asked };
            Reaction::Do(Box::new(forget))
        });
        Ok(forget.into_iter().collect())
    }
}
