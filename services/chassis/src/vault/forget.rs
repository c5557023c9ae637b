//! Forgetting: openings are deleted with an event that says so, then their
//! subject's key. And what a restored backup no longer has is said too.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use plaudit_proto::intake::v1::{ForgottenBecause, OpeningForgotten, OpeningsForgotten, OpeningsLost};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Commitment, Subject};
use crate::deciding::Deciding;
use crate::event::{Event as _, NotOurs};
use crate::id::{ProgrammeId, StreamId};
use crate::problem::{Never, Problem};
use crate::scope::{Actor, Ask, Decision, Scope};
use crate::service::Service;
use crate::store::StoreError;

crate::events! {
    /// What a vault says.
    pub enum VaultEvent {
        "plaudit.intake.v1" { OpeningForgotten, OpeningsForgotten, OpeningsLost }
    }
}

/// What an event deletes from the vault, in the append that writes it: nobody
/// can say that something was forgotten without forgetting it, or forget
/// without saying so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forgetting {
    /// All of a subject, by its name.
    Subject(String),
    /// One opening. Its subject's key stays for the others, so a backup keeps
    /// it readable until the backup itself expires; one that is restored
    /// forgets it again.
    Opening(Commitment),
}

impl Forgetting {
    /// What an event of this type deletes, on whichever stream it lies.
    pub(crate) fn by(type_name: &str, data: &RawValue) -> Result<Option<Self>, serde_json::Error> {
        match VaultEvent::parse(type_name, data) {
            Ok(VaultEvent::OpeningForgotten(forgotten)) => Ok(Some(Self::Opening(forgotten.commitment))),
            Ok(VaultEvent::OpeningsForgotten(forgotten)) => {
                let subject = Subject { kind: forgotten.subject(), id: crate::facts::id(&forgotten.id) };
                Ok(Some(Self::Subject(subject.name())))
            }
            Ok(VaultEvent::OpeningsLost(_)) | Err(NotOurs::Unknown(_)) => Ok(None),
            Err(NotOurs::Unreadable(error)) => Err(error),
        }
    }

    /// The subject, if it is all of one.
    pub(crate) fn subject(&self) -> Option<&str> {
        match self {
            Self::Subject(subject) => Some(subject),
            Self::Opening(_) => None,
        }
    }

    /// The commitment, if it is one opening.
    pub(crate) fn commitment(&self) -> Option<&[u8]> {
        match self {
            Self::Subject(_) => None,
            Self::Opening(commitment) => Some(commitment),
        }
    }
}

/// What a vault has forgotten or lost of one subject or programme.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Forgotten;

/// Forgetting is never refused here: who may ask is decided before.
impl Aggregate for Forgotten {
    const TYPE: &'static str = "vault";
    type Command = VaultEvent;
    type Event = VaultEvent;
    type Error = Never;
    type Services = Deciding;

    async fn handle(&mut self, event: VaultEvent, _: &Deciding, sink: &EventSink<Self>) -> Result<(), Never> {
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, _: VaultEvent) {}
}

/// Forgets everything that is kept of a subject. Its key goes after the append;
/// if that is interrupted in between, the next start deletes it.
pub struct Forget {
    /// Whose.
    pub subject: Subject,
    /// Why.
    pub because: ForgottenBecause,
}

impl Decision for Forget {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let openings = scope.store().openings_of(&self.subject).await?;
        let stream = StreamId::new("vault", self.subject.id);
        let event = OpeningsForgotten {
            subject: self.subject.kind.into(),
            id: self.subject.id.to_string(),
            openings,
            because: self.because.into(),
        };
        scope.handle::<Forgotten>(&stream, event.into()).await?;
        Ok(stream)
    }
}

/// Whether everything that was kept of a subject has been forgotten here.
pub async fn is_forgotten(scope: &mut Scope, subject: impl Into<Subject>) -> Result<bool, Problem> {
    let stream = StreamId::new("vault", subject.into().id);
    Ok(scope.load::<Forgotten>(&stream).await?.version > 0)
}

/// Says that a restored backup lacks openings.
struct SayLost {
    programme: ProgrammeId,
    commitments: Vec<Vec<u8>>,
}

impl Decision for SayLost {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let mut hash = Sha256::new();
        for commitment in &self.commitments {
            for byte in commitment {
                hash.update(format!("{byte:02x}"));
            }
            hash.update("\n");
        }
        let stream = StreamId::new("vault", self.programme.0);
        let event = OpeningsLost {
            openings: self.commitments.len() as u32,
            digest: bytes::Bytes::copy_from_slice(&hash.finalize()),
        };
        scope.handle::<Forgotten>(&stream, event.into()).await?;
        Ok(stream)
    }
}

impl Service {
    /// Says what a restored backup has lost, if anything.
    pub(crate) async fn say_what_is_lost(&self) -> Result<(), Problem> {
        let client = self.pool().get().await.map_err(StoreError::from)?;
        let rows = client
            .query("select programme, commitment from openings_lost order by programme, commitment", &[])
            .await
            .map_err(StoreError::from)?;
        let mut programmes: Vec<(ProgrammeId, Vec<Vec<u8>>)> = Vec::new();
        for row in &rows {
            let (programme, commitment) = (ProgrammeId(row.get::<_, Uuid>(0)), row.get(1));
            match programmes.last_mut() {
                Some((last, commitments)) if *last == programme => commitments.push(commitment),
                _ => programmes.push((programme, vec![commitment])),
            }
        }
        for (programme, commitments) in programmes {
            let first = commitments.first().cloned().unwrap_or_default();
            let ask = Ask {
                command: self.command_of(&[b"lost", programme.0.as_bytes(), &first]),
                mac: None,
                programme,
                actor: Actor::Process("restore"),
                on_behalf: None,
                received_at: self.clock().now(),
                if_match: None,
                cause: None,
            };
            let said = SayLost { programme, commitments };
            self.run(&ask, &said).await?;
            client
                .execute("delete from openings_lost where commitment = any($1)", &[&said.commitments])
                .await
                .map_err(StoreError::from)?;
        }
        Ok(())
    }
}
