/// What can be asked of a member.
#[derive(Clone, Copy, Debug)]
pub enum MemberCommand {
    /// An organiser gives a place to an address.
    Invite,
    /// A person is bound to the member.
    Join,
    /// The person asks to be forgotten.
    Forget,
}
