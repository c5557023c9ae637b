//! Who may do what, and who may see what: plain functions of what was loaded.
//! When something can happen at all is the nouns' to say.

use plaudit_chassis::Problem;
use plaudit_chassis::facts::JudgeFacts;
use plaudit_chassis::http::ONLY_AUDITORS;
use plaudit_chassis::id::{MemberId, PitchId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::pitch::{Pitch, Standing};
use crate::programme::{Phase, Programme};

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    GrantRole,
    RevokeRole,
    DeclareConflict,
    PublishRulebook,
    AmendRulebook,
    ProposeOpening,
    ConfirmOpening,
    InviteEntrant,
    DeclineInvitation,
    MoveDeadline,
    ProposeClosing,
    ConfirmClosing,
    CompleteScreening,
    Cancel,
    Conclude,
    ProposeAuditor,
    ConfirmAuditor,
    DismissAuditor,
    AskForgetting,
    ReplacePitch,
    WithdrawPitch,
    AnswerQuery,
    ScreenPitch,
    QueryPitch,
    ProposeDisqualification,
    ConfirmDisqualification,
    ProposeReopening,
    ConfirmReopening,
}

/// Who may do it.
enum Who {
    /// Those who run the programme.
    Organiser,
    /// Those who hold a second key, organisers among them.
    Second,
    /// Every member of the programme.
    Member,
    /// The pitch's team.
    Team,
}

impl Act {
    fn who(self) -> Who {
        match self {
            Self::GrantRole | Self::RevokeRole | Self::PublishRulebook | Self::AmendRulebook => {
                Who::Organiser
            }
            Self::ProposeOpening | Self::InviteEntrant | Self::MoveDeadline => Who::Organiser,
            Self::ProposeClosing | Self::CompleteScreening | Self::Cancel | Self::Conclude => Who::Organiser,
            Self::ProposeAuditor | Self::DismissAuditor | Self::AskForgetting => Who::Organiser,
            Self::ScreenPitch | Self::QueryPitch => Who::Organiser,
            Self::ProposeDisqualification | Self::ProposeReopening => Who::Organiser,
            Self::DeclareConflict | Self::ConfirmOpening | Self::ConfirmClosing => Who::Second,
            Self::ConfirmDisqualification | Self::ConfirmReopening | Self::ConfirmAuditor => Who::Second,
            Self::DeclineInvitation => Who::Member,
            Self::ReplacePitch | Self::WithdrawPitch | Self::AnswerQuery => Who::Team,
        }
    }
}

/// What a member is to a programme and, if one is meant, to a pitch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// The programme is there, and public or theirs to know.
    pub knows: bool,
    /// Runs it.
    pub organiser: bool,
    /// Holds a second key.
    pub second: bool,
    /// Is in the pitch's team.
    pub team: bool,
    /// Has declared a conflict with the pitch.
    pub conflicted: bool,
}

impl Relation {
    /// To a programme.
    pub fn of(programme: &Programme, member: MemberId) -> Self {
        let holds = programme.roles.contains_key(&member);
        let invited = programme.invited.contains_key(&member);
        Self {
            knows: programme.is_public() || programme.phase.is_some() && (holds || invited),
            organiser: programme.is_organiser(member),
            second: programme.may_confirm(member),
            ..Self::default()
        }
    }

    /// To a pitch.
    pub fn to_pitch(programme: &Programme, pitch: &Pitch, id: PitchId, member: MemberId) -> Self {
        Self {
            team: pitch.is_of(member),
            conflicted: programme.is_conflicted(member, id),
            ..Self::of(programme, member)
        }
    }

    fn may(self, act: Act) -> bool {
        match act.who() {
            Who::Organiser => self.organiser,
            Who::Second => self.second,
            Who::Member => true,
            Who::Team => self.team,
        }
    }
}

/// Refuses an act on a programme that isn't for this member: 404 where even
/// its existence isn't, 403 otherwise.
pub fn to_programme(act: Act, relation: Relation) -> Result<(), Problem> {
    if !relation.knows {
        return Err(Problem::not_found("programme"));
    }
    if relation.may(act) { Ok(()) } else { Err(Problem::forbidden(not_for(act))) }
}

