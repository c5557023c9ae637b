//! The ledger: which event is which leaf, in PostgreSQL, before anything is
//! signed over it.

use std::collections::BTreeMap;
use std::ops::Range;

use deadpool_postgres::{Object, Pool};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::store::StoreError;
use plaudit_verifier::log::note::{Note, NoteError, SignatureLine};
use plaudit_verifier::log::tree::Hash;
use uuid::Uuid;

use crate::SOURCES;

/// A place in a programme's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub programme: ProgrammeId,
    pub index: u64,
    pub service: String,
    pub position: u64,
    pub hash: Hash,
}

/// Where a leaf's event lies at its service; written `service/position`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub service: &'static str,
    pub position: u64,
    pub hash: Hash,
}

impl std::fmt::Display for Placed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.service, self.position)
    }
}

/// A log, as far as it is known without its leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    pub generation: i32,
    /// The last checkpoint of the log before it.
    pub before: Option<String>,
}

/// Where a service's events have come to: position and id of the last.
pub type Taken = BTreeMap<&'static str, (u64, Uuid)>;

/// The ledger's tables. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    pool: Pool,
}

/// `create table <name> (…)`, one after the other.
const TABLES: &str = include_str!("../migrations/V1__log.sql");

const PLACE: &str = "insert into leaves (programme, index, service, position, hash) \
     select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::bytea[])";

const TAKE: &str = "insert into taken (service, position, event) \
     select * from unnest($1::text[], $2::bigint[], $3::uuid[]) \
     on conflict (service) do update set position = excluded.position, event = excluded.event";

const BEGIN_ANEW: &str = "insert into logs (programme, generation, before) values ($1, $2, $3) \
     on conflict (programme) do update set generation = excluded.generation, before = excluded.before";

/// The advisory lock's number: "plaudit" and "logs" in ASCII, folded.
const LOCK: i64 = 0x706c_6175_6c6f_6773;

impl Ledger {
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// The connection of the one copy that gives places; `None` while another
    /// copy does.
    pub async fn be_the_one(&self) -> Result<Option<Object>, StoreError> {
        let client = self.pool.get().await?;
        let got: bool = client.query_one("select pg_try_advisory_lock($1)", &[&LOCK]).await?.get(0);
        Ok(got.then_some(client))
    }

    /// Makes tables again that somebody has dropped: a migration runs once.
    pub async fn make_what_was_dropped(&self) -> Result<(), StoreError> {
        let lines = TABLES.lines().filter(|line| !line.trim_start().starts_with("--"));
        let statements: String = lines.collect::<Vec<_>>().join("\n");
        let client = self.pool.get().await?;
        for statement in statements.split(';') {
            let Some(table) = statement.split_whitespace().nth(2) else { continue };
            if client.query_one("select to_regclass($1) is null", &[&table]).await?.get(0) {
                tracing::error!(table, "a table was dropped and is made again");
                client.batch_execute(statement).await?;
            }
        }
        Ok(())
    }

