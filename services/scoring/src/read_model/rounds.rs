use jiff::Timestamp;
use plaudit_chassis::ReadModel;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{MemberId, ProgrammeId, RoundId, ScorecardId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_proto::scoring::v1::ResultDeclared;
use plaudit_proto::v1::MarksVisibility;
use serde::{Deserialize, Serialize};

use super::hex;
use crate::round::{Counts, Phase, RoundEvent};

/// Every round, how far it is, and when it came there.
pub struct Rounds;

/// A round in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundRow {
    /// Which.
    pub round: RoundId,
    /// Of which programme.
    pub programme: ProgrammeId,
    /// The version of its stream.
    pub version: u64,
    /// How far it is.
    pub phase: Phase,
    /// On its panel.
    pub judges: u32,
    /// What its rulebook calls it, once it has opened.
    pub slug: Option<String>,
    /// Of the rulebook that it pinned, in hexadecimal.
    pub rulebook_hash: Option<String>,
    /// Whether that publishes marks.
    pub marks_public: Option<bool>,
    /// Expected when it opened.
    pub scorecards: u32,
    /// Who proposed to open the marks.
    pub unsealing_proposed_by: Option<MemberId>,
    /// As the unsealing found them.
    pub unsealed: Option<Counts>,
    /// Whom the facts are about that came after the lock, one by one.
    pub late_facts: Vec<ScorecardId>,
    /// When it opened.
    pub opened_at: Option<Timestamp>,
    /// When it was locked.
    pub locked_at: Option<Timestamp>,
    /// When the marks were opened.
    pub unsealed_at: Option<Timestamp>,
    /// When the result was declared.
    pub declared_at: Option<Timestamp>,
}

impl ReadModel for Rounds {
    const NAME: &'static str = "rounds";
    const SOURCE: &'static str = "scoring";
    type Row = RoundRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let ours = event.envelope.stream.noun() == RoundId::NOUN || declared(event)?.is_some();
        Ok(ours.then(|| event.envelope.stream.id().to_string()).into_iter().collect())
    }

    fn apply(row: Option<RoundRow>, _: &str, event: &Recorded) -> Result<Option<RoundRow>, Unfoldable> {
        let mut row = row.unwrap_or_else(|| new(event));
        let at = Some(event.envelope.time);
        if declared(event)?.is_some() {
            row.declared_at = at;
            return Ok(Some(row));
        }
        let Some(happened) = event.is::<RoundEvent>()? else { return Ok(Some(row)) };
        row.version = event.envelope.version;
        match happened {
            RoundEvent::PanelTaken(taken) => {
                row.phase = Phase::Ready;
                row.judges = taken.judges;
            }
            RoundEvent::RoundOpened(opened) => {
                row.phase = Phase::Open;
                row.opened_at = at;
                row.marks_public = Some(opened.marks() == MarksVisibility::Public);
                row.rulebook_hash = Some(hex(&opened.rulebook_hash));
                row.scorecards = opened.scorecards;
                row.slug = Some(opened.round);
            }
            RoundEvent::RoundLocked(_) => {
                row.phase = Phase::Locked;
                row.locked_at = at;
            }
            RoundEvent::UnsealingProposed(proposed) => row.unsealing_proposed_by = Some(proposed.by.parse()?),
            RoundEvent::RoundUnsealed(unsealed) => {
                row.phase = Phase::Unsealed;
                row.unsealed_at = at;
                row.unsealed = Some(Counts::from(&unsealed));
            }
            RoundEvent::LateFactAnswered(answered) => row.late_facts.push(answered.scorecard.parse()?),
            RoundEvent::RoundVoided(_) => row.phase = Phase::Voided,
        }
        Ok(Some(row))
    }

    fn index(row: &RoundRow) -> Index {
        Index { programme: row.programme.0, owner: None, sort: row.round.to_string() }
    }
}

fn declared(event: &Recorded) -> Result<Option<ResultDeclared>, Unfoldable> {
    Ok(event.message("plaudit.scoring.v1.ResultDeclared")?)
}

fn new(event: &Recorded) -> RoundRow {
    RoundRow {
        round: RoundId(event.envelope.stream.id()),
        programme: event.envelope.programme,
        version: 0,
        phase: Phase::Waiting,
        judges: 0,
        slug: None,
        rulebook_hash: None,
        marks_public: None,
        scorecards: 0,
        unsealing_proposed_by: None,
        unsealed: None,
        late_facts: Vec::new(),
        opened_at: None,
        locked_at: None,
        unsealed_at: None,
        declared_at: None,
    }
}
