//! What events say: the contracts' messages (`proto/plaudit/<service>/v1/events.proto`), as far as a check reads them.
//! In ProtoJSON what is absent has its default.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::words::{Connection, Mark, Money, Number, Role, Screening, Unit};
use super::{Fact, Hash32, RoundOpened, RulebookPublished};
use crate::id::Id;
use crate::time::Time;

/// A digest, a commitment or a salt; absent where there is none.
pub type Commitment = Option<Hash32>;

/// Writes the messages of each package, and the enum of all of them.
macro_rules! messages {
    ($($package:literal { $($name:ident { $($field:ident: $kind:ty),* $(,)? })* })*) => {
        $($(
            #[doc = concat!("`", $package, ".", stringify!($name), "`")]
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(default, rename_all = "camelCase")]
            pub struct $name {
                $(
                    #[doc = "As the contract says."]
                    pub $field: $kind,
                )*
            }
        )*)*

        /// What an event says.
        #[derive(Debug)]
        pub enum Data<'a> {
            $($(
                #[doc = concat!("`", $package, ".", stringify!($name), "`")]
                $name($name),
            )*)*
            /// `plaudit.submissions.v1.RulebookPublished`
            RulebookPublished(Box<RulebookPublished<'a>>),
            /// `plaudit.scoring.v1.RoundOpened`
            RoundOpened(Box<RoundOpened<'a>>),
            /// `plaudit.intake.v1.FactTaken`
            FactTaken(Box<Fact<'a>>),
            /// A message that no check reads.
            Other,
        }

        impl<'a> Data<'a> {
            /// Reads a message by its full name; `None` if it is not written as the contract says.
            pub(super) fn read(type_name: &str, json: &'a str) -> Option<Self> {
                match type_name {
                    $($(concat!($package, ".", stringify!($name)) => {
                        serde_json::from_str(json).ok().map(Self::$name)
                    })*)*
                    "plaudit.submissions.v1.RulebookPublished" => {
                        serde_json::from_str(json).ok().map(Self::RulebookPublished)
                    }
                    "plaudit.scoring.v1.RoundOpened" => serde_json::from_str(json).ok().map(Self::RoundOpened),
                    "plaudit.intake.v1.FactTaken" => serde_json::from_str(json).ok().map(Self::FactTaken),
                    _ => serde_json::from_str::<IgnoredAny>(json).ok().map(|_| Self::Other),
                }
            }

            /// Reads a message by the name that `FactTaken` has for it, such as `judgeInvited`.
            pub(super) fn read_fact(name: &str, raw: &'a RawValue) -> Option<Self> {
                let package = PACKAGES_OF_FACTS.iter().find(|(_, names)| names.contains(&name))?.0;
                let (first, rest) = name.split_at_checked(1)?;
                Self::read(&format!("{package}.{}{rest}", first.to_uppercase()), raw.get())
            }
        }
    };
}

/// What may be taken over from which package.
pub const PACKAGES_OF_FACTS: [(&str, &[&str]); 3] = [
    (
        "plaudit.submissions.v1",
        &[
            "programmeDrafted",
            "roleGranted",
            "roleRevoked",
            "organiserConflictDeclared",
            "rulebookPublished",
            "callOpened",
            "callClosed",
            "screeningCompleted",
            "programmeCancelled",
            "auditorAdmitted",
            "auditorDismissed",
            "pitchSubmitted",
            "pitchWithdrawn",
            "pitchScreened",
            "pitchDisqualified",
        ],
    ),
    (
        "plaudit.panels.v1",
        &[
            "judgeInvited",
            "judgeAccepted",
            "judgeStoodDown",
            "interestDeclared",
            "knownConnectionAllowed",
            "declarationConfirmed",
            "judgeRecused",
            "assignmentMade",
            "assignmentWithdrawn",
        ],
    ),
    ("plaudit.awards.v1", &["winnersAnnounced"]),
];

messages! {
    "plaudit.submissions.v1" {
        ProgrammeDrafted { title: Commitment }
        RoleGranted { member: Id, role: Role }
        RoleRevoked { member: Id, role: Role }
        OrganiserConflictDeclared { member: Id, pitch: Id, nature: Commitment }
        RulebookAmended { hash: Commitment, prose: Commitment, reason: String }
        CallOpeningProposed { rulebook_hash: Commitment, by: Id }
        CallOpened { proposed_by: Id, confirmed_by: Id, rulebook_hash: Commitment, deadline: Time, grace_seconds: u32 }
        EntrantInvited { member: Id }
        EntrantDeclined { member: Id }
        DeadlineMoved { deadline: Time, reason: String, grace_seconds: u32 }
        EarlyClosingProposed { by: Id }
        CallClosed { proposed_by: Id, confirmed_by: Id, at: Time }
        ScreeningCompleted { eligible: u32, refused: u32, digest: Commitment }
        ProgrammeCancelled { reason: String }
        ProgrammeConcluded {}
        AuditorProposed { member: Id, by: Id }
        AuditorAdmitted { member: Id, proposed_by: Id, confirmed_by: Id }
        AuditorDismissed { member: Id }
        PitchSubmitted { submission: u32, team: Vec<Id>, title: Commitment, team_name: Commitment, answers: Commitment, rulebook_hash: Commitment, received_at: Time, by_itself: bool, attachments: Commitment }
        PitchWithdrawn {}
        PitchQueried { question: Commitment }
        QueryAnswered { answer: Commitment }
        PitchScreened { outcome: Screening, reason: String, words: Commitment, again: bool, by: Id }
        DisqualificationProposed { reason: String, by: Id }
        PitchDisqualified { proposed_by: Id, confirmed_by: Id, reason: String }
        ReopeningProposed { until: Time, reason: String, by: Id }
        PitchReopened { proposed_by: Id, confirmed_by: Id, until: Time, reason: String }
    }
    "plaudit.panels.v1" {
        AssignmentsCompleted { assignments: u32, pitches: u32, judges: u32, judges_per_pitch: u32, digest: Commitment, seed: Commitment }
        PanelReady { judges: u32, assignments: u32 }
        JudgeInvited { panel: Id, member: Id, independent: bool, cap: u32 }
        JudgeAccepted {}
        JudgeDeclined {}
        JudgeStoodDown { reason: String }
        InterestsListed { interests: Commitment }
        InterestDeclared { pitch: Id, connection: Connection, nature: Commitment }
        KnownConnectionAllowed { pitch: Id }
        DeclarationConfirmed { pitches: u32, digest: Commitment }
        JudgeRecused { pitch: Id, reason: String, nature: Commitment, panel: Id, member: Id }
        AssignmentMade { pitch: Id, panel: Id, member: Id }
        AssignmentWithdrawn { pitch: Id, panel: Id, member: Id, reason: String }
    }
    "plaudit.scoring.v1" {
        PanelTaken { judges: u32, assignments: u32 }
        RoundLocked {}
        UnsealingProposed { by: Id }
        RoundUnsealed { proposed_by: Id, confirmed_by: Id, sealed: u32, abstained: u32, set_aside: u32, missing: u32, digest: Commitment }
        LateFactAnswered { fact: String, outcome: String, scorecard: Id }
        RoundVoided { reason: String }
        ScorecardExpected { round: Id, pitch: Id, judge: Id }
        ScorecardReleased { reason: String }
        ScorecardSealed { sealing: u32, marks: Commitment, comment_to_panel: Commitment, comment_to_entrant: Commitment, round: Id, received_at: Time }
        CommentReturned { reason: String }
        CommentReworded { comment_to_entrant: Commitment }
        ScorecardAbstained { reason: String, words: Commitment }
        ScorecardSetAside { reason: String }
        ScorecardUnsealed { commitment: Commitment, salt: Commitment, marks: Vec<Mark> }
        PitchRanked { pitch: Id, total: String, rank: u32, shared_by: u32, scorecards: u32, derivation: Commitment, sealed_derivation: Commitment }
        ResultDeclared { pitches: u32, ranked: u32, derivation: Commitment, rulebook_hash: Commitment, round: String, sealed_derivation: Commitment }
    }
    "plaudit.awards.v1" {
        PlaceTaken { pitch: Id, rank: u32, shared_by: u32 }
        RankingTaken { round: String, places: u32 }
        AmountReserved { award: Id, pitch: Id, prize: String, amount: Money }
        AmountReleased { award: Id, reason: String }
        WinnersAnnounced { awards: u32, total: Money, digest: Commitment }
        AnnouncementScheduled { at: Time }
        AnnouncementUnscheduled {}
        AwardProposed { pitch: Id, prize: String, amount: Money, round: String, rank: u32, departure: String, in_place_of: Id, by: Id }
        AwardApproved { proposed_by: Id, approved_by: Id }
        AwardRefused { reason: String }
        AwardAnnounced { accept_by: Time }
        AwardAccepted {}
        AwardDeclined {}
        AwardLapsed {}
        AwardWithdrawn { proposed_by: Id, confirmed_by: Id, reason: String }
        WithdrawalProposed { reason: String, by: Id }
        PayeeNamed { by: Id, payee: Commitment, account: Commitment, amount: Money }
        PayeeChecked { payee: Commitment, account: Commitment }
        AgreementRecorded { agreement: Commitment }
        PayoutRequested { amount: Money, by: Id }
        PayoutAuthorised { requested_by: Id, authorised_by: Id }
        PayoutSent { reference: Commitment, at: Time }
        PayoutConfirmed {}
        PayoutTakenAsReceived {}
        PayoutFailed { reason: String }
        SupportPledged { what: Commitment, quarters: u32, unit: Unit, award: Id, by: Id }
        SupportAccepted { pitch: Id }
        SupportScheduled { at: Time, quarters: u32 }
        SupportDelivered { part: u32, quarters: u32, evidence: Commitment }
        SupportDeliveryConfirmed { part: u32 }
        SupportClosed { quarters_pledged: u32, quarters_delivered: u32 }
    }
    "plaudit.intake.v1" {
        HoldingsCounted { milestone: String, as_of: Number, streams: u32, digest: Commitment }
        OpeningsLost { openings: u32, digest: Commitment }
        OpeningsForgotten { id: Id, subject: String, openings: u32, because: String }
        OpeningForgotten { commitment: Commitment, because: String }
    }
}
