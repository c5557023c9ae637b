//! What a decision reads: an aggregate at a version.

use std::any::Any;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use cqrs_es::Aggregate;
use sha2::{Digest, Sha256};

use super::{Store, StoreError};
use crate::event::{Event, Recorded};
use crate::id::{ProgrammeId, StreamId};

/// An aggregate as it stood at a version of its stream; version 0 is a stream
/// that has no event yet.
#[derive(Clone, Debug)]
pub struct Loaded<A> {
    /// Folded from the stream's events.
    pub state: Arc<A>,
    /// The stream's version then.
    pub version: u64,
}

/// The last folded state of streams, so that most commands read nothing. It
/// may be behind: the append finds out, and the command decides again on what
/// is read then.
#[derive(Default)]
pub(super) struct Cache {
    streams: Mutex<HashMap<StreamId, Folded>>,
}

/// A version, and an aggregate of any type as it stood then.
type Folded = (u64, Arc<dyn Any + Send + Sync>);

/// How many streams are kept. When there are more, half of them go.
const KEPT: usize = 16_384;

impl Cache {
    fn get<A: Any + Send + Sync>(&self, stream: &StreamId) -> Option<Loaded<A>> {
        let streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, state) = streams.get(stream)?;
        let state = Arc::clone(state).downcast::<A>().ok()?;
        Some(Loaded { state, version: *version })
    }

    fn put<A: Any + Send + Sync>(&self, stream: &StreamId, loaded: &Loaded<A>) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if streams.len() >= KEPT {
            let mut keep = false;
            streams.retain(|_, _| {
                keep = !keep;
                keep
            });
        }
        let newer = streams.get(stream).is_none_or(|(version, _)| *version <= loaded.version);
        if newer {
            let state: Arc<dyn Any + Send + Sync> = loaded.state.clone();
            streams.insert(stream.clone(), (loaded.version, state));
        }
    }

    pub(super) fn clear(&self) {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn forget(&self, stream: &StreamId) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        streams.remove(stream);
    }
}

/// What a service held for a programme up to a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// How many streams.
    pub streams: u32,
    /// SHA-256 over `<stream> <last version>`, sorted, a line each.
    pub digest: [u8; 32],
}

const STREAMS: &str = "select e.position, e.bytes from unnest($1::text[], $2::bigint[]) known(stream, version) \
     join events e on e.stream = known.stream and e.version > known.version order by e.position";
const RANGE: &str = "select position, bytes from events where position > $1 order by position limit $2";
const OF_PROGRAMME: &str = "select position, bytes from events \
     where programme = $1 and position > $2 order by position limit $3";
const HOLDINGS: &str = "select stream, max(version) from events \
     where programme = $1 and position <= $2 group by stream order by stream collate \"C\"";
const STREAMS_OF: &str = "select stream from events \
     where programme = $1 and starts_with(stream, $2) and version = 1 order by position";

impl Store {
    /// The aggregate as this process last saw it, or as it is stored.
    pub async fn load<A>(&self, stream: &StreamId) -> Result<Loaded<A>, StoreError>
    where
        A: Aggregate + Clone + 'static,
        A::Event: Event,
    {
        if let Some(loaded) = self.inner.cache.get::<A>(stream) {
            return Ok(loaded);
        }
        self.reload(stream).await
    }

    /// The aggregate as it is stored: what was cached, and the events since.
    pub async fn reload<A>(&self, stream: &StreamId) -> Result<Loaded<A>, StoreError>
    where
        A: Aggregate + Clone + 'static,
        A::Event: Event,
    {
        let cached = self.inner.cache.get::<A>(stream);
        let (mut state, from) = match cached {
            Some(loaded) => (loaded.state, loaded.version),
            None => (Arc::new(A::default()), 0),
        };
        let events = self.read_stream(stream, from).await?;
        let version = from + events.len() as u64;
        if !events.is_empty() {
            let folded = Arc::make_mut(&mut state);
            for event in &events {
                fold(folded, event)?;
            }
        }
        let loaded = Loaded { state, version };
        self.inner.cache.put(stream, &loaded);
        Ok(loaded)
    }

