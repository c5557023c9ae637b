//! The vault: the openings of a service's seals, encrypted at rest for their
//! subjects. The subjects' keys lie in a database of their own, whose backups
//! are kept for a shorter time: without its key an opening in an old backup
//! stays closed.

mod forget;
mod lock;
mod private;
mod seal;

pub use forget::{Forget, Forgetting, VaultEvent, is_forgotten};
pub use seal::{Broken, Commitment, Opening, Shown, Subject, commit, mac, opens};
pub(crate) use seal::{decrypt, encrypt};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Pool;

use crate::event::Recorded;
use crate::problem::Problem;
use crate::store::{Resting, StoreError};

/// Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    /// Openings: the service's own database.
    openings: Pool,
    /// Subject keys: a store of their own.
    keys: Pool,
    /// Wraps the subjects' keys. From a secret outside PostgreSQL.
    master: [u8; 32],
    known: Mutex<Known>,
}

/// Subjects' keys in memory.
#[derive(Default)]
struct Known {
    keys: HashMap<String, [u8; 32]>,
    /// Counted so that no key comes back that was read just before it went.
    forgettings: u64,
}

/// How many subjects' keys are kept in memory.
const KEPT: usize = 10_000;

const SHOW: &str = "select commitment, subject, resting from openings where commitment = any($1)";

const KEYS: &str = "select subject, wrapped from subject_keys where subject = any($1)";

const MAKE_KEYS: &str = "insert into subject_keys (subject, wrapped) \
     select * from unnest($1::text[], $2::bytea[]) on conflict do nothing";

/// Deletes keys, and leaves no room for new ones.
const FORGET_KEYS: &str = "insert into subject_keys (subject, wrapped) \
     select subject, null from unnest($1::text[]) f(subject) \
     on conflict (subject) do update set wrapped = null";

impl Vault {
    /// A vault on its two databases, both migrated.
    pub fn new(openings: Pool, keys: Pool, master: [u8; 32]) -> Self {
        Self { inner: Arc::new(Inner { openings, keys, master, known: Mutex::default() }) }
    }

    /// Openings ready for the append, each encrypted with its subject's key,
    /// which is made now if there is none.
    pub(crate) async fn rest(&self, openings: &[Opening]) -> Result<Vec<Resting>, Problem> {
        if openings.is_empty() {
            return Ok(Vec::new());
        }
        let subjects: Vec<String> = openings.iter().map(|opening| opening.subject.name()).collect();
        let keys = self.keys(&subjects, true).await?;
        let resting = openings.iter().zip(subjects).map(|(opening, subject)| {
            let key = keys.get(&subject).ok_or_else(forgotten)?;
            Ok(Resting {
                commitment: opening.commitment().to_vec(),
                stream: opening.stream.clone(),
                field: opening.field,
                resting: opening.rest(key).map_err(Problem::internal)?,
                subject,
            })
        });
        resting.collect()
    }

    /// Shows openings by their commitments, in one round trip. Those that were
    /// forgotten are missing. Whether the caller may see them is the caller's
    /// to decide, before.
    pub async fn show(&self, commitments: &[Commitment]) -> Result<HashMap<Commitment, Shown>, Problem> {
        let wanted: Vec<&[u8]> = commitments.iter().filter(|c| !c.is_empty()).map(|c| &c[..]).collect();
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let client = self.inner.openings.get().await.map_err(StoreError::from)?;
        let statement = client.prepare_cached(SHOW).await.map_err(StoreError::from)?;
        let rows = client.query(&statement, &[&wanted]).await.map_err(StoreError::from)?;
        let subjects: Vec<String> = rows.iter().map(|row| row.get(1)).collect();
        let keys = self.keys(&subjects, false).await?;
        let mut shown = HashMap::with_capacity(rows.len());
        for (row, subject) in rows.iter().zip(&subjects) {
            // Forgotten between the two reads: as if it were not there.
            let Some(key) = keys.get(subject) else { continue };
            let commitment: &[u8] = row.get(0);
            let opened = seal::wake(row.get(2), key, commitment).map_err(Problem::internal)?;
            shown.insert(Commitment::copy_from_slice(commitment), opened);
        }
        Ok(shown)
    }

    /// Deletes subjects' keys for ever. Their openings go with the event that
    /// says so; this makes those in backups unreadable.
    pub(crate) async fn forget_keys(&self, subjects: &[String]) -> Result<(), StoreError> {
        if subjects.is_empty() {
            return Ok(());
        }
        let client = self.inner.keys.get().await?;
        client.execute(FORGET_KEYS, &[&subjects]).await?;
        let mut known = self.inner.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.keys.retain(|subject, _| !subjects.contains(subject));
        known.forgettings += 1;
        Ok(())
    }

