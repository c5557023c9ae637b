//! Who may do what on a panel. Plain functions; the table test beside them
//! says the whole.

use plaudit_chassis::Problem;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::MemberId;

use crate::judge::{Judge, Status};

#[cfg(test)]
mod tests;

/// What a member is to one panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// Runs the programme.
    pub organiser: bool,
    /// Holds only the second key.
    pub approver: bool,
    /// Was asked onto this panel, whatever they answered.
    pub seated: bool,
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    // Organisers:
    Convene,
    Invite,
    EndSeat,
    AssignAll,
    GetReady,
    // Organisers, about one pitch:
    AllowConnection,
    RecuseJudge,
    MoveAssignment,
    // Judges, about themselves:
    AnswerInvitation,
    StandDown,
    Declare,
    RecuseOneself,
    SeeOwnDeclaration,
    // Organisers and approvers:
    SeeMatrix,
    // Anybody who has to do with the panel:
    SeePanel,
}

/// How much of the lists somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Every judge and assignment, and the words of declarations.
    Words,
    /// Every judge and assignment.
    Whole,
    /// Their own seat and assignments.
    Own,
}

/// Yes, or how it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Yes,
    /// They know of the panel, but this is not for them.
    Forbidden,
    /// A wall stands between them and the pitch.
    Walled,
    /// They don't even know that there is a panel.
    Hidden,
}

impl Who {
    /// What the facts say that a member is.
    pub fn is(member: MemberId, facts: &ProgrammeFacts, seat: &Judge) -> Self {
        let organiser = facts.is_organiser(member);
        Self {
            organiser,
            approver: !organiser && facts.may_confirm(member),
            seated: seat.status != Status::Empty,
        }
    }

    fn knows(self) -> bool {
        self.organiser || self.approver || self.seated
    }
}

/// Whether somebody may do this; `walled` is whether a wall stands between
/// them and the pitch that it is about.
pub fn may(who: Who, act: Act, walled: bool) -> Verdict {
    let allowed = match act {
        Act::Convene | Act::Invite | Act::EndSeat | Act::AssignAll | Act::GetReady => who.organiser,
        Act::AllowConnection | Act::RecuseJudge | Act::MoveAssignment => {
            if who.organiser && walled {
                return Verdict::Walled;
            }
            who.organiser
        }
        Act::AnswerInvitation
        | Act::StandDown
        | Act::Declare
        | Act::RecuseOneself
        | Act::SeeOwnDeclaration => who.seated,
        Act::SeeMatrix => who.organiser || who.approver,
        Act::SeePanel => who.knows(),
    };
    match (allowed, who.knows()) {
        (true, _) => Verdict::Yes,
        (false, true) => Verdict::Forbidden,
        (false, false) => Verdict::Hidden,
    }
}

/// How much somebody sees; `None`: not even that there is a panel.
pub fn view(who: Who) -> Option<View> {
    match who {
        Who { organiser: true, .. } => Some(View::Words),
        Who { approver: true, .. } => Some(View::Whole),
        Who { seated: true, .. } => Some(View::Own),
        Who { .. } => None,
    }
}

impl Verdict {
    /// The answer to whoever asked.
    pub fn check(self) -> Result<(), Problem> {
        match self {
            Self::Yes => Ok(()),
            Self::Forbidden => Err(Problem::forbidden("This is not for you to do on this panel.")),
            Self::Walled => {
                Err(Problem::forbidden("You stand aside from this pitch. Another organiser has to do this."))
            }
            Self::Hidden => Err(Problem::not_found("panel")),
        }
    }
}
