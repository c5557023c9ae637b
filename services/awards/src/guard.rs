//! What decisions rely on besides their own noun. All of it is loaded through
//! the scope, so that a decision falls if any of it has moved.

use std::sync::Arc;

use plaudit_chassis::facts::{PitchFacts, ProgrammeFacts};
use plaudit_chassis::id::{AwardId, PitchId, StreamId};
use plaudit_chassis::{Problem, Scope};
use plaudit_proto::v1::Rulebook;
use uuid::Uuid;

use crate::access::{self, Act, Phase, Who};
use crate::award::{Award, Terms};

/// Nobody's.
pub const NO_PITCH: PitchId = PitchId(Uuid::nil());

/// An award of this programme that was proposed at some time.
pub struct Proposed {
    /// As it stands.
    pub award: Arc<Award>,
    /// What was proposed last.
    pub terms: Terms,
}

/// The programme as it was taken in.
pub async fn programme(scope: &mut Scope) -> Result<Arc<ProgrammeFacts>, Problem> {
    let stream = scope.programme().stream();
    Ok(scope.load::<ProgrammeFacts>(&stream).await?.state)
}

/// The pitch as it was taken in.
pub async fn pitch(scope: &mut Scope, pitch: PitchId) -> Result<Arc<PitchFacts>, Problem> {
    Ok(scope.load::<PitchFacts>(&pitch.stream()).await?.state)
}

/// The programme's rulebook, unless there is none or it was called off.
pub fn rulebook(programme: &ProgrammeFacts) -> Result<&Rulebook, Problem> {
    if programme.cancelled() {
        return Err(Problem::conflict("programme-cancelled", "This programme was cancelled."));
    }
    programme
        .rulebook()
        .ok_or_else(|| Problem::conflict("no-rulebook", "This programme has no rulebook yet."))
}

/// Who asks, towards a pitch.
pub async fn who(scope: &mut Scope, towards: Option<PitchId>) -> Result<Who, Problem> {
    let programme = programme(scope).await?;
    let facts = match towards {
        Some(id) => Some((id, pitch(scope, id).await?)),
        None => None,
    };
    let member = scope.deciding().actor;
    Ok(Who::of(&programme, facts.as_ref().map(|(id, facts)| (*id, facts.as_ref())), member))
}

/// An award on which the one who asks may do this.
pub async fn award(scope: &mut Scope, id: AwardId, act: Act) -> Result<Proposed, Problem> {
    let award = scope.load::<Award>(&id.stream()).await?.state;
    let terms = award.terms().cloned();
    // An id says of which programme it is; one of another is none of ours.
    let terms = terms.filter(|terms| AwardId::of(scope.programme(), &terms.prize, terms.pitch) == id);
    // Looked up even where there is none: how long a refusal takes must not say
    // to a pitch's team, who can work out the id, that the award was proposed.
    let pitch = terms.as_ref().map_or(NO_PITCH, |terms| terms.pitch);
    let who = who(scope, Some(pitch)).await?;
    let terms = terms.ok_or_else(|| Problem::not_found("award"))?;
    access::allow(who, act, Phase::from(award.announced()), "award")?;
    Ok(Proposed { award, terms })
}

/// Whether a stream that exists is of this programme.
pub async fn ours(scope: &Scope, stream: &StreamId) -> Result<bool, Problem> {
    let events = scope.store().read_stream(stream, 0).await?;
    Ok(events.first().is_some_and(|event| event.envelope.programme == scope.programme()))
}