/// Refuses an act on a pitch. Nobody decides about a pitch that they have a
/// part in or a conflict with, and nobody can lift a wall against themselves.
pub fn to_pitch(act: Act, relation: Relation) -> Result<(), Problem> {
    if !relation.team && !relation.second {
        return Err(Problem::not_found("pitch"));
    }
    if !relation.may(act) {
        return Err(Problem::forbidden(not_for(act)));
    }
    let decides = !matches!(act.who(), Who::Team);
    if decides && (relation.conflicted || relation.team) {
        return Err(Problem::forbidden(
            "You have a part in this pitch or a conflict with it: somebody else decides.",
        ));
    }
    Ok(())
}

/// Refuses what came too late to all who couldn't reopen it.
pub fn to_late(relation: Relation) -> Result<(), Problem> {
    if !relation.knows {
        return Err(Problem::not_found("programme"));
    }
    if relation.second {
        Ok(())
    } else {
        Err(Problem::forbidden("Only an organiser or an approver may see this."))
    }
}

/// Refuses what opens seals to all but auditors.
pub fn to_openings(programme: &Programme, member: MemberId) -> Result<(), Problem> {
    if !Relation::of(programme, member).knows {
        return Err(Problem::not_found("programme"));
    }
    if programme.audits(member) { Ok(()) } else { Err(Problem::forbidden(ONLY_AUDITORS)) }
}

fn not_for(act: Act) -> &'static str {
    match act.who() {
        Who::Organiser => "Only an organiser may do this.",
        Who::Second => "Only an organiser or an approver may do this.",
        Who::Member => "Only a member of the programme may do this.",
        Who::Team => "Only the pitch's team may do this.",
    }
}

/// How much of a pitch somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Not even that it exists.
    Nothing,
    /// Only that it exists: a wall stands before it.
    Existence,
    /// Title and team name.
    Names,
    /// What it says, but not whose it is.
    Anonymous,
    /// Title, team name and what it says.
    Content,
    /// All of that, and how it stands with the organisers.
    Everything,
}

/// A judge's seat, with what its round's rulebook says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub anonymous: bool,
    /// Accepted, and not stood down.
    pub sits: bool,
    /// The declaration of interests is confirmed.
    pub declared: bool,
    /// A wall stands between the judge and this pitch.
    pub walled: bool,
    /// This pitch is theirs to mark.
    pub assigned: bool,
}

impl Seat {
    /// As far as taken in from panels.
    pub fn of(facts: &JudgeFacts, anonymous: bool, pitch: PitchId) -> Self {
        Self {
            anonymous,
            sits: facts.sits(),
            declared: facts.declared(),
            walled: facts.walled(pitch),
            assigned: facts.assigned(pitch),
        }
    }

    /// A judge declares on title and team name, and reads what is assigned to
    /// them after it. Where the round is anonymous, never whose it is.
    fn sight(self) -> Sight {
        match self {
            Self { sits: false, .. } | Self { walled: true, .. } => Sight::Nothing,
            Self { declared: true, assigned: true, anonymous, .. } => {
                if anonymous {
                    Sight::Anonymous
                } else {
                    Sight::Content
                }
            }
            Self { anonymous: true, .. } => Sight::Nothing,
            _ => Sight::Names,
        }
    }
}

/// How much of a pitch this member may see, who has these seats.
pub fn sight(relation: Relation, judged: bool, seats: &[Seat]) -> Sight {
    if relation.team {
        return Sight::Everything;
    }
    let walled = relation.conflicted || seats.iter().any(|seat| seat.walled);
    match (relation.second, walled) {
        (true, true) => Sight::Existence,
        (true, false) => Sight::Everything,
        (false, true) => Sight::Nothing,
        (false, false) if judged => seats.iter().map(|seat| seat.sight()).max().unwrap_or(Sight::Nothing),
        (false, false) => Sight::Nothing,
    }
}

/// Whether judges judge a pitch: only what screening found eligible.
pub fn judged(phase: Option<Phase>, pitch: &Pitch) -> bool {
    phase >= Some(Phase::Closed)
        && phase != Some(Phase::Cancelled)
        && pitch.standing == Some(Standing::Eligible)
}

#[cfg(test)]
mod tests;