    /// How far each service has come.
    pub async fn taken(&self, sources: &[&'static str]) -> Result<Taken, StoreError> {
        let client = self.pool.get().await?;
        let rows = client.query("select service, position, event from taken", &[]).await?;
        let known = rows.iter().filter_map(|row| {
            let name: &str = row.get(0);
            let source = sources.iter().find(|source| **source == name)?;
            Some((*source, (row.get::<_, i64>(1) as u64, row.get(2))))
        });
        Ok(known.collect())
    }

    /// Starts at the first event of every service again: what has a place
    /// already keeps it.
    pub async fn take_again(&self) -> Result<(), StoreError> {
        self.pool.get().await?.execute("delete from taken", &[]).await?;
        Ok(())
    }

    /// Gives leaves their places, and notes how far the services have come.
    pub async fn place(&self, leaves: &[Leaf], taken: &Taken) -> Result<(), StoreError> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        insert(&transaction, leaves).await?;
        let services: Vec<&str> = taken.keys().copied().collect();
        let positions: Vec<i64> = taken.values().map(|(position, _)| *position as i64).collect();
        let events: Vec<Uuid> = taken.values().map(|(_, event)| *event).collect();
        let statement = transaction.prepare_cached(TAKE).await?;
        transaction.execute(&statement, &[&services, &positions, &events]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Puts a log back as it was signed: these are its leaves, and no others.
    pub async fn put_back(
        &self,
        programme: ProgrammeId,
        log: &LogRow,
        leaves: &[Leaf],
    ) -> Result<(), StoreError> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        transaction.execute("delete from leaves where programme = $1", &[&programme.0]).await?;
        transaction.execute(BEGIN_ANEW, &[&programme.0, &log.generation, &log.before]).await?;
        insert(&transaction, leaves).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// How many leaves of a log there are before the first that is missing.
    pub async fn unbroken(&self, programme: ProgrammeId) -> Result<u64, StoreError> {
        let client = self.pool.get().await?;
        let query = "select count(*) from \
             (select index, row_number() over (order by index) from leaves where programme = $1) \
             as leaf (index, number) \
             where index = number - 1";
        Ok(client.query_one(query, &[&programme.0]).await?.get::<_, i64>(0) as u64)
    }

    /// Takes places back that nothing was signed over.
    pub async fn take_back(&self, programme: ProgrammeId, from: u64) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        let delete = "delete from leaves where programme = $1 and index >= $2";
        client.execute(delete, &[&programme.0, &(from as i64)]).await?;
        Ok(())
    }

    /// Whether an event that was taken in has no place.
    pub async fn lacks_places(&self) -> Result<bool, StoreError> {
        let client = self.pool.get().await?;
        let query = "select exists (select from taken where position > \
             (select count(*) from leaves \
              where leaves.service = taken.service and leaves.position <= taken.position))";
        Ok(client.query_one(query, &[]).await?.get(0))
    }

    /// The last position of each service that has a place.
    pub async fn last_placed(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let client = self.pool.get().await?;
        let rows = client.query("select service, max(position) from leaves group by service", &[]).await?;
        Ok(rows.iter().map(|row| (row.get(0), row.get::<_, i64>(1) as u64)).collect())
    }

    /// Those of a service's positions that have a place.
    pub async fn placed(&self, service: &str, positions: &[i64]) -> Result<Vec<u64>, StoreError> {
        let client = self.pool.get().await?;
        let query = "select position from leaves where service = $1 and position = any($2)";
        let rows = client.query(query, &[&service, &positions]).await?;
        Ok(rows.iter().map(|row| row.get::<_, i64>(0) as u64).collect())
    }

    /// All logs.
    pub async fn logs(&self) -> Result<Vec<ProgrammeId>, StoreError> {
        let client = self.pool.get().await?;
        let rows = client.query("select programme from logs", &[]).await?;
        Ok(rows.iter().map(|row| ProgrammeId(row.get(0))).collect())
    }

    /// A programme's log, if it has begun.
    pub async fn log(&self, programme: ProgrammeId) -> Result<Option<LogRow>, StoreError> {
        let client = self.pool.get().await?;
        let query = "select generation, before from logs where programme = $1";
        let row = client.query_opt(query, &[&programme.0]).await?;
        Ok(row.map(|row| LogRow { generation: row.get(0), before: row.get(1) }))
    }

    /// Begins a log.
    pub async fn begin(&self, programme: ProgrammeId, log: &LogRow) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        let insert = "insert into logs (programme, generation, before) values ($1, $2, $3)";
        client.execute(insert, &[&programme.0, &log.generation, &log.before]).await?;
        Ok(())
    }

