//! Files that nobody needs any more go: with a pitch that is forgotten at
//! once, otherwise soon.

use std::time::Duration;

use jiff::SignedDuration;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{PitchId, ProgrammeId, StreamId};
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::vault::VaultEvent;
use plaudit_chassis::{Decision, Problem, ProcessManager, Reaction, Scope, Service};
use plaudit_proto::v1::Subject;

use super::Objects;
use super::objects::{of_attachment, of_pitch};
use super::table::query;

/// Follows the pitches that the vault forgets.
pub struct ForgetAttachments(pub Objects);

impl ProcessManager for ForgetAttachments {
    const NAME: &'static str = "forget_attachments";
    const SOURCE: &'static str = "submissions";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let Some(VaultEvent::OpeningsForgotten(forgotten)) = event.is::<VaultEvent>()? else {
            return Ok(Vec::new());
        };
        if forgotten.subject() != Subject::Pitch {
            return Ok(Vec::new());
        }
        let pitch = forgotten.id.parse()?;
        Ok(vec![Reaction::Do(Box::new(Discard { objects: self.0.clone(), pitch }))])
    }
}

/// Deletes all files of a pitch. It writes no event; to do so again changes
/// nothing.
struct Discard {
    objects: Objects,
    pitch: PitchId,
}

impl Decision for Discard {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        self.objects.clear(&of_pitch(programme, self.pitch)).await?;
        query(scope.store(), "delete from attachments where pitch = $1", &[&self.pitch.0]).await?;
        Ok(self.pitch.stream())
    }
}

/// How often it is looked for what nobody needs.
const OFTEN: Duration = Duration::from_secs(30);
/// How long an upload may rest.
const RESTS: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Taken off before any submission named it; begun long ago and never
/// completed; or of a draft that is gone and never became a pitch.
const NOT_NEEDED: &str = "select id, programme, pitch from attachments a \
     where a.removed and not a.sealed or not a.complete and a.started_ms < $1 \
     or not exists (select from drafts d where d.id = a.pitch and not d.deleted) \
        and not exists (select from events e where e.stream = 'pitch/' || a.pitch \
                        and e.type = 'plaudit.submissions.v1.PitchSubmitted') \
     limit 1000";

/// Deletes what nobody needs, again and again.
pub async fn sweep_for_ever(service: Service, objects: Objects) {
    loop {
        tokio::time::sleep(OFTEN).await;
        if let Err(problem) = sweep(&service, &objects).await {
            tracing::warn!(%problem, "attachments that nobody needs can't be deleted yet");
        }
    }
}

async fn sweep(service: &Service, objects: &Objects) -> Result<(), Problem> {
    let store = service.store();
    let begun = store.clock().now().checked_sub(RESTS).unwrap_or_default().as_millisecond();
    for row in query(store, NOT_NEEDED, &[&begun]).await? {
        let (id, programme, pitch) = (row.get(0), ProgrammeId(row.get(1)), PitchId(row.get(2)));
        objects.clear(&of_attachment(programme, pitch, id)).await?;
        query(store, "delete from attachments where id = $1", &[&id]).await?;
    }
    Ok(())
}
