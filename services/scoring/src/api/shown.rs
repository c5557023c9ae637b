//! Scorecards as they are shown: what stands in the log, and from the vault
//! what the reader may see of what is sealed.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use plaudit_chassis::id::{JudgeId, PitchId, ScorecardId};
use plaudit_chassis::vault::{Commitment, Shown};
use plaudit_chassis::{Problem, Service};
use plaudit_proto::v1::Reason;
use serde::Serialize;

use crate::scorecard::{Scorecard, Sheet, Standing};

/// A scorecard, with what the reader may see of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ScorecardShown {
    /// Which.
    scorecard: ScorecardId,
    /// On which pitch.
    pitch: PitchId,
    /// From which judge's seat.
    judge: JudgeId,
    /// How it stands.
    status: Standing,
    /// How often it was handed in.
    sealing: u32,
    /// Its version: send it as `If-Match` to change just this.
    version: u64,
    /// Why it is abstained, released or set aside.
    reason: Option<String>,
    /// Whether it is the reader's own.
    own: bool,
    /// The mark of each criterion.
    marks: Option<BTreeMap<String, String>>,
    /// What the judge wrote for the panel.
    comment_to_panel: Option<String>,
    /// What the judge wrote for the entrant.
    comment_to_entrant: Option<String>,
    /// Why other words are asked for, to the judge and to organisers: until
    /// there are, the entrant sees none.
    comment_returned: Option<String>,
    /// More words on an abstention.
    words: Option<String>,
}

impl ScorecardShown {
    /// Whether the reader finds a comment in it.
    pub fn says_something(&self) -> bool {
        self.comment_to_panel.is_some() || self.comment_to_entrant.is_some()
    }
}

/// What a reader sees of what is sealed in a scorecard. Others' only as far as
/// it counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sight {
    pub own: bool,
    pub marks: bool,
    pub comment_to_panel: bool,
    pub comment_to_entrant: bool,
    /// One that was returned, too.
    pub returned: bool,
}

/// The commitments of a scorecard that a reader may see opened; empty ones are
/// not for them, or not there.
#[derive(Default)]
struct Seen {
    marks: Commitment,
    comment_to_panel: Commitment,
    comment_to_entrant: Commitment,
    words: Commitment,
}

impl Seen {
    fn new(sight: Sight, card: &Scorecard) -> Self {
        let pick = |seen: bool, commitment: &Commitment| {
            if sight.own || seen && card.counts() { commitment.clone() } else { Bytes::new() }
        };
        Self {
            marks: pick(sight.marks, &card.marks),
            comment_to_panel: pick(sight.comment_to_panel, &card.comment_to_panel),
            comment_to_entrant: pick(
                sight.comment_to_entrant && (sight.returned || card.returned == 0),
                &card.comment_to_entrant,
            ),
            words: pick(false, &card.words),
        }
    }

    fn all(&self) -> [Commitment; 4] {
        [&self.marks, &self.comment_to_panel, &self.comment_to_entrant, &self.words].map(Commitment::clone)
    }
}

/// Shows scorecards, in two round trips however many they are.
pub(super) async fn show(
    service: &Service,
    wanted: Vec<(ScorecardId, Sight)>,
) -> Result<Vec<ScorecardShown>, Problem> {
    let streams: Vec<_> = wanted.iter().map(|(id, _)| id.stream()).collect();
    let cards = service.store().load_many::<Scorecard>(&streams).await?;
    let wanted = wanted.into_iter().filter_map(|(id, sight)| {
        let card = cards.get(&id.stream())?;
        Some((id, sight, card, Seen::new(sight, &card.state)))
    });
    let wanted: Vec<_> = wanted.collect();
    let commitments: Vec<Commitment> = wanted.iter().flat_map(|(.., seen)| seen.all()).collect();
    let opened = service.vault().show(&commitments).await?;
    let shown = wanted.into_iter().map(|(id, sight, card, seen)| {
        let marks = opened.get(&seen.marks).map(|marks| Sheet::read(&marks.content)).transpose();
        Ok(ScorecardShown {
            scorecard: id,
            pitch: card.state.place.pitch,
            judge: card.state.place.judge,
            status: card.state.standing,
            sealing: card.state.sealing,
            version: card.version,
            reason: reason(card.state.reason),
            own: sight.own,
            marks: marks.map_err(Problem::internal)?.map(|sheet| sheet.shown()),
            comment_to_panel: text(&opened, &seen.comment_to_panel),
            comment_to_entrant: text(&opened, &seen.comment_to_entrant),
            comment_returned: reason(card.state.returned).filter(|_| sight.own || sight.returned),
            words: text(&opened, &seen.words),
        })
    });
    shown.collect()
}

fn text(opened: &HashMap<Commitment, Shown>, commitment: &Commitment) -> Option<String> {
    opened.get(commitment).map(Shown::text)
}

/// `REASON_ABSENT` as `absent`.
fn reason(reason: i32) -> Option<String> {
    let reason = Reason::try_from(reason).ok().filter(|reason| *reason != Reason::Unspecified)?;
    let name = reason.as_str_name();
    Some(name.strip_prefix("REASON_").unwrap_or(name).to_lowercase())
}