    /// Begins another generation of a log, from its first leaf.
    pub async fn begin_again(&self, programme: ProgrammeId, log: &LogRow) -> Result<(), StoreError> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        for table in
            ["delete from leaves where programme = $1", "delete from signed_checkpoints where programme = $1"]
        {
            transaction.execute(table, &[&programme.0]).await?;
        }
        transaction.execute(BEGIN_ANEW, &[&programme.0, &log.generation, &log.before]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The hashes of a log's leaves, in order.
    pub async fn hashes(&self, programme: ProgrammeId) -> Result<Vec<Hash>, StoreError> {
        let client = self.pool.get().await?;
        let query = "select index, hash from leaves where programme = $1 order by index";
        let rows = client.query(query, &[&programme.0]).await?;
        let hashes = rows.iter().enumerate().map(|(due, row)| {
            let index: i64 = row.get(0);
            let hash = row.get::<_, &[u8]>(1).try_into().ok().filter(|_| index == due as i64);
            hash.ok_or_else(|| {
                StoreError::Unreadable(format!("leaf {due} of programme {programme} is missing"))
            })
        });
        hashes.collect()
    }

    /// Where the events of these leaves lie, in order: all of them.
    pub async fn places(
        &self,
        programme: ProgrammeId,
        leaves: Range<u64>,
    ) -> Result<Vec<Placed>, StoreError> {
        let client = self.pool.get().await?;
        let query = "select service, position, hash from leaves \
             where programme = $1 and index >= $2 and index < $3 order by index";
        let (from, to) = (leaves.start as i64, leaves.end as i64);
        let rows = client.query(query, &[&programme.0, &from, &to]).await?;
        if rows.len() as u64 != leaves.end.saturating_sub(leaves.start) {
            return Err(StoreError::Unreadable(format!("leaves of programme {programme} are missing")));
        }
        let placed = rows.iter().map(|row| {
            let (name, hash): (&str, &[u8]) = (row.get(0), row.get(2));
            let source = SOURCES.into_iter().find(|source| *source == name);
            let (Some(service), Ok(hash)) = (source, hash.try_into()) else {
                return Err(StoreError::Unreadable(format!("a leaf of '{name}'")));
            };
            Ok(Placed { service, position: row.get::<_, i64>(1) as u64, hash })
        });
        placed.collect()
    }

    /// The leaf that an event is.
    pub async fn leaf(&self, service: &str, position: u64) -> Result<Option<(ProgrammeId, u64)>, StoreError> {
        let client = self.pool.get().await?;
        let query = "select programme, index from leaves where service = $1 and position = $2";
        let row = client.query_opt(query, &[&service, &(position as i64)]).await?;
        Ok(row.map(|row| (ProgrammeId(row.get(0)), row.get::<_, i64>(1) as u64)))
    }

    /// The index of a log's last leaf that is an event up to one of these
    /// places; 0 if none is.
    pub async fn last_of(&self, programme: ProgrammeId, places: &[(&str, u64)]) -> Result<u64, StoreError> {
        let (services, positions): (Vec<&str>, Vec<i64>) =
            places.iter().map(|(service, position)| (*service, *position as i64)).unzip();
        let client = self.pool.get().await?;
        let query = "select coalesce(max(index), 0) from leaves \
             join unnest($2::text[], $3::bigint[]) as seen (service, position) \
             on leaves.service = seen.service and leaves.position <= seen.position \
             where programme = $1";
        let row = client.query_one(query, &[&programme.0, &services, &positions]).await?;
        Ok(row.get::<_, i64>(0) as u64)
    }

    /// Keeps a checkpoint. One of the same size is the same and stays, with
    /// its cosignatures: nothing else is ever signed for a size.
    pub async fn keep(&self, programme: ProgrammeId, size: u64, note: &str) -> Result<(), StoreError> {
        let client = self.pool.get().await?;
        let insert = "insert into signed_checkpoints (programme, size, note) values ($1, $2, $3) \
             on conflict (programme, size) do nothing";
        client.execute(insert, &[&programme.0, &(size as i64), &note]).await?;
        Ok(())
    }

    /// Puts a cosignature under a checkpoint with this text; one by the same
    /// key stays as it is.
    pub async fn cosign(
        &self,
        programme: ProgrammeId,
        size: u64,
        text: &str,
        cosignature: &SignatureLine,
    ) -> Result<(), StoreError> {
        let unreadable = |error: NoteError| {
            StoreError::Unreadable(format!("checkpoint {size} of programme {programme}: {error}"))
        };
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        let query = "select note from signed_checkpoints where programme = $1 and size = $2 for update";
        let row = transaction.query_opt(query, &[&programme.0, &(size as i64)]).await?;
        // Another generation may have begun meanwhile.
        let Some(row) = row else { return Ok(()) };
        let mut note = Note::parse(row.get::<_, &str>(0).as_bytes()).map_err(unreadable)?;
        let by_same =
            |line: &SignatureLine| line.name() == cosignature.name() && line.key_id() == cosignature.key_id();
        if note.text() != text || note.signatures().iter().any(by_same) {
            return Ok(());
        }
        note.add(cosignature.clone()).map_err(unreadable)?;
        let update = "update signed_checkpoints set note = $3 where programme = $1 and size = $2";
        transaction.execute(update, &[&programme.0, &(size as i64), &note.to_string()]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The last checkpoint.
    pub async fn checkpoint(&self, programme: ProgrammeId) -> Result<Option<(u64, String)>, StoreError> {
        let client = self.pool.get().await?;
        let query =
            "select size, note from signed_checkpoints where programme = $1 order by size desc limit 1";
        let row = client.query_opt(query, &[&programme.0]).await?;
        Ok(row.map(|row| (row.get::<_, i64>(0) as u64, row.get(1))))
    }

    /// The newest checkpoints of more than so many leaves that somebody has
    /// cosigned, the newest first.
    pub async fn cosigned(
        &self,
        programme: ProgrammeId,
        above: u64,
        most: i64,
    ) -> Result<Vec<(u64, String)>, StoreError> {
        let client = self.pool.get().await?;
        // The log's signature is one line.
        let query = "select size, note from signed_checkpoints where programme = $1 and size > $2 \
             and note like E'%\\n— %\\n— %' order by size desc limit $3";
        let rows = client.query(query, &[&programme.0, &(above as i64), &most]).await?;
        Ok(rows.iter().map(|row| (row.get::<_, i64>(0) as u64, row.get(1))).collect())
    }

    /// All checkpoints up to a size, by rising size.
    pub async fn checkpoints(
        &self,
        programme: ProgrammeId,
        to: u64,
    ) -> Result<Vec<(u64, String)>, StoreError> {
        let client = self.pool.get().await?;
        let query =
            "select size, note from signed_checkpoints where programme = $1 and size <= $2 order by size";
        let rows = client.query(query, &[&programme.0, &(to as i64)]).await?;
        Ok(rows.iter().map(|row| (row.get::<_, i64>(0) as u64, row.get(1))).collect())
    }
}

async fn insert(
    transaction: &deadpool_postgres::Transaction<'_>,
    leaves: &[Leaf],
) -> Result<(), tokio_postgres::Error> {
    let programmes: Vec<Uuid> = leaves.iter().map(|leaf| leaf.programme.0).collect();
    let indexes: Vec<i64> = leaves.iter().map(|leaf| leaf.index as i64).collect();
    let services: Vec<&str> = leaves.iter().map(|leaf| leaf.service.as_str()).collect();
    let positions: Vec<i64> = leaves.iter().map(|leaf| leaf.position as i64).collect();
    let hashes: Vec<&[u8]> = leaves.iter().map(|leaf| leaf.hash.as_slice()).collect();
    let statement = transaction.prepare_cached(PLACE).await?;
    transaction.execute(&statement, &[&programmes, &indexes, &services, &positions, &hashes]).await?;
    Ok(())
}
