//! Whether what somebody sends is in time.

use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::{Problem, Refusal, Service};

use crate::access::Relation;
use crate::draft::Saved;
use crate::pitch::{Pitch, PitchError};
use crate::programme::{Phase, Programme};

/// The programme, if it is this member's to know.
pub async fn known(
    service: &Service,
    programme: ProgrammeId,
    member: MemberId,
) -> Result<Programme, Problem> {
    let loaded = service.store().reload::<Programme>(&programme.stream()).await?;
    if !Relation::of(&loaded.state, member).knows {
        return Err(Problem::not_found("programme"));
    }
    Ok((*loaded.state).clone())
}

/// What comes too late, and is kept.
#[derive(Clone, Debug)]
pub struct TooLate(PitchError);

/// The programme, and whether what had arrived at this instant is too late for
/// it, or for this draft of it if two people reopened that. An error where it
/// isn't even kept.
pub async fn timing(
    service: &Service,
    programme: ProgrammeId,
    draft: Option<PitchId>,
    member: MemberId,
    at: Timestamp,
) -> Result<(Programme, Option<TooLate>), Problem> {
    let state = known(service, programme, member).await?;
    let call = state.call()?;
    let late = match call.phase {
        Phase::Published | Phase::Open if at <= call.last_instant => return Ok((state, None)),
        Phase::Published => return Err(PitchError::TooLate(call.last_instant).into()),
        Phase::Open => PitchError::TooLate(call.last_instant),
        Phase::Closed => PitchError::CallClosed,
        _ => return Err(PitchError::CallClosed.into()),
    };
    if let Some(draft) = draft {
        let pitch = service.store().reload::<Pitch>(&draft.stream()).await?.state;
        if pitch.takes(call, at).is_ok() {
            return Ok((state, None));
        }
    }
    Ok((state, Some(TooLate(late))))
}

/// The programme, if this is in time.
pub async fn in_time(
    service: &Service,
    programme: ProgrammeId,
    draft: Option<PitchId>,
    member: MemberId,
    at: Timestamp,
) -> Result<Programme, Problem> {
    match timing(service, programme, draft, member, at).await? {
        (state, None) => Ok(state),
        (_, Some(late)) => Err(late.refused()),
    }
}

/// By when a file must have been complete to come with what had arrived at this
/// instant: whom two people let in late may bring all.
pub fn files_by(programme: &Programme, at: Timestamp) -> Option<Timestamp> {
    let last = programme.call().ok()?.last_instant;
    (at <= last).then_some(last)
}

impl TooLate {
    /// It is not kept.
    pub fn refused(self) -> Problem {
        self.0.into()
    }

    /// 409: it was kept as this, and doesn't count.
    pub fn kept(&self, saved: Saved) -> Problem {
        let why = &self.0;
        let detail = format!(
            "{why} What you wrote is kept, and doesn't count by itself. The organisers see that it came, \
             not what it says; two of them may reopen it."
        );
        Problem::new(why.status(), "late-kept", detail).about(saved.id.0, saved.version)
    }
}
