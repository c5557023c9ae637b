//! A row a pledge: the ledger of what is owed.

use jiff::Timestamp;
use plaudit_chassis::ReadModel;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{AwardId, MemberId, PitchId, ProgrammeId, SupportId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_chassis::vault::Commitment;
use plaudit_proto::awards::v1::{SupportPledged, SupportUnit};
use serde::{Deserialize, Serialize};

use super::{actor, no_row};
use crate::support::SupportEvent;

/// Every pledge.
pub struct Supports;

/// One pledge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupportRow {
    /// Its id.
    pub support: SupportId,
    /// Of which programme.
    pub programme: ProgrammeId,
    /// Who pledged it.
    pub by: MemberId,
    /// What.
    pub what: Commitment,
    /// How much, in quarters.
    pub quarters: u32,
    /// Of what: a word.
    pub unit: String,
    /// For the winner of which award.
    pub award: Option<AwardId>,
    /// For which pitch, once accepted.
    pub pitch: Option<PitchId>,
    /// One word.
    pub status: String,
    /// What is planned.
    pub scheduled: Vec<ScheduledPart>,
    /// What was given.
    pub deliveries: Vec<DeliveryPart>,
    /// When it was pledged.
    pub pledged_at: Option<Timestamp>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When its account was closed.
    pub closed_at: Option<Timestamp>,
    /// Where in the log it began.
    pub began: u64,
    /// The pledge's version.
    pub version: u64,
}

/// Something planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ScheduledPart {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How much, in quarters.
    pub quarters: u32,
}

/// Something given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryPart {
    /// From 1.
    pub part: u32,
    /// How much, in quarters.
    pub quarters: u32,
    /// Something to show for it; empty: nothing.
    pub evidence: Commitment,
    /// Whether the winner said so.
    pub confirmed: bool,
    /// Who said that it was given.
    pub by: Option<MemberId>,
    /// When they said so.
    pub at: Option<Timestamp>,
    /// When the winner said so.
    pub confirmed_at: Option<Timestamp>,
}

impl SupportRow {
    /// Quarters that are still to be given, or to be shown to have been.
    pub fn owed(&self) -> u32 {
        let shown = self.deliveries.iter().filter(|part| part.confirmed || !part.evidence.is_empty());
        self.quarters.saturating_sub(shown.map(|part| part.quarters).sum())
    }
}

impl ReadModel for Supports {
    const NAME: &'static str = "support";
    const SOURCE: &'static str = "awards";
    type Row = SupportRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let stream = &event.envelope.stream;
        Ok((stream.noun() == SupportId::NOUN).then(|| stream.id().to_string()).into_iter().collect())
    }

    fn apply(row: Option<SupportRow>, key: &str, event: &Recorded) -> Result<Option<SupportRow>, Unfoldable> {
        let Some(happened) = event.is::<SupportEvent>()? else { return Ok(row) };
        if let SupportEvent::SupportPledged(pledged) = happened {
            return Ok(Some(begin(pledged, key.parse()?, event)?));
        }
        let mut row = row.ok_or_else(|| no_row(event))?;
        row.version = event.envelope.version;
        go_on(&mut row, happened, event)?;
        Ok(Some(row))
    }

    fn index(row: &SupportRow) -> Index {
        Index { programme: row.programme.0, owner: Some(row.by.0), sort: format!("{:020}", row.began) }
    }
}

fn begin(pledged: SupportPledged, support: SupportId, event: &Recorded) -> Result<SupportRow, Unfoldable> {
    let unit = match pledged.unit() {
        SupportUnit::Hour => "hour",
        SupportUnit::Day => "day",
        SupportUnit::Item | SupportUnit::Unspecified => "item",
    };
    Ok(SupportRow {
        support,
        programme: event.envelope.programme,
        by: pledged.by.parse()?,
        what: pledged.what,
        quarters: pledged.quarters,
        unit: unit.to_owned(),
        award: pledged.award.parse().ok(),
        pitch: None,
        status: "pledged".to_owned(),
        scheduled: Vec::new(),
        deliveries: Vec::new(),
        pledged_at: Some(event.envelope.time),
        accepted_at: None,
        closed_at: None,
        began: event.position,
        version: event.envelope.version,
    })
}

fn go_on(row: &mut SupportRow, happened: SupportEvent, event: &Recorded) -> Result<(), Unfoldable> {
    let at = Some(event.envelope.time);
    match happened {
        SupportEvent::SupportPledged(_) => {}
        SupportEvent::SupportAccepted(accepted) => {
            row.pitch = Some(accepted.pitch.parse()?);
            row.status = "accepted".to_owned();
            row.accepted_at = at;
        }
        SupportEvent::SupportScheduled(scheduled) => {
            row.scheduled.push(ScheduledPart { at: from_proto(&scheduled.at), quarters: scheduled.quarters })
        }
        SupportEvent::SupportDelivered(delivered) => row.deliveries.push(DeliveryPart {
            part: delivered.part,
            quarters: delivered.quarters,
            evidence: delivered.evidence,
            confirmed: false,
            by: actor(event),
            at,
            confirmed_at: None,
        }),
        SupportEvent::SupportDeliveryConfirmed(confirmed) => {
            for part in row.deliveries.iter_mut().filter(|part| part.part == confirmed.part) {
                part.confirmed = true;
                part.confirmed_at = at;
            }
        }
        SupportEvent::SupportClosed(_) => {
            row.status = "closed".to_owned();
            row.closed_at = at;
        }
    }
    Ok(())
}