    /// Applies every forgetting again, before anything is served: a restored
    /// backup may still have what was forgotten since.
    pub(crate) async fn forget_again(&self) -> Result<(), StoreError> {
        let client = self.inner.openings.get().await?;
        let rows = client
            .query(
                "select position, bytes from events \
                 where type in ('plaudit.intake.v1.OpeningsForgotten', 'plaudit.intake.v1.OpeningForgotten') \
                 order by position",
                &[],
            )
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let (mut subjects, mut commitments) = (Vec::new(), Vec::new());
        for row in &rows {
            match forgetting(row.get::<_, i64>(0) as u64, row.get(1))? {
                Forgetting::Subject(subject) => subjects.push(subject),
                Forgetting::Opening(commitment) => commitments.push(commitment.to_vec()),
            }
        }
        client.execute("delete from openings where subject = any($1)", &[&subjects]).await?;
        client.execute("delete from openings where commitment = any($1)", &[&commitments]).await?;
        // What was forgotten on purpose is not lost.
        client.execute("delete from openings_lost where commitment = any($1)", &[&commitments]).await?;
        let keys = self.inner.keys.get().await?;
        keys.execute(FORGET_KEYS, &[&subjects]).await?;
        Ok(())
    }

    async fn keys(&self, subjects: &[String], make: bool) -> Result<HashMap<String, [u8; 32]>, StoreError> {
        let mut found = HashMap::new();
        let mut missing: Vec<&str> = Vec::new();
        let forgettings = {
            let known = self.inner.known.lock().unwrap_or_else(PoisonError::into_inner);
            for subject in subjects {
                match known.keys.get(subject) {
                    Some(key) => drop(found.insert(subject.clone(), *key)),
                    None => missing.push(subject),
                }
            }
            known.forgettings
        };
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(found);
        }
        let stored = self.stored_keys(&missing, make).await?;
        let mut known = self.inner.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.keys.len() + stored.len() > KEPT {
            known.keys.clear();
        }
        if known.forgettings == forgettings {
            known.keys.extend(stored.iter().map(|(subject, key)| (subject.clone(), *key)));
        }
        found.extend(stored);
        Ok(found)
    }

    /// Reads keys, after making those that are missing where `make` says so.
    async fn stored_keys(
        &self,
        subjects: &[&str],
        make: bool,
    ) -> Result<Vec<(String, [u8; 32])>, StoreError> {
        let client = self.inner.keys.get().await?;
        if make {
            let fresh: Result<Vec<Vec<u8>>, Broken> = subjects.iter().map(|s| self.wrap(s)).collect();
            let fresh = fresh.map_err(|error| StoreError::Unreadable(error.to_string()))?;
            let statement = client.prepare_cached(MAKE_KEYS).await?;
            client.execute(&statement, &[&subjects, &fresh]).await?;
        }
        let statement = client.prepare_cached(KEYS).await?;
        let rows = client.query(&statement, &[&subjects]).await?;
        let keys = rows.iter().filter_map(|row| {
            let subject: String = row.get(0);
            let wrapped: Option<&[u8]> = row.get(1);
            let key =
                self.unwrap(&subject, wrapped?).map_err(|error| StoreError::Unreadable(error.to_string()));
            Some(key.map(|key| (subject, key)))
        });
        keys.collect()
    }

    fn wrap(&self, subject: &str) -> Result<Vec<u8>, Broken> {
        seal::encrypt(&self.inner.master, &rand::random::<[u8; 32]>(), subject.as_bytes())
    }

    fn unwrap(&self, subject: &str, wrapped: &[u8]) -> Result<[u8; 32], Broken> {
        let key = seal::decrypt(&self.inner.master, wrapped, subject.as_bytes())?;
        key.try_into().map_err(|_| Broken)
    }
}

/// Nothing can be encrypted for a subject whose key is gone.
fn forgotten() -> Problem {
    let detail = "Who or what this is about was forgotten: nothing more is kept of it.";
    Problem::conflict("forgotten", detail)
}

/// What a stored event says was forgotten.
fn forgetting(position: u64, bytes: Vec<u8>) -> Result<Forgetting, StoreError> {
    let unreadable = |error: String| StoreError::Unreadable(format!("position {position}: {error}"));
    let event = Recorded::read(position, bytes.into()).map_err(|error| unreadable(error.to_string()))?;
    Forgetting::by(&event.envelope.type_name, &event.envelope.data)
        .map_err(|error| unreadable(error.to_string()))?
        .ok_or_else(|| unreadable("it says another thing".to_owned()))
}
