//! What people do on a panel, a file a thing. Each loads what it relies on,
//! asks `access` whether this member may, and lets the nouns decide; what
//! changes the bench mends the assignments in the same append.

mod allowing;
mod answering;
mod assigning;
mod convening;
mod declaring;
mod getting_ready;
mod inviting;
mod mending;
mod moving;
mod recusing;

pub use allowing::AllowConnection;
pub use answering::{AcceptSeat, DeclineSeat, StandDown};
pub use assigning::AssignAll;
pub use convening::ConvenePanel;
pub use declaring::{Connected, DeclareInterests};
pub use getting_ready::GetReady;
pub use inviting::InviteJudge;
pub use mending::MendPanels;
pub use moving::MoveAssignment;
pub use recusing::Recuse;

use std::sync::Arc;

use plaudit_chassis::facts::{PitchFacts, ProgrammeFacts};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, RoundId, StreamId};
use plaudit_chassis::{Problem, Scope};
use plaudit_proto::v1::Round;

use crate::access::{Act, Who, may};
use crate::judge::Judge;
use crate::panel::{Panel, PanelError};

/// Where a command happens, and who asks.
struct Here {
    round: RoundId,
    /// As the rulebook calls the round.
    slug: String,
    member: MemberId,
    facts: Arc<ProgrammeFacts>,
    who: Who,
    /// The asking member's own seat.
    own: Arc<Judge>,
}

impl Here {
    async fn load(scope: &mut Scope, slug: &str) -> Result<Self, Problem> {
        let programme = scope.programme();
        let member = scope.deciding().member();
        let round = RoundId::of(programme, slug);
        let facts = scope.load::<ProgrammeFacts>(&programme.stream()).await?.state;
        let own = scope.load::<Judge>(&JudgeId::of(round, member).stream()).await?.state;
        let who = Who::is(member, &facts, &own);
        Ok(Self { round, slug: slug.to_owned(), member, facts, who, own })
    }

    /// Refuses what is not for this member.
    fn may(&self, act: Act) -> Result<(), Problem> {
        may(self.who, act, false).check()?;
        self.goes_on()
    }

    /// Refuses what is about a pitch that this member stands aside from.
    async fn may_about(&self, scope: &mut Scope, act: Act, pitch: PitchId) -> Result<(), Problem> {
        let of = scope.load::<PitchFacts>(&pitch.stream()).await?.state;
        let walled = self.facts.conflicted(self.member, pitch)
            || self.own.stands_aside(pitch)
            || of.is_by(self.member);
        may(self.who, act, walled).check()?;
        self.goes_on()
    }

    fn goes_on(&self) -> Result<(), Problem> {
        if self.facts.cancelled() { Err(PanelError::Cancelled.into()) } else { Ok(()) }
    }

    /// What the rulebook says of this round.
    fn rules(&self) -> Result<&Round, PanelError> {
        self.facts.round(&self.slug).ok_or_else(|| PanelError::NoSuchRound(self.slug.clone()))
    }

    /// What screening was closed with.
    fn screening(&self) -> Result<&[u8], PanelError> {
        let digest = self.facts.screening_digest();
        digest.map(AsRef::as_ref).ok_or(PanelError::ScreeningNotCompleted)
    }

    async fn panel(&self, scope: &mut Scope) -> Result<Arc<Panel>, Problem> {
        Ok(scope.load::<Panel>(&self.round.panel()).await?.state)
    }

    /// The stream of a member's seat.
    fn seat(&self, member: MemberId) -> StreamId {
        JudgeId::of(self.round, member).stream()
    }
}
