//! Who may read what of a log. Hashes, checkpoints and proofs are for
//! everybody at once: they say nothing. Entries are for those who run the
//! programme and have no interest in any of its pitches, and for everybody
//! once the winners are announced and the embargo is over.

use plaudit_chassis::facts::{AnnouncementFacts, ProgrammeFacts};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Service};
use plaudit_proto::v1::Role;

/// What decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who {
    /// The entries are published.
    pub published: bool,
    /// Runs the programme or holds its second key.
    pub runs_it: bool,
    /// Has an interest in one of its pitches.
    pub conflicted: bool,
}

/// Whether they may read entries.
pub fn may_read_entries(who: Who) -> bool {
    who.published || (who.runs_it && !who.conflicted)
}

/// Whether everybody may know of a programme.
pub async fn is_public(service: &Service, programme: ProgrammeId) -> Result<bool, StoreError> {
    let facts = service.store().reload::<ProgrammeFacts>(&programme.stream()).await?.state;
    Ok(facts.rulebook().is_some())
}

/// 404 unless they may know of the programme: until its rules are public, only
/// its own people do.
pub async fn log(service: &Service, programme: ProgrammeId, member: Option<MemberId>) -> Result<(), Problem> {
    let facts = service.store().reload::<ProgrammeFacts>(&programme.stream()).await?.state;
    let is_its_own = member.is_some_and(|member| {
        [Role::Organiser, Role::Approver, Role::Helper, Role::Teller]
            .iter()
            .any(|role| facts.has(member, *role))
    });
    if facts.rulebook().is_some() || is_its_own { Ok(()) } else { Err(Problem::not_found("log")) }
}

/// 403 unless they may.
pub async fn entries(
    service: &Service,
    programme: ProgrammeId,
    member: Option<MemberId>,
) -> Result<(), Problem> {
    log(service, programme, member).await?;
    let store = service.store();
    let announced =
        store.reload::<AnnouncementFacts>(&AnnouncementFacts::stream(programme)).await?.state.made;
    let facts = store.reload::<ProgrammeFacts>(&programme.stream()).await?.state;
    let embargo = facts.rulebook().and_then(|rulebook| rulebook.embargo.as_ref());
    let over = embargo.is_none_or(|until| until.seconds <= service.clock().now().as_second());
    let who = Who {
        published: announced && over,
        runs_it: member.is_some_and(|member| facts.is_organiser(member) || facts.has(member, Role::Approver)),
        conflicted: member.is_some_and(|member| facts.walls_of(member).next().is_some()),
    };
    if !may_read_entries(who) {
        return Err(Problem::forbidden(
            "The entries of this log are published with the winners. Until then there are its hashes, checkpoints and proofs.",
        ));
    }
    if who.published { Ok(()) } else { service.current_with("submissions").await }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_announcement_only_who_runs_it_and_has_no_interest_reads_entries() {
        for published in [false, true] {
            for runs_it in [false, true] {
                for conflicted in [false, true] {
                    let may = may_read_entries(Who { published, runs_it, conflicted });
                    let expected =
                        matches!((published, runs_it, conflicted), (true, ..) | (false, true, false));
                    assert_eq!(may, expected, "{published} {runs_it} {conflicted}");
                }
            }
        }
    }
}
