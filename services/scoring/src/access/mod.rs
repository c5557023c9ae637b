//! Who may do and see what: plain functions over what somebody is to a pitch
//! or a round, and how far the round is. The walls are in here: a conflict
//! takes a pitch away from whoever has it, in every answer.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use plaudit_chassis::Problem;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_proto::v1::Role;

/// What somebody is to a round and, where it is about one pitch, to the pitch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Runs the programme.
    pub organiser: bool,
    /// Holds a second key.
    pub approver: bool,
    /// Sits on the round's panel, and has declared their interests.
    pub judge: bool,
    /// Is of the pitch's team.
    pub team: bool,
    /// A conflict stands between them and the pitch.
    pub walled: bool,
}

/// How much may be known of a round's marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The marks are closed.
    #[default]
    Sealed,
    /// Two people have opened them.
    Unsealed,
    /// The result stands.
    Declared,
    /// The programme's winners are announced.
    Announced,
}

/// 403 for anybody but an organiser: opening and locking a round, and
/// proposing to open its marks.
pub fn organises(programme: &ProgrammeFacts, member: MemberId) -> Result<(), Problem> {
    if programme.is_organiser(member) {
        return Ok(());
    }
    Err(Problem::forbidden("Only an organiser of this programme may do this."))
}

/// 403 for those who hold no second key.
pub fn confirms(programme: &ProgrammeFacts, member: MemberId) -> Result<(), Problem> {
    if programme.may_confirm(member) {
        return Ok(());
    }
    Err(Problem::forbidden("Only an organiser or approver of this programme may confirm this."))
}

/// Opening the marks is not discretionary: somebody with a conflict in the
/// round may do it, but only where nobody else is there. `others` are those
/// who could do the same.
pub fn unseals(
    programme: &ProgrammeFacts,
    member: MemberId,
    others: impl Iterator<Item = MemberId>,
    pitches: &BTreeSet<PitchId>,
) -> Result<(), Problem> {
    let conflicted = |who| programme.walls_of(who).any(|pitch| pitches.contains(&pitch));
    let mut others = others.filter(|other| *other != member);
    if !conflicted(member) || others.all(conflicted) {
        return Ok(());
    }
    Err(Problem::forbidden(
        "You have declared a conflict with a pitch of this round, and somebody without one is there to do this.",
    ))
}

/// Who could propose to open the marks.
pub fn proposers(programme: &ProgrammeFacts) -> impl Iterator<Item = MemberId> + '_ {
    programme.all_with(Role::Organiser)
}

/// Who could confirm it, besides the one who proposed it.
pub fn confirmers(programme: &ProgrammeFacts, proposed_by: MemberId) -> impl Iterator<Item = MemberId> + '_ {
    let both = programme.all_with(Role::Organiser).chain(programme.all_with(Role::Approver));
    both.filter(move |member| *member != proposed_by)
}

impl Part {
    /// Runs the programme or holds a second key.
    fn oversees(self) -> bool {
        self.organiser || self.approver
    }

    /// How many scorecards are in, and whose; never what is in them.
    pub fn sees_progress(self) -> bool {
        self.oversees() && !self.walled
    }

    /// A judge's own scorecard, with all that is in it.
    pub fn sees_own_scorecard(self) -> bool {
        !self.walled
    }

    /// The marks that others gave the pitch.
    pub fn sees_marks(self, stage: Stage, marks_public: bool) -> bool {
        match stage {
            Stage::Sealed => false,
            Stage::Unsealed => self.oversees() && !self.walled,
            Stage::Declared => (self.oversees() || self.judge && marks_public) && !self.walled,
            Stage::Announced => marks_public || self.team || self.oversees() && !self.walled,
        }
    }

    /// What judges wrote for the panel.
    pub fn sees_comment_to_panel(self, stage: Stage) -> bool {
        !self.walled
            && !self.team
            && match stage {
                Stage::Sealed => false,
                Stage::Unsealed => self.oversees(),
                Stage::Declared | Stage::Announced => self.oversees() || self.judge,
            }
    }

    /// What judges wrote for the entrant: theirs once it is announced.
    pub fn sees_comment_to_entrant(self, stage: Stage) -> bool {
        self.returns_comments() && stage >= Stage::Unsealed || self.team && stage == Stage::Announced
    }

    /// Asks a judge for other words to the entrant.
    pub fn returns_comments(self) -> bool {
        self.organiser && !self.walled && !self.team
    }

    /// The pitch's total and rank.
    pub fn sees_place(self, stage: Stage) -> bool {
        match stage {
            Stage::Sealed | Stage::Unsealed => false,
            Stage::Declared => (self.oversees() || self.judge) && !self.walled,
            Stage::Announced => true,
        }
    }

    /// That there is a result at all.
    pub fn knows_of_result(self, stage: Stage) -> bool {
        Self { walled: false, ..self }.sees_place(stage)
    }

    /// The derivation of the whole result, with every mark in it. `walled` is
    /// a wall before any of its pitches.
    pub fn sees_derivation(self, stage: Stage, marks_public: bool) -> bool {
        match stage {
            Stage::Sealed | Stage::Unsealed => false,
            Stage::Declared => self.oversees() && !self.walled,
            Stage::Announced => marks_public || self.oversees() && !self.walled,
        }
    }
}
