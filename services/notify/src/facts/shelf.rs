use std::collections::{HashMap, HashSet};

use deadpool_postgres::Transaction;
use plaudit_chassis::Service;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use serde_json::Value;
use uuid::Uuid;

use super::Fact;

const GET: &str = "select body from facts where noun = $1 and id = $2";
const GET_MANY: &str = "select noun, id, body from facts where id = any($1)";
const OF_PROGRAMME: &str = "select id, body from facts where programme = $1 and noun = $2";
const PUT: &str = "insert into facts (noun, id, programme, body) \
     select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::jsonb[]) \
     on conflict (noun, id) do update set body = excluded.body";

/// Judges who have something to hand in while their round is open, and how much.
const MISSING: &str = "select (j.body->>'member')::uuid, count(*) \
     from facts s join facts j on j.noun = 'judge' and j.id = (s.body->>'judge')::uuid \
     left join facts r on r.noun = 'round' and r.id = (s.body->>'round')::uuid \
     where s.programme = $1 and s.noun = 'scorecard' and (s.body->>'missing')::boolean \
     and not (j.body->>'gone')::boolean and not coalesce((r.body->>'over')::boolean, false) \
     group by 1 order by 1";

type Key = (&'static str, Uuid);

/// The facts that a batch of events is about: read once, written once.
#[derive(Default)]
pub struct Shelf {
    held: HashMap<(String, Uuid), Value>,
    looked_for: HashSet<Uuid>,
    changed: HashMap<Key, ProgrammeId>,
}

impl Shelf {
    /// Reads all that these ids stand for in one go.
    pub async fn fetch(&mut self, transaction: &Transaction<'_>, ids: Vec<Uuid>) -> Result<(), StoreError> {
        let statement = transaction.prepare_cached(GET_MANY).await?;
        for row in transaction.query(&statement, &[&ids]).await? {
            self.held.insert((row.get(0), row.get(1)), row.get(2));
        }
        self.looked_for.extend(ids);
        Ok(())
    }

    /// What is known; nothing yet, if nothing is.
    pub async fn get<F: Fact>(&mut self, transaction: &Transaction<'_>, id: Uuid) -> Result<F, StoreError> {
        let key = (F::NOUN.to_owned(), id);
        if !self.held.contains_key(&key) && !self.looked_for.contains(&id) {
            let statement = transaction.prepare_cached(GET).await?;
            let row = transaction.query_opt(&statement, &[&F::NOUN, &id]).await?;
            self.held.extend(row.map(|row| (key.clone(), row.get(0))));
        }
        self.held.get(&key).map_or_else(|| Ok(F::default()), |body| read(body.clone()))
    }

    /// Keeps what has changed.
    pub fn put<F: Fact>(&mut self, programme: ProgrammeId, id: Uuid, fact: &F) -> Result<(), StoreError> {
        let body = serde_json::to_value(fact).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.held.insert((F::NOUN.to_owned(), id), body);
        self.changed.insert((F::NOUN, id), programme);
        Ok(())
    }

    /// Writes what has changed.
    pub async fn flush(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        if self.changed.is_empty() {
            return Ok(());
        }
        let changed: Vec<_> = self.changed.drain().collect();
        let nouns: Vec<&str> = changed.iter().map(|((noun, _), _)| *noun).collect();
        let ids: Vec<Uuid> = changed.iter().map(|((_, id), _)| *id).collect();
        let programmes: Vec<Uuid> = changed.iter().map(|(_, programme)| programme.0).collect();
        let bodies: Vec<&Value> =
            changed.iter().filter_map(|((noun, id), _)| self.held.get(&((*noun).to_owned(), *id))).collect();
        let statement = transaction.prepare_cached(PUT).await?;
        transaction.execute(&statement, &[&nouns, &ids, &programmes, &bodies]).await?;
        Ok(())
    }

    /// All of a noun that a programme has.
    pub async fn all<F: Fact>(
        &mut self,
        transaction: &Transaction<'_>,
        programme: ProgrammeId,
    ) -> Result<Vec<(Uuid, F)>, StoreError> {
        self.flush(transaction).await?;
        let rows = transaction.query(OF_PROGRAMME, &[&programme.0, &F::NOUN]).await?;
        rows.iter().map(|row| Ok((row.get(0), read(row.get(1))?))).collect()
    }
}

fn read<F: Fact>(body: Value) -> Result<F, StoreError> {
    serde_json::from_value(body).map_err(|error| StoreError::Unreadable(error.to_string()))
}

/// One fact, as it is written down.
pub async fn one<F: Fact>(service: &Service, id: Uuid) -> Result<F, StoreError> {
    let client = service.pool().get().await?;
    let statement = client.prepare_cached(GET).await?;
    let row = client.query_opt(&statement, &[&F::NOUN, &id]).await?;
    row.map_or_else(|| Ok(F::default()), |row| read(row.get(0)))
}

/// All of a noun that a programme has, as written down.
pub async fn of_programme<F: Fact>(
    service: &Service,
    programme: ProgrammeId,
) -> Result<Vec<(Uuid, F)>, StoreError> {
    let client = service.pool().get().await?;
    let rows = client.query(OF_PROGRAMME, &[&programme.0, &F::NOUN]).await?;
    rows.iter().map(|row| Ok((row.get(0), read(row.get(1))?))).collect()
}

/// Who has scorecards to hand in, and how many.
pub async fn judges_with_missing(
    service: &Service,
    programme: ProgrammeId,
) -> Result<Vec<(MemberId, i64)>, StoreError> {
    let client = service.pool().get().await?;
    let rows = client.query(MISSING, &[&programme.0]).await?;
    Ok(rows.iter().map(|row| (MemberId(row.get(0)), row.get(1))).collect())
}

/// What is known of these programmes.
pub async fn many(
    service: &Service,
    programmes: &[ProgrammeId],
) -> Result<HashMap<ProgrammeId, super::Programme>, StoreError> {
    let ids: Vec<Uuid> = programmes.iter().map(|programme| programme.0).collect();
    let client = service.pool().get().await?;
    let query = "select id, body from facts where noun = 'programme' and id = any($1)";
    let rows = client.query(query, &[&ids]).await?;
    rows.iter().map(|row| Ok((ProgrammeId(row.get(0)), read(row.get(1))?))).collect()
}
