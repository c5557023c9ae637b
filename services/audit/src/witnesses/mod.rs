//! Witnesses: every checkpoint is sent to those whom the installation has
//! named, beside everything else, and what they cosign is kept under it. None
//! holds anything up: a witness that is away is asked again later, about the
//! newest checkpoint then.

mod ask;
mod due;
mod policy;

use std::collections::HashMap;
use std::sync::Arc;

use plaudit_chassis::Service;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::store::StoreError;
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::tile::TileHashes;
use plaudit_verifier::log::tree::{Hash, consistency_proof};
use plaudit_verifier::log::witness_request::AddCheckpoint;
use tokio::task::JoinSet;

pub use due::News;
pub use policy::{WitnessPolicy, WitnessPolicyError};

use crate::ledger::Ledger;
use crate::log::{LogError, read_tile};
use crate::{Trail, access};
use ask::{AskError, ask};
use due::Again;
use policy::Asked;

/// How often a witness may correct the size it is said to have cosigned.
const CORRECTIONS: usize = 3;

/// Runs for ever.
pub async fn run(service: Service, trail: Arc<Trail>) {
    let mut asking = JoinSet::new();
    let witnesses = trail.settings.witnesses.asked();
    let http = ask::client(witnesses);
    for (place, witness) in witnesses.iter().enumerate() {
        let client = Client { http: http.clone(), place, witness: witness.clone(), known: HashMap::new() };
        asking.spawn(client.keep_asking(service.clone(), trail.clone()));
    }
    while asking.join_next().await.is_some() {}
    std::future::pending().await
}

/// Why a witness has not cosigned a log.
#[derive(Debug, thiserror::Error)]
enum NotYet {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("{0}")]
    Ask(#[from] AskError),
    /// The programme's rules aren't public, nor is its log.
    #[error("the log isn't public yet")]
    Private,
    /// It says that it has cosigned more than there is.
    #[error("it has cosigned {cosigned} leaves of a log that has {size}: somebody signs with this log's key")]
    Ahead { cosigned: u64, size: u64 },
    /// It says that it has cosigned another tree of this size.
    #[error("it has cosigned another tree of {size} leaves: somebody signs with this log's key")]
    Fork { size: u64 },
}

impl From<StoreError> for NotYet {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

/// Who asks one witness.
struct Client {
    http: ask::Client,
    /// The witness's, in the policy.
    place: usize,
    witness: Asked,
    /// How many leaves it has cosigned of a log of a generation. It corrects
    /// what isn't right.
    known: HashMap<(ProgrammeId, i32), u64>,
}

impl Client {
    async fn keep_asking(mut self, service: Service, trail: Arc<Trail>) {
        let mut again = Again::default();
        let ledger = Ledger::new(service.pool().clone());
        loop {
            let (due, is_new) = tokio::select! {
                due = trail.news[self.place].next() => (due, true),
                due = again.next() => (due, false),
            };
            for programme in due {
                if is_new {
                    again.done(programme);
                }
                let brought = self.bring(&service, &trail, &ledger, programme).await;
                trail.news[self.place].is_away(matches!(brought, Err(NotYet::Ask(_))));
                match brought {
                    Ok(()) => again.done(programme),
                    Err(error) => {
                        self.report(programme, &error);
                        again.later(programme);
                    }
                }
            }
        }
    }

    fn report(&self, programme: ProgrammeId, error: &NotYet) {
        let witness = &self.witness.name;
        match error {
            NotYet::Private => {}
            NotYet::Ahead { .. } | NotYet::Fork { .. } => {
                tracing::error!(witness, %programme, %error, "a witness contradicts this log");
            }
            error => tracing::warn!(witness, %programme, %error, "a witness has not cosigned yet"),
        }
    }

    /// Has the newest checkpoint cosigned, unless it is.
    async fn bring(
        &mut self,
        service: &Service,
        trail: &Arc<Trail>,
        ledger: &Ledger,
        programme: ProgrammeId,
    ) -> Result<(), NotYet> {
        // Nobody hears of a programme before its rules are public.
        if !access::is_public(service, programme).await? {
            return Err(NotYet::Private);
        }
        let (Some(row), Some((size, text))) =
            (ledger.log(programme).await?, ledger.checkpoint(programme).await?)
        else {
            return Ok(());
        };
        let note = Note::parse(text.as_bytes()).map_err(AskError::from)?;
        if note.signatures().iter().any(|line| self.witness.key.is_named_by(line)) {
            return Ok(());
        }
        let known = self.known.entry((programme, row.generation)).or_default();
        for _ in 0..CORRECTIONS {
            let old = *known;
            if old > size {
                // It may be right about what isn't known here, and is asked anew.
                *known = 0;
                return Err(NotYet::Ahead { cosigned: old, size });
            }
            let proof = prove(trail, programme, row.generation, old, size).await?;
            let request = AddCheckpoint::new(old, proof, note.clone());
            let request = request.map_err(|error| LogError::Format(error.to_string()))?;
            match ask(&self.http, &self.witness, &request).await {
                Ok(line) => {
                    ledger.cosign(programme, size, note.text(), &line).await?;
                    *known = size;
                    return Ok(());
                }
                Err(AskError::OldSize { size: cosigned }) if cosigned != old => *known = cosigned,
                Err(AskError::OldSize { size }) => return Err(NotYet::Fork { size }),
                Err(error) => return Err(error.into()),
            }
        }
        Err(AskError::OldSize { size: *known }.into())
    }
}

/// That the tree of `old` leaves is the beginning of that of `size`, from the
/// tiles on the shelf.
async fn prove(
    trail: &Arc<Trail>,
    programme: ProgrammeId,
    generation: i32,
    old: u64,
    size: u64,
) -> Result<Vec<Hash>, LogError> {
    let trail = trail.clone();
    let proved = tokio::task::spawn_blocking(move || {
        let hashes =
            TileHashes::new(size, |tile| read_tile(&trail, programme, generation, tile).ok().flatten());
        consistency_proof(&hashes, old, size).map_err(|error| LogError::Format(error.to_string()))
    });
    proved.await.map_err(|error| LogError::Format(error.to_string()))?
}
