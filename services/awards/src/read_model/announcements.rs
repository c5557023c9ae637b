//! A row a programme: when its winners are announced.

use jiff::Timestamp;
use plaudit_chassis::ReadModel;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_proto::intake::v1::IntakeRefused;
use serde::{Deserialize, Serialize};

use super::actor;
use crate::intake::AnnounceAtMoment;
use crate::pot::PotEvent;

/// Every programme's announcement.
pub struct Announcements;

/// One programme's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnouncementRow {
    /// Whose.
    pub programme: ProgrammeId,
    /// When the next is to be made by itself.
    pub scheduled_for: Option<Timestamp>,
    /// Who said so.
    pub scheduled_by: Option<MemberId>,
    /// Why nothing was announced when that moment came: a code.
    pub refused: Option<String>,
    /// When winners were announced first.
    pub announced_at: Option<Timestamp>,
    /// The pot's version.
    pub version: u64,
}

impl ReadModel for Announcements {
    const NAME: &'static str = "announcements";
    const SOURCE: &'static str = "awards";
    type Row = AnnouncementRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let ours = event.envelope.stream.noun() == "pot" || refused(event)?.is_some();
        Ok(ours.then(|| event.envelope.programme.to_string()).into_iter().collect())
    }

    fn apply(
        row: Option<AnnouncementRow>,
        _: &str,
        event: &Recorded,
    ) -> Result<Option<AnnouncementRow>, Unfoldable> {
        let mut row = row.unwrap_or(AnnouncementRow {
            programme: event.envelope.programme,
            scheduled_for: None,
            scheduled_by: None,
            refused: None,
            announced_at: None,
            version: 0,
        });
        if let Some(code) = refused(event)? {
            row.refused = Some(code);
            return Ok(Some(row));
        }
        let Some(happened) = event.is::<PotEvent>()? else { return Ok(Some(row)) };
        row.version = event.envelope.version;
        match happened {
            PotEvent::AnnouncementScheduled(scheduled) => {
                row.scheduled_for = Some(from_proto(&scheduled.at));
                row.scheduled_by = actor(event);
                row.refused = None;
            }
            PotEvent::AnnouncementUnscheduled(_) => row = no_moment(row),
            PotEvent::WinnersAnnounced(_) => {
                row = no_moment(row);
                row.announced_at.get_or_insert(event.envelope.time);
            }
            PotEvent::AmountReserved(_) | PotEvent::AmountReleased(_) => {}
        }
        Ok(Some(row))
    }

    fn index(row: &AnnouncementRow) -> Index {
        Index { programme: row.programme.0, owner: None, sort: String::new() }
    }
}

fn no_moment(row: AnnouncementRow) -> AnnouncementRow {
    AnnouncementRow { scheduled_for: None, scheduled_by: None, refused: None, ..row }
}

/// Why the timer announced nothing, if an event says that.
fn refused(event: &Recorded) -> Result<Option<String>, Unfoldable> {
    if event.envelope.actor != AnnounceAtMoment::ACTOR {
        return Ok(None);
    }
    let refused: Option<IntakeRefused> = event.message("plaudit.intake.v1.IntakeRefused")?;
    Ok(refused.map(|refused| refused.code))
}
