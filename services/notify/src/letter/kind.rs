use plaudit_chassis::id::{AwardId, PitchId};
use serde::{Deserialize, Serialize};

/// What a letter is for. The names are the API's and the tables'.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// To the team: a pitch has come in.
    Receipt,
    /// To whoever has a draft: a day is left.
    ReminderDay,
    /// The same: an hour is left.
    ReminderHour,
    /// To the team: the organisers ask something.
    Query,
    /// To who asked: the team has answered.
    Answer,
    /// There is a place for you.
    MemberInvited,
    /// You organise, approve, help or type.
    RoleGranted,
    /// Will you judge?
    JudgeInvited,
    /// Will you enter?
    EntrantInvited,
    /// To each judge: your pitches are there.
    Assignment,
    /// To a judge: something is still to be handed in.
    Nudge,
    /// To a judge: an organiser asks for other words to an entrant.
    CommentReturned,
    /// To every entrant: the winners are announced.
    Result,
    /// To the team: you have won.
    Won,
    /// To the team: that you accept has come in.
    AwardAccepted,
    /// To the organisers: a winner has answered.
    WinnerAnswered,
    /// To the team: the money is on its way.
    PaymentSent,
    /// To the team: somebody will help you.
    SupportPledged,
    /// To the team: somebody says that they have helped.
    SupportDelivered,
    /// To every entrant and whoever has a draft.
    DeadlineMoved,
    /// The same.
    RulebookAmended,
}

impl Kind {
    /// Those to many, which organisers may word themselves.
    pub const BULK: [Self; 6] = [
        Self::Result,
        Self::Nudge,
        Self::ReminderDay,
        Self::ReminderHour,
        Self::DeadlineMoved,
        Self::RulebookAmended,
    ];

    /// As in URLs and rows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::ReminderDay => "reminder-day",
            Self::ReminderHour => "reminder-hour",
            Self::Query => "query",
            Self::Answer => "answer",
            Self::MemberInvited => "member-invited",
            Self::RoleGranted => "role-granted",
            Self::JudgeInvited => "judge-invited",
            Self::EntrantInvited => "entrant-invited",
            Self::Assignment => "assignment",
            Self::Nudge => "nudge",
            Self::CommentReturned => "comment-returned",
            Self::Result => "result",
            Self::Won => "won",
            Self::AwardAccepted => "award-accepted",
            Self::WinnerAnswered => "winner-answered",
            Self::PaymentSent => "payment-sent",
            Self::SupportPledged => "support-pledged",
            Self::SupportDelivered => "support-delivered",
            Self::DeadlineMoved => "deadline-moved",
            Self::RulebookAmended => "rulebook-amended",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    /// To those who have a draft, as long as they have it.
    pub fn reminds(self) -> bool {
        matches!(self, Self::ReminderDay | Self::ReminderHour)
    }

    /// Says only that there is a place: another of the same member's that says
    /// what it is says it better.
    pub fn gives_way(self) -> bool {
        self == Self::MemberInvited
    }

    /// Says what a place is.
    pub const SAYS_MORE: [Self; 3] = [Self::RoleGranted, Self::JudgeInvited, Self::EntrantInvited];

    /// Taking part doesn't need it: whoever wants none gets none.
    pub fn is_optional(self) -> bool {
        self == Self::SupportPledged
    }

    /// Whether it is still of use where the programme was cancelled.
    pub fn outlives_cancelling(self) -> bool {
        matches!(self, Self::Receipt | Self::RoleGranted | Self::PaymentSent)
    }
}

/// What a letter tells besides whom it is to: facts that no wall stands
/// before for whoever gets it, never content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pitch: Option<PitchId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award: Option<AwardId>,
    /// When something came in, is due or is to happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<i64>,
    /// A version, or how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// A commitment, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
    /// A role, an office, or how somebody answered: a word from a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_its_name() {
        for kind in Kind::BULK {
            assert_eq!(Kind::named(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(Kind::named("marks"), None);
    }
}
