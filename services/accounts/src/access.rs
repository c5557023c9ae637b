//! Who may do what in accounts, as far as a programme goes.

use plaudit_chassis::Problem;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::MemberId;

/// Giving an address a place in the programme: organisers, unless it was
/// cancelled.
pub fn invite(who: MemberId, programme: &ProgrammeFacts) -> Result<(), Problem> {
    organiser(who, programme)?;
    if programme.cancelled() {
        return Err(Problem::conflict(
            "programme-cancelled",
            "The programme was cancelled: nobody is invited any more.",
        ));
    }
    Ok(())
}

/// Seeing who the members are: organisers, and approvers, who must know whom
/// they sign for.
pub fn list_members(who: MemberId, programme: &ProgrammeFacts) -> Result<(), Problem> {
    if programme.may_confirm(who) {
        Ok(())
    } else {
        Err(Problem::forbidden("Only organisers and approvers of this programme may do this."))
    }
}

fn organiser(who: MemberId, programme: &ProgrammeFacts) -> Result<(), Problem> {
    if programme.is_organiser(who) {
        Ok(())
    } else {
        Err(Problem::forbidden("Only organisers of this programme may do this."))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use cqrs_es::Aggregate;
    use plaudit_chassis::facts::FactEvent;
    use plaudit_proto::intake::v1::FactTaken;
    use plaudit_proto::intake::v1::fact_taken::Fact;
    use plaudit_proto::submissions::v1::{ProgrammeCancelled, RoleGranted};
    use plaudit_proto::v1::Role;

    use super::*;

    fn facts(roles: &[(MemberId, Role)], cancelled: bool) -> ProgrammeFacts {
        let mut facts = ProgrammeFacts::default();
        let mut learn = |fact| {
            facts.apply(FactEvent::FactTaken(FactTaken { fact: Some(fact), ..FactTaken::default() }));
        };
        for (member, role) in roles {
            learn(Fact::RoleGranted(RoleGranted { member: member.to_string(), role: (*role).into() }));
        }
        if cancelled {
            learn(Fact::ProgrammeCancelled(ProgrammeCancelled::default()));
        }
        facts
    }

    /// Status of (invite, list) for every role, before and after a cancellation.
    #[test]
    fn every_role_and_phase() {
        let status = |result: Result<(), Problem>| result.map_or_else(|p| p.status().as_u16(), |()| 200);
        let table = [
            (Some(Role::Organiser), (200, 200), (409, 200)),
            (Some(Role::Approver), (403, 200), (403, 200)),
            (Some(Role::Helper), (403, 403), (403, 403)),
            (Some(Role::Teller), (403, 403), (403, 403)),
            (None, (403, 403), (403, 403)),
        ];
        for (role, running, cancelled) in table {
            let who = MemberId::random();
            for (is_cancelled, expected) in [(false, running), (true, cancelled)] {
                let other = (MemberId::random(), Role::Organiser);
                let roles: Vec<_> = role.map(|role| (who, role)).into_iter().chain([other]).collect();
                let facts = facts(&roles, is_cancelled);
                let got = (status(invite(who, &facts)), status(list_members(who, &facts)));
                assert_eq!(got, expected, "{role:?}, cancelled: {is_cancelled}");
            }
        }
    }
}
