//! The list of files that a submission seals.

use jiff::Timestamp;
use plaudit_chassis::Problem;
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::store::Store;
use plaudit_chassis::vault::Opening;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::table::{COLUMNS, query, read_all};
use super::{Attachment, Kind};

/// A file as a submission names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listed {
    pub id: Uuid,
    /// In an anonymous round only its place in the list.
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// In bytes.
    pub size: u64,
    /// In hexadecimal.
    pub sha256: String,
}

impl Listed {
    /// As whoever must not know whose it is sees it: names tell.
    pub fn anonymous(self, place: usize) -> Self {
        Self { name: self.kind.named(&format!("attachment {place}")), ..self }
    }

    fn of(attachment: Attachment) -> Option<Self> {
        let Attachment { id, size, about, .. } = attachment;
        Some(Self { id, name: about.name, kind: about.kind?, size, sha256: about.sha256? })
    }
}

/// The files that a team has at the moment of a submission.
#[derive(Clone, Debug, Default)]
pub struct Sealing {
    pub count: usize,
    /// Of the list of them; absent: there are none.
    pub opening: Option<Opening>,
}

impl Sealing {
    /// Those that were complete by this instant, or all. Marks them as named by
    /// a submission, so that their bytes stay from now on. To do so again, or
    /// for one that is refused afterwards, does no harm.
    pub async fn of(
        store: &Store,
        programme: ProgrammeId,
        pitch: PitchId,
        by: Option<Timestamp>,
    ) -> Result<Self, Problem> {
        let sql = format!(
            "with named as (update attachments set sealed = true \
             where pitch = $1 and programme = $2 and complete and not removed \
             and ($3::bigint is null or completed_ms <= $3) returning {COLUMNS}, started_ms) \
             select {COLUMNS} from named order by started_ms, id"
        );
        let by = by.map(Timestamp::as_millisecond);
        let rows = query(store, &sql, &[&pitch.0, &programme.0, &by]).await?;
        let attachments = read_all(store, &rows).await?;
        let list: Vec<Listed> = attachments.into_iter().filter_map(Listed::of).collect();
        if list.is_empty() {
            return Ok(Self::default());
        }
        let content = serde_json::to_vec(&list).map_err(Problem::internal)?;
        let opening = Opening::seal(&pitch.stream(), "PitchSubmitted.attachments", pitch, content);
        Ok(Self { count: list.len(), opening: Some(opening) })
    }
}