    /// Many aggregates as they are stored, in one round trip: what was cached,
    /// and the events since.
    pub async fn load_many<A>(&self, streams: &[StreamId]) -> Result<HashMap<StreamId, Loaded<A>>, StoreError>
    where
        A: Aggregate + Clone + 'static,
        A::Event: Event,
    {
        let cached = streams.iter().map(|stream| {
            let nothing = || Loaded { state: Arc::new(A::default()), version: 0 };
            (stream.clone(), self.inner.cache.get::<A>(stream).unwrap_or_else(nothing))
        });
        let mut loaded: HashMap<StreamId, Loaded<A>> = cached.collect();
        let (names, versions): (Vec<&str>, Vec<i64>) =
            loaded.iter().map(|(stream, loaded)| (stream.as_str(), loaded.version as i64)).unzip();
        let client = self.inner.pool.get().await?;
        let statement = client.prepare_cached(STREAMS).await?;
        let rows = client.query(&statement, &[&names, &versions]).await?;
        let mut news = HashSet::new();
        for row in &rows {
            let event = read(row.get(0), row.get(1))?;
            if let Some(loaded) = loaded.get_mut(&event.envelope.stream) {
                fold(Arc::make_mut(&mut loaded.state), &event)?;
                loaded.version = event.envelope.version;
                news.insert(event.envelope.stream);
            }
        }
        for stream in &news {
            if let Some(loaded) = loaded.get(stream) {
                self.inner.cache.put(stream, loaded);
            }
        }
        Ok(loaded)
    }

    /// A stream's events after a version, in order.
    pub async fn read_stream(&self, stream: &StreamId, after: u64) -> Result<Vec<Recorded>, StoreError> {
        self.inner.reads.after(stream, after).await
    }

    /// The service's events after a position, in order, at most so many.
    pub async fn read_after(&self, position: u64, most: u32) -> Result<Vec<Recorded>, StoreError> {
        let client = self.inner.pool.get().await?;
        let statement = client.prepare_cached(RANGE).await?;
        let rows = client.query(&statement, &[&(position as i64), &i64::from(most)]).await?;
        rows.iter().map(|row| read(row.get(0), row.get(1))).collect()
    }

    /// A programme's events after a position, in order, at most so many.
    pub async fn of_programme(
        &self,
        programme: ProgrammeId,
        position: u64,
        most: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        let client = self.inner.pool.get().await?;
        let statement = client.prepare_cached(OF_PROGRAMME).await?;
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let rows = client.query(&statement, &[&programme.0, &position, &i64::from(most)]).await?;
        rows.iter().map(|row| read(row.get(0), row.get(1))).collect()
    }

    /// Count and digest of all that this service holds for a programme, up to
    /// and including a position.
    pub async fn holdings(&self, programme: ProgrammeId, as_of: u64) -> Result<Holdings, StoreError> {
        let client = self.inner.pool.get().await?;
        let statement = client.prepare_cached(HOLDINGS).await?;
        let rows = client.query(&statement, &[&programme.0, &(as_of as i64)]).await?;
        let mut hash = Sha256::new();
        for row in &rows {
            let (stream, version): (&str, i64) = (row.get(0), row.get(1));
            hash.update(format!("{stream} {version}\n"));
        }
        Ok(Holdings { streams: rows.len() as u32, digest: hash.finalize().into() })
    }

    /// The streams of a noun in a programme, in the order in which they began. A command that
    /// relies on the list being whole must first have closed the door.
    pub async fn streams_of(&self, programme: ProgrammeId, noun: &str) -> Result<Vec<StreamId>, StoreError> {
        let client = self.inner.pool.get().await?;
        let statement = client.prepare_cached(STREAMS_OF).await?;
        let rows = client.query(&statement, &[&programme.0, &format!("{noun}/")]).await?;
        rows.iter()
            .map(|row| StreamId::try_from(row.get::<_, String>(0)))
            .map(|stream| stream.map_err(|error| StoreError::Unreadable(error.to_string())))
            .collect()
    }

    /// How many openings the vault has of a subject.
    pub(crate) async fn openings_of(&self, subject: &crate::vault::Subject) -> Result<u32, StoreError> {
        let client = self.inner.pool.get().await?;
        let query = "select count(*) from openings where subject = $1";
        let count: i64 = client.query_one(query, &[&subject.name()]).await?.get(0);
        Ok(count as u32)
    }

    /// Remembers what a command made of a stream.
    pub(crate) fn remember<A: Any + Send + Sync>(&self, stream: &StreamId, loaded: &Loaded<A>) {
        self.inner.cache.put(stream, loaded);
    }

    /// Drops what is remembered of a stream.
    pub(crate) fn forget_cached(&self, stream: &StreamId) {
        self.inner.cache.forget(stream);
    }
}

pub(super) fn read(position: i64, bytes: Vec<u8>) -> Result<Recorded, StoreError> {
    Recorded::read(position as u64, Bytes::from(bytes))
        .map_err(|error| StoreError::Unreadable(format!("position {position}: {error}")))
}

fn fold<A>(state: &mut A, event: &Recorded) -> Result<(), StoreError>
where
    A: Aggregate,
    A::Event: Event,
{
    let event = A::Event::parse(&event.envelope.type_name, &event.envelope.data)
        .map_err(|error| StoreError::Unreadable(format!("{}: {error}", event.place())))?;
    state.apply(event);
    Ok(())
}
