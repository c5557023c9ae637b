//! Reading rows.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use deadpool_postgres::Pool;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::cursor::Cursors;
use super::model::ReadModel;
use crate::problem::Problem;
use crate::store::StoreError;

/// A read model's rows.
pub struct Rows<M> {
    pool: Pool,
    cursors: Cursors,
    model: PhantomData<fn() -> M>,
}

/// Which rows a list has: those that fit all that is said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Of this programme.
    pub programme: Option<Uuid>,
    /// Of this owner.
    pub owner: Option<Uuid>,
    /// With a top-level field of the row equal to this text.
    pub part: Option<(&'static str, Uuid)>,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<R> {
    /// In the list's order.
    pub items: Vec<R>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl<M: ReadModel> Rows<M> {
    pub(crate) fn new(pool: Pool, secret: &[u8; 32]) -> Self {
        Self { pool, cursors: Cursors::of(M::NAME, secret), model: PhantomData }
    }

    /// One row.
    pub async fn get(&self, key: &str) -> Result<Option<M::Row>, Problem> {
        Ok(self.get_many(&[key.to_owned()]).await?.pop())
    }

    /// Those of the rows that there are, sorted by key, in one round trip.
    pub async fn get_many(&self, keys: &[String]) -> Result<Vec<M::Row>, Problem> {
        let client = self.pool.get().await.map_err(StoreError::from)?;
        let query = format!("select body from {} where key = any($1) order by key", M::NAME);
        let statement = client.prepare_cached(&query).await.map_err(StoreError::from)?;
        let rows = client.query(&statement, &[&keys]).await.map_err(StoreError::from)?;
        rows.iter().map(read::<M>).collect()
    }

    /// A page of a list, after where another ended.
    pub async fn page(
        &self,
        filter: Filter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<M::Row>, Problem> {
        let (sort, key) = after.map(|after| self.cursors.read(after)).transpose()?.unzip();
        let (part, of) = filter.part.map(|(part, of)| (part, of.to_string())).unzip();
        let client = self.pool.get().await.map_err(StoreError::from)?;
        let statement = client.prepare_cached(&query(M::NAME, &filter)).await.map_err(StoreError::from)?;
        let rows = client
            .query(
                &statement,
                &[&filter.programme, &filter.owner, &part, &of, &sort, &key, &i64::from(limit + 1)],
            )
            .await
            .map_err(StoreError::from)?;
        let more = rows.len() > limit as usize;
        let shown = &rows[..rows.len().min(limit as usize)];
        let last = shown.last().filter(|_| more);
        let next = last.map(|row| self.cursors.write(row.get(1), row.get(2))).transpose()?;
        let items = shown.iter().map(read::<M>);
        Ok(Page { items: items.collect::<Result<_, _>>()?, next })
    }

    /// How many rows of a programme say what at a path into them, in one round
    /// trip; those that say nothing there are left out.
    pub async fn count_by(&self, programme: Uuid, path: &[&str]) -> Result<BTreeMap<String, u64>, Problem> {
        let client = self.pool.get().await.map_err(StoreError::from)?;
        let query = format!(
            "select body #>> $2, count(*) from {} where programme = $1 and body #>> $2 is not null group by 1",
            M::NAME
        );
        let statement = client.prepare_cached(&query).await.map_err(StoreError::from)?;
        let rows = client.query(&statement, &[&programme, &path]).await.map_err(StoreError::from)?;
        Ok(rows.iter().map(|row| (row.get(0), row.get::<_, i64>(1) as u64)).collect())
    }

    /// All rows of a list, however many: for what is shown whole.
    pub async fn all(&self, filter: Filter) -> Result<Vec<M::Row>, Problem> {
        let page = self.page(filter, None, u32::MAX - 1).await?;
        Ok(page.items)
    }
}

/// Conditions are left out rather than made optional, so that each list has
/// its index.
fn query(name: &str, filter: &Filter) -> String {
    let programme = if filter.programme.is_some() { "programme = $1" } else { "$1::uuid is null" };
    let owner = if filter.owner.is_some() { "owner = $2" } else { "$2::uuid is null" };
    let part = if filter.part.is_some() { "body->>$3 = $4" } else { "$3::text is null and $4::text is null" };
    format!(
        "select body, sort, key from {name} where {programme} and {owner} and {part} \
         and ($5::text is null or (sort, key) > ($5::text collate \"C\", $6::text collate \"C\")) \
         order by sort, key limit $7"
    )
}

/// Out of its bytes at once: a list may have thousands.
fn read<M: ReadModel>(row: &Row) -> Result<M::Row, Problem> {
    row.try_get(0).map(|Json(row)| row).map_err(Problem::internal)
}
