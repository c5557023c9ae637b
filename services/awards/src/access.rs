//! Who may do what, as plain functions. A conflict of interest is a wall
//! around a pitch: for the discretionary acts on it, and for what is not public
//! about it, an organiser behind the wall is nobody. One who is in the team is
//! behind it too.

use plaudit_chassis::Problem;
use plaudit_chassis::facts::{PitchFacts, ProgrammeFacts};
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_proto::v1::Role;

#[cfg(test)]
mod tests;

/// Who somebody is, in the programme and towards one pitch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// Runs the programme.
    pub organiser: bool,
    /// Holds the second key.
    pub approver: bool,
    /// Has declared an interest in the pitch.
    pub conflicted: bool,
    /// Is one of the pitch's team.
    pub team: bool,
    /// Pledged the support in question.
    pub supporter: bool,
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// See a ranking as it was taken in.
    SeeRanking,
    /// See that there are awards, and the public part of one.
    SeeWinners,
    /// See all of an award.
    SeeAward,
    /// Propose an award.
    Propose,
    /// Approve one.
    Approve,
    /// Refuse one.
    Refuse,
    /// See when the winners are announced.
    SeeAnnouncement,
    /// Announce the winners, or say when.
    Announce,
    /// Accept or decline.
    Answer,
    /// Propose to withdraw an award.
    ProposeWithdrawal,
    /// Confirm that.
    ConfirmWithdrawal,
    /// See how far the payment is.
    SeePayout,
    /// See the account that it goes to.
    SeeAccount,
    /// Say where the money should go.
    NamePayee,
    /// Say that the account's name matches.
    CheckPayee,
    /// Record the agreement.
    RecordAgreement,
    /// Ask for the payment.
    RequestPayout,
    /// Authorise it.
    AuthorisePayout,
    /// Say that it is sent, or that it failed.
    SettlePayout,
    /// Say that it has arrived.
    ConfirmPayout,
    /// Pledge support for an award.
    Pledge,
    /// See a pledge.
    SeeSupport,
    /// Accept a pledge that was made for the pitch's award.
    AcceptSupport,
    /// Choose a pitch for a pledge that was made for any.
    AssignSupport,
    /// Agree on a date.
    ScheduleSupport,
    /// Say that a part was delivered.
    DeliverSupport,
    /// Confirm that it was.
    ConfirmDelivery,
    /// Close the account of a pledge.
    CloseSupport,
}

/// Whether the winners in question have been announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Only organisers and approvers know.
    Secret,
    /// Everybody knows.
    Announced,
}

impl From<bool> for Phase {
    fn from(announced: bool) -> Self {
        if announced { Self::Announced } else { Self::Secret }
    }
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They may.
    Yes,
    /// They may know of it, but not do it.
    Forbidden,
    /// They may not even know of it.
    Unknown,
}

impl Who {
    /// The member's roles, and where they stand towards a pitch.
    pub fn of(
        programme: &ProgrammeFacts,
        pitch: Option<(PitchId, &PitchFacts)>,
        member: Option<MemberId>,
    ) -> Self {
        let Some(member) = member else { return Self::default() };
        Self {
            organiser: programme.is_organiser(member),
            approver: programme.has(member, Role::Approver),
            conflicted: pitch.is_some_and(|(id, _)| programme.conflicted(member, id)),
            team: pitch.is_some_and(|(_, facts)| facts.is_by(member)),
            supporter: false,
        }
    }

    /// Whether a wall stands between them and the pitch.
    fn walled(self) -> bool {
        self.conflicted || self.team
    }

    fn organises(self) -> bool {
        self.organiser && !self.walled()
    }

    /// Whether they may give the second signature.
    fn confirms(self) -> bool {
        (self.organiser || self.approver) && !self.walled()
    }
}

/// Whether they may.
pub fn may(who: Who, act: Act, phase: Phase) -> Verdict {
    let announced = phase == Phase::Announced;
    // Before the announcement a winner is nobody either.
    let winner = announced && who.team;
    let allowed = match act {
        Act::SeeWinners => announced || who.confirms(),
        Act::SeeAward | Act::SeePayout => who.confirms() || winner,
        Act::SeeRanking | Act::Approve | Act::Refuse | Act::ConfirmWithdrawal => who.confirms(),
        Act::Propose | Act::ProposeWithdrawal => who.organises(),
        // Not about one pitch: what each gets was decided before.
        Act::SeeAnnouncement => announced || who.organiser || who.approver,
        Act::Announce => who.organiser,
        Act::Answer | Act::NamePayee | Act::ConfirmPayout => winner,
        Act::SeeAccount | Act::CheckPayee | Act::AuthorisePayout | Act::SettlePayout => who.confirms(),
        Act::RecordAgreement => who.organises() || winner,
        Act::RequestPayout => who.organises(),
        Act::Pledge => announced,
        Act::SeeSupport => who.confirms() || winner || who.supporter,
        Act::AcceptSupport => who.organises() || winner,
        Act::ScheduleSupport => who.organises() || winner || who.supporter,
        Act::DeliverSupport => who.organises() || who.supporter,
        Act::ConfirmDelivery => winner && !who.supporter,
        Act::AssignSupport | Act::CloseSupport => who.organises(),
    };
    match allowed {
        true => Verdict::Yes,
        false if knows(who, act, announced) => Verdict::Forbidden,
        false => Verdict::Unknown,
    }
}

/// Whether they may know that the thing is there.
fn knows(who: Who, act: Act, announced: bool) -> bool {
    match act {
        Act::Propose | Act::Announce => true,
        Act::SeeRanking => who.organiser || who.approver,
        Act::SeeSupport
        | Act::AcceptSupport
        | Act::AssignSupport
        | Act::ScheduleSupport
        | Act::DeliverSupport
        | Act::ConfirmDelivery
        | Act::CloseSupport => who.confirms() || (announced && who.team) || who.supporter,
        _ => announced || who.confirms(),
    }
}

/// The same, as an answer to whoever asked. `what` is what they asked about.
pub fn allow(who: Who, act: Act, phase: Phase, what: &str) -> Result<(), Problem> {
    match may(who, act, phase) {
        Verdict::Yes => Ok(()),
        Verdict::Unknown => Err(Problem::not_found(what)),
        Verdict::Forbidden if (who.organiser || who.approver) && who.walled() => {
            Err(Problem::forbidden("You have an interest in this pitch: somebody else must do this."))
        }
        Verdict::Forbidden => Err(Problem::forbidden(needs(act))),
    }
}

fn needs(act: Act) -> &'static str {
    match act {
        Act::Propose
        | Act::ProposeWithdrawal
        | Act::Announce
        | Act::RequestPayout
        | Act::AssignSupport
        | Act::CloseSupport => "Only an organiser can do this.",
        Act::Answer | Act::NamePayee | Act::ConfirmPayout | Act::ConfirmDelivery => {
            "Only the winner's team can do this."
        }
        Act::RecordAgreement | Act::AcceptSupport | Act::ScheduleSupport => {
            "Only an organiser or the winner's team can do this."
        }
        Act::DeliverSupport => "Only whoever pledged this, or an organiser, can do this.",
        Act::Pledge => "Support can be pledged for an award once it is announced.",
        _ => "Only an organiser or an approver can do this.",
    }
}
