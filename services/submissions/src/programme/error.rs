//! Why a programme says no.

use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::{FieldError, Refusal};

/// Each variant a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgrammeError {
    #[error("This programme has been drafted already.")]
    AlreadyDrafted,
    #[error("This programme is over: nothing about it changes any more.")]
    Over,
    #[error("This member has that role already.")]
    RoleHeld,
    #[error("This member doesn't have that role.")]
    RoleNotHeld,
    #[error("A programme needs an organiser: grant the role to somebody else first.")]
    LastOrganiser,
    #[error("Whoever has entered or was invited to enter can't run the programme too.")]
    EntrantCantDecide,
    #[error("You have declared a conflict with this pitch already.")]
    ConflictDeclared,
    #[error("The rulebook doesn't make sense yet: see the fields.")]
    Rulebook(Vec<FieldError>),
    #[error("The call has opened: the rulebook's rules are fixed, and its prose changes by an amendment.")]
    RulesFixed,
    #[error("The call has not opened: publish the rulebook anew instead of amending it.")]
    NothingToAmend,
    #[error("Publish a rulebook first.")]
    NoRulebook,
    #[error("The call has opened already.")]
    AlreadyOpened,
    #[error("The deadline has passed before the call could open: publish a rulebook with a later one.")]
    DeadlinePassed,
    #[error("Opening and closing need two people without a conflict: add an organiser or an approver first.")]
    TwoPeopleNeeded,
    #[error("Nobody who may has proposed this: propose it first.")]
    NotProposed,
    #[error("You proposed this yourself: another organiser or an approver must confirm it.")]
    SamePerson,
    #[error("The call is not invited: anybody may enter.")]
    NotInvitedCall,
    #[error("The call is over: nobody can be invited or decline any more.")]
    InvitingOver,
    #[error("This member was invited already.")]
    AlreadyInvited,
    #[error("You were not invited, or have declined already.")]
    NotInvited,
    #[error("You have a pitch in this call: withdraw it instead.")]
    HasEntered,
    #[error("An organiser, approver or auditor can't enter: the role must be given up first.")]
    DecidersCantEnter,
    #[error("Only those whom the organisers invited may enter this call.")]
    InvitedOnly,
    #[error("The call is not open.")]
    CallNotOpen,
    #[error("The deadline only moves later: it is {0} now.")]
    DeadlineNotLater(Timestamp),
    #[error("Only an invited call closes early.")]
    OpenCallRunsOn,
    #[error("Not everybody who was invited has entered or declined: {0} have yet to answer.")]
    AnswersMissing(usize),
    #[error("Close the call first.")]
    CallNotClosed,
    #[error("Screening was completed already.")]
    AlreadyScreened,
    #[error("{0} pitches have not been decided on yet.")]
    Undecided(usize),
    #[error("No pitch is eligible: cancel the programme instead.")]
    NothingEligible,
    #[error("Complete the screening before concluding.")]
    NotScreened,
    #[error("This member is an auditor already.")]
    AuditorAlready,
    #[error("This member is no auditor.")]
    NotAuditor,
    #[error(
        "Whoever has entered, was invited to enter or has a conflict with a pitch can't look into everything too: ask somebody else."
    )]
    AuditorHasPart,
    #[error(
        "Conclude or cancel the programme first; until then only the person can be forgotten by leaving."
    )]
    NotOver,
    #[error("This member has a role: take it from them first.")]
    StillHasRole,
}

impl Refusal for ProgrammeError {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyDrafted => "already-drafted",
            Self::Over => "programme-over",
            Self::RoleHeld => "role-held",
            Self::RoleNotHeld => "role-not-held",
            Self::LastOrganiser => "last-organiser",
            Self::EntrantCantDecide => "entrant-cant-decide",
            Self::ConflictDeclared => "conflict-declared",
            Self::Rulebook(_) => "rulebook-invalid",
            Self::RulesFixed => "rules-fixed",
            Self::NothingToAmend => "nothing-to-amend",
            Self::NoRulebook => "no-rulebook",
            Self::AlreadyOpened => "already-opened",
            Self::DeadlinePassed => "deadline-passed",
            Self::TwoPeopleNeeded => "two-people-needed",
            Self::NotProposed => "not-proposed",
            Self::SamePerson => "same-person",
            Self::NotInvitedCall => "not-an-invited-call",
            Self::InvitingOver => "inviting-over",
            Self::AlreadyInvited => "already-invited",
            Self::NotInvited => "not-invited",
            Self::HasEntered => "has-entered",
            Self::DecidersCantEnter => "deciders-cant-enter",
            Self::InvitedOnly => "invited-only",
            Self::CallNotOpen => "call-not-open",
            Self::DeadlineNotLater(_) => "deadline-not-later",
            Self::OpenCallRunsOn => "open-call-runs-on",
            Self::AnswersMissing(_) => "answers-missing",
            Self::CallNotClosed => "call-not-closed",
            Self::AlreadyScreened => "already-screened",
            Self::Undecided(_) => "pitches-undecided",
            Self::NothingEligible => "nothing-eligible",
            Self::NotScreened => "not-screened",
            Self::AuditorAlready => "auditor-already",
            Self::NotAuditor => "not-an-auditor",
            Self::AuditorHasPart => "auditor-has-part",
            Self::NotOver => "programme-not-over",
            Self::StillHasRole => "has-role",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Rulebook(_) | Self::DeadlineNotLater(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SamePerson | Self::InvitedOnly | Self::DecidersCantEnter => StatusCode::FORBIDDEN,
            _ => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Rulebook(errors) => errors.clone(),
            Self::DeadlineNotLater(_) => {
                vec![FieldError { field: "deadline".to_owned(), detail: self.to_string() }]
            }
            _ => Vec::new(),
        }
    }
}
