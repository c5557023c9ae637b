//! Whoever reads, with what decides what they see: read from the log as it is
//! stored now, since a read model may be behind.

use std::sync::Arc;

use plaudit_chassis::facts::{AnnouncementFacts, JudgeFacts, ProgrammeFacts};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::{Problem, Service};

use crate::access::{Part, Stage};
use crate::result::RoundResult;
use crate::round::{Phase, Round};

/// Somebody who reads about a round.
pub(super) struct Viewer {
    pub round_id: RoundId,
    pub round: Arc<Round>,
    pub stage: Stage,
    pub programme: Arc<ProgrammeFacts>,
    member: Option<MemberId>,
    seat: JudgeId,
    judge: Arc<JudgeFacts>,
}

impl Viewer {
    /// 404 for a round that nobody has heard of.
    pub async fn of(
        service: &Service,
        programme_id: ProgrammeId,
        slug: &str,
        member: Option<MemberId>,
    ) -> Result<Self, Problem> {
        let store = service.store();
        let programme = store.reload::<ProgrammeFacts>(&programme_id.stream()).await?.state;
        let round_id = RoundId::of(programme_id, slug);
        let round = store.reload::<Round>(&round_id.stream()).await?;
        if round.version == 0 && programme.round(slug).is_none() {
            return Err(Problem::not_found("round"));
        }
        let stage = stage(service, programme_id, round_id, &round.state).await?;
        let seat = member.map(|member| JudgeId::of(round_id, member)).unwrap_or_default();
        let judge = match member {
            Some(_) => seat_of(service, seat).await?,
            None => Arc::default(),
        };
        Ok(Self { round_id, round: round.state, stage, programme, member, seat, judge })
    }

    /// What they are to the round as a whole.
    pub fn part(&self) -> Part {
        let member = self.member.unwrap_or_default();
        let organiser = self.programme.is_organiser(member);
        Part {
            organiser,
            approver: !organiser && self.programme.may_confirm(member),
            judge: self.judge.sits() && self.judge.declared(),
            team: false,
            walled: false,
        }
    }

    /// What they are to one of its pitches.
    pub fn part_in(&self, pitch: PitchId) -> Part {
        Part { walled: self.walled(pitch), ..self.part() }
    }

    /// Whether a wall stands between them and a pitch.
    pub fn walled(&self, pitch: PitchId) -> bool {
        let member = self.member.unwrap_or_default();
        self.judge.walled(pitch) || self.programme.conflicted(member, pitch)
    }

    /// Whether one stands between them and any pitch.
    pub fn is_walled(&self) -> bool {
        let member = self.member.unwrap_or_default();
        self.judge.is_walled() || self.programme.walls_of(member).next().is_some()
    }

    /// Whether a scorecard is theirs.
    pub fn owns(&self, judge: JudgeId) -> bool {
        self.member.is_some() && judge == self.seat
    }

    /// Their seat on the panel, if they have one.
    pub fn seat(&self) -> JudgeId {
        self.seat
    }

    /// Whether the rulebook that the round pinned publishes marks.
    pub fn marks_public(&self) -> bool {
        self.round.pinned.as_ref().is_some_and(|pinned| pinned.marks_public)
    }
}

/// A judge's walls must be current: 503 unless what panels said has come in.
async fn seat_of(service: &Service, seat: JudgeId) -> Result<Arc<JudgeFacts>, Problem> {
    let judge = service.store().reload::<JudgeFacts>(&seat.stream()).await?;
    if judge.version == 0 {
        return Ok(judge.state);
    }
    service.current_with("panels").await?;
    Ok(service.store().reload::<JudgeFacts>(&seat.stream()).await?.state)
}

async fn stage(
    service: &Service,
    programme: ProgrammeId,
    round_id: RoundId,
    round: &Round,
) -> Result<Stage, Problem> {
    if round.phase != Phase::Unsealed {
        return Ok(Stage::Sealed);
    }
    let result = service.store().reload::<RoundResult>(&round_id.result()).await?;
    if result.state.declared.is_none() {
        return Ok(Stage::Unsealed);
    }
    let announcement = AnnouncementFacts::stream(programme);
    let announcement = service.store().reload::<AnnouncementFacts>(&announcement).await?;
    Ok(if announcement.state.made { Stage::Announced } else { Stage::Declared })
}
