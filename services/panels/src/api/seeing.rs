//! What whoever asks may see: the roles, the walls, and the words behind
//! seals.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use plaudit_chassis::facts::{FactEvent, PitchFacts, ProgrammeFacts};
use plaudit_chassis::http::Caller;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::vault::{Commitment, Shown};
use plaudit_chassis::{Problem, Service};
use plaudit_proto::intake::v1::fact_taken::Fact;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Act, View, Who, may, view};
use crate::judge::Judge;
use crate::read_model::{ConnectionRow, JudgeRow, Seal};
use crate::words::{Connection, Office, SeatState};

/// Whoever asks, before one panel.
pub struct Seer {
    pub member: MemberId,
    pub programme: ProgrammeId,
    pub round: RoundId,
    /// How much of the lists they see.
    pub view: View,
    who: Who,
    facts: Arc<ProgrammeFacts>,
    own: Arc<Judge>,
}

impl Seer {
    /// 404 for those who have nothing to do with the panel.
    pub async fn of(service: &Service, caller: &Caller, slug: &str) -> Result<Self, Problem> {
        let (member, programme) = (caller.member, caller.programme);
        let round = RoundId::of(programme, slug);
        let store = service.store();
        let facts = store.reload::<ProgrammeFacts>(&programme.stream()).await?.state;
        let own = store.reload::<Judge>(&JudgeId::of(round, member).stream()).await?.state;
        let who = Who::is(member, &facts, &own);
        may(who, Act::SeePanel, false).check()?;
        let view = view(who).ok_or_else(|| Problem::not_found("panel"))?;
        Ok(Self { member, programme, round, view, who, facts, own })
    }

    /// Refuses what is not for them.
    pub fn may(&self, act: Act) -> Result<(), Problem> {
        may(self.who, act, false).check()
    }

    /// The pitches that this member stands aside from, declared or because
    /// they are of the team. Their own seat hides nothing from a judge.
    pub async fn walls(&self, service: &Service) -> Result<BTreeSet<PitchId>, Problem> {
        if self.view == View::Own {
            return Ok(BTreeSet::new());
        }
        let streams = service.store().streams_of(self.programme, PitchId::NOUN).await?;
        let pitches = service.store().load_many::<PitchFacts>(&streams).await?;
        let of_the_team = pitches
            .iter()
            .filter(|(_, pitch)| pitch.state.is_by(self.member))
            .map(|(stream, _)| PitchId(stream.id()));
        let aside = self.own.connections.keys().copied().filter(|&pitch| self.own.stands_aside(pitch));
        Ok(self.facts.walls_of(self.member).chain(aside).chain(of_the_team).collect())
    }
}

/// A judge's seat.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeatShown {
    pub judge: JudgeId,
    pub member: MemberId,
    pub office: Office,
    /// Independent of the promoter and the sponsors.
    pub independent: bool,
    /// The most pitches they will take; 0: no limit.
    pub cap: u32,
    pub status: SeatState,
    /// Whether they have declared their interests.
    pub declared: bool,
    /// How many pitches they are to mark.
    pub assigned: u32,
    /// What they listed; only to themselves and to organisers.
    pub interests: Option<String>,
    /// Only where there is a connection.
    pub connections: Vec<ConnectionShown>,
}

/// What stands between a judge and a pitch.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectionShown {
    pub pitch: PitchId,
    pub connection: Connection,
    /// Whether an organiser allowed a known one.
    pub allowed: bool,
    /// Whether it was found after the declaration.
    pub recused: bool,
    /// In the judge's words; only to themselves and to organisers.
    pub nature: Option<String>,
}

/// Words by their commitments; forgotten ones are missing.
#[derive(Default)]
pub struct Words(HashMap<Commitment, Shown>);

impl Words {
    /// Asks the vault once for all that these rows hold.
    pub async fn of(service: &Service, rows: &[JudgeRow]) -> Result<Self, Problem> {
        let natures =
            rows.iter().flat_map(|row| row.connections.values()).filter_map(|row| row.nature.as_ref());
        let seals = rows.iter().filter_map(|row| row.interests.as_ref()).chain(natures);
        let commitments: Vec<Commitment> = seals.map(|seal| seal.commitment().clone()).collect();
        Ok(Self(service.vault().show(&commitments).await?))
    }

    fn show(&self, seal: &Option<Seal>) -> Option<String> {
        Some(self.0.get(seal.as_ref()?.commitment())?.text())
    }
}

/// A seat without what lies behind walls.
pub fn seat(row: &JudgeRow, walls: &BTreeSet<PitchId>, words: &Words) -> SeatShown {
    let visible: BTreeMap<_, _> =
        row.connections.iter().filter(|(pitch, _)| !walls.contains(pitch)).collect();
    let connection = |(&pitch, connection): (&PitchId, &ConnectionRow)| ConnectionShown {
        pitch,
        connection: connection.connection,
        allowed: connection.allowed,
        recused: connection.recused,
        nature: words.show(&connection.nature),
    };
    SeatShown {
        judge: row.judge,
        member: row.member,
        office: row.office,
        independent: row.independent,
        cap: row.cap,
        status: row.status,
        declared: row.declared,
        assigned: row.assigned,
        interests: words.show(&row.interests),
        connections: visible.into_iter().map(connection).collect(),
    }
}

/// How long a command waits for pitches that screening has decided on.
const CATCH_UP: Duration = Duration::from_secs(5);

/// Pitches and programmes are taken in side by side: before a list of all
/// eligible pitches is relied on, everything before the end of screening must
/// have arrived. Where screening goes on, the command itself says so.
pub async fn screening_taken_in(service: &Service, programme: ProgrammeId) -> Result<(), Problem> {
    let events = service.store().read_stream(&programme.stream(), 0).await?;
    let ended = events.iter().rev().find(|event| {
        let taken = event.is::<FactEvent>().ok().flatten();
        matches!(taken, Some(FactEvent::FactTaken(taken)) if matches!(taken.fact, Some(Fact::ScreeningCompleted(_))))
    });
    let place = ended.and_then(|event| event.envelope.cause.as_deref()?.split_once('/'));
    let Some((source, position)) = place else { return Ok(()) };
    let position = position.parse().map_err(Problem::internal)?;
    if service.reaches(source, position, CATCH_UP).await {
        return Ok(());
    }
    Err(Problem::unavailable(
        "behind",
        "Not all pitches that came through screening have arrived here yet. Try again in a moment.",
    ))
}
