use std::collections::BTreeMap;

use jiff::Timestamp;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::id;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::read_model::{Index, ReadModel, Unfoldable};
use plaudit_proto::panels::v1::{self, InterestDeclared, JudgeInvited, JudgeRecused};
use serde::{Deserialize, Serialize};

use super::{Seal, needed};
use crate::judge::JudgeEvent;
use crate::words::{Connection, Office, SeatState};

/// One row a seat; its key is the judge's id, its owner the member.
pub struct Judges;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgeRow {
    pub programme: ProgrammeId,
    pub panel: RoundId,
    pub judge: JudgeId,
    pub member: MemberId,
    pub office: Office,
    pub independent: bool,
    /// The most pitches they will take; 0: no limit.
    pub cap: u32,
    pub status: SeatState,
    pub declared: bool,
    /// When they were asked last.
    pub invited_at: Option<Timestamp>,
    /// When they accepted or declined.
    pub answered_at: Option<Timestamp>,
    /// When they declared their interests.
    pub declared_at: Option<Timestamp>,
    /// How many pitches they are to mark.
    pub assigned: u32,
    pub interests: Option<Seal>,
    /// Only where there is a connection.
    pub connections: BTreeMap<PitchId, ConnectionRow>,
    /// The position of the first invitation: lists are in this order.
    pub since: u64,
    /// The stream's.
    pub version: u64,
}

/// What stands between a judge and a pitch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionRow {
    pub connection: Connection,
    /// Whether an organiser allowed a known one.
    pub allowed: bool,
    /// Whether it was found after the declaration.
    pub recused: bool,
    pub nature: Option<Seal>,
}

impl ReadModel for Judges {
    const NAME: &'static str = "judges";
    const SOURCE: &'static str = "panels";
    type Row = JudgeRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        // Facts about judges would lie on streams of the same name, so it is
        // the event that says whose it is. Most events say that there is no
        // connection, which no row shows.
        let shown = match event.is::<JudgeEvent>()? {
            Some(JudgeEvent::InterestDeclared(declared)) => declared.connection() != v1::Connection::None,
            other => other.is_some(),
        };
        Ok(shown.then(|| event.envelope.stream.id().to_string()).into_iter().collect())
    }

    fn apply(row: Option<JudgeRow>, key: &str, event: &Recorded) -> Result<Option<JudgeRow>, Unfoldable> {
        let Some(what) = event.is::<JudgeEvent>()? else { return Ok(row) };
        let mut row = match what {
            JudgeEvent::JudgeInvited(ref invited) => row_of(row, invited, event),
            _ => needed(row, key)?,
        };
        row.learn(what, event.envelope.time);
        row.version = event.envelope.version;
        Ok(Some(row))
    }

    fn index(row: &JudgeRow) -> Index {
        let sort = format!("{:020}", row.since);
        Index { programme: row.programme.0, owner: Some(row.member.0), sort }
    }
}

/// A new row, or the terms of a second invitation on the row of the first.
fn row_of(row: Option<JudgeRow>, invited: &JudgeInvited, event: &Recorded) -> JudgeRow {
    let before = row.unwrap_or_else(|| JudgeRow {
        programme: event.envelope.programme,
        panel: id(&invited.panel),
        judge: JudgeId(event.envelope.stream.id()),
        member: id(&invited.member),
        office: Office::Judge,
        independent: false,
        cap: 0,
        status: SeatState::Invited,
        declared: false,
        invited_at: None,
        answered_at: None,
        declared_at: None,
        assigned: 0,
        interests: None,
        connections: BTreeMap::new(),
        since: event.position,
        version: 0,
    });
    let office = match invited.office() {
        v1::Office::Chair => Office::Chair,
        v1::Office::Deputy => Office::Deputy,
        v1::Office::Judge | v1::Office::Unspecified => Office::Judge,
    };
    let status = SeatState::Invited;
    JudgeRow { office, independent: invited.independent, cap: invited.cap, status, ..before }
}

impl JudgeRow {
    fn learn(&mut self, event: JudgeEvent, at: Timestamp) {
        match event {
            JudgeEvent::JudgeInvited(_) => {
                self.invited_at = Some(at);
                self.answered_at = None;
            }
            JudgeEvent::JudgeAccepted(_) => self.answer(SeatState::Accepted, at),
            JudgeEvent::JudgeDeclined(_) => self.answer(SeatState::Declined, at),
            JudgeEvent::JudgeStoodDown(_) => self.status = SeatState::StoodDown,
            JudgeEvent::InterestsListed(listed) => self.interests = Seal::of(&listed.interests),
            JudgeEvent::InterestDeclared(declared) => self.declare(&declared),
            JudgeEvent::KnownConnectionAllowed(allowed) => {
                if let Some(connection) = self.connections.get_mut(&id(&allowed.pitch)) {
                    connection.allowed = true;
                }
            }
            JudgeEvent::DeclarationConfirmed(_) => {
                self.declared = true;
                self.declared_at = Some(at);
            }
            JudgeEvent::JudgeRecused(recused) => self.recuse(&recused),
            JudgeEvent::AssignmentMade(_) => self.assigned += 1,
            JudgeEvent::AssignmentWithdrawn(_) => self.assigned = self.assigned.saturating_sub(1),
        }
    }

    fn answer(&mut self, status: SeatState, at: Timestamp) {
        self.status = status;
        self.answered_at = Some(at);
    }

    /// A wall that was there before stays.
    fn declare(&mut self, declared: &InterestDeclared) {
        let connection = match declared.connection() {
            v1::Connection::StandAside => Connection::StandAside,
            _ => Connection::Known,
        };
        let nature = Seal::of(&declared.nature);
        let row = ConnectionRow { connection, allowed: false, recused: false, nature };
        self.connections.entry(id(&declared.pitch)).or_insert(row);
    }

    fn recuse(&mut self, recused: &JudgeRecused) {
        let row = ConnectionRow {
            connection: Connection::StandAside,
            allowed: false,
            recused: true,
            nature: Seal::of(&recused.nature),
        };
        self.connections.insert(id(&recused.pitch), row);
    }
}
