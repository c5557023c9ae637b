//! Who may see and do what of letters: the programme's organisers. They see
//! to whom went what, and nothing about pitches that a wall stands before.

use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{Problem, Service};

use crate::facts::{self, Programme};

/// 403 unless they organise.
pub fn organiser(who: MemberId, programme: &Programme) -> Result<(), Problem> {
    if programme.is_organiser(who) {
        Ok(())
    } else {
        Err(Problem::forbidden("Only organisers of this programme may do this."))
    }
}

/// The programme, as it stands now, if they organise it.
pub async fn organised(
    service: &Service,
    programme: ProgrammeId,
    who: MemberId,
) -> Result<Programme, Problem> {
    service.current_with("submissions").await?;
    let known: Programme = facts::one(service, programme.0).await?;
    organiser(who, &known)?;
    Ok(known)
}

/// The pitches that an organiser is to hear nothing of.
pub fn walls(who: MemberId, programme: &Programme) -> Vec<PitchId> {
    programme.walls_of(who).collect()
}

#[cfg(test)]
mod tests {
    use plaudit_proto::v1::Role;

    use super::*;

    #[test]
    fn only_organisers_and_none_behind_a_wall() {
        let (anne, pitch) = (MemberId::random(), PitchId::random());
        let mut programme = Programme::default();
        for role in [Role::Approver, Role::Helper, Role::Teller] {
            programme.roles.entry(anne).or_default().insert(role.into());
        }
        assert!(organiser(anne, &programme).is_err());
        programme.roles.entry(anne).or_default().insert(Role::Organiser.into());
        assert!(organiser(anne, &programme).is_ok());
        programme.walls.insert((anne, pitch));
        assert_eq!(walls(anne, &programme), [pitch]);
        assert!(programme.organisers(Some(pitch)).is_empty());
        assert_eq!(programme.organisers(None), [anne]);
    }
}
