use plaudit_chassis::Refusal;

/// Why a member can't do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// The link to the person is gone for ever.
    #[error("This member was forgotten; invite the person again to give them a new place.")]
    Forgotten,
}

impl Refusal for MemberError {
    fn code(&self) -> &'static str {
        match self {
            Self::Forgotten => "member-forgotten",
        }
    }
}
