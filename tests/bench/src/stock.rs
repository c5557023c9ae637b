//! The peer: stock postgres-es 0.5 in event-store mode, on the same server.

use std::sync::Arc;

use cqrs_es::CqrsFramework;
use cqrs_es::persist::{GenericQuery, PersistedEventStore, QueryReplay};
use plaudit_servers::Servers;
use postgres_es::{PostgresEventRepository, PostgresViewRepository, postgres_cqrs};
use sqlx::{Pool, Postgres};

use crate::noun::{StockMember, StockRow};
use crate::stand::Failure;

/// Its framework, as its documentation sets it up.
pub type Stock = CqrsFramework<StockMember, PersistedEventStore<PostgresEventRepository, StockMember>>;

/// A database with its tables (`db/init.sql` of its package), and a pool as its
/// package makes one.
pub async fn pool(servers: &Servers) -> Result<Pool<Postgres>, Failure> {
    let admin = sqlx::postgres::PgPoolOptions::new().connect(&servers.postgres_admin_url).await?;
    let there: Option<i32> = sqlx::query_scalar("select 1 from pg_database where datname = 'stock'")
        .fetch_optional(&admin)
        .await?;
    let url = servers.postgres_admin_url.rsplit_once('/').ok_or("an address")?.0.to_owned() + "/stock";
    if there.is_none() {
        sqlx::query("create database stock").execute(&admin).await?;
    }
    let pool = postgres_es::default_postgress_pool(&url).await;
    let tables = [
        "create table if not exists events (aggregate_type text not null, aggregate_id text not null, \
         sequence bigint check (sequence >= 0) not null, event_type text not null, event_version text not null, \
         payload json not null, metadata json not null, primary key (aggregate_type, aggregate_id, sequence))",
        "create table if not exists rows_of_members (view_id text not null, \
         version bigint check (version >= 0) not null, payload json not null, primary key (view_id))",
        "create table if not exists plain (id bigserial primary key, bytes bytea not null)",
    ];
    for table in tables {
        sqlx::query(table).execute(&pool).await?;
    }
    Ok(pool)
}

/// Its framework on a pool.
pub fn framework(pool: Pool<Postgres>) -> Stock {
    postgres_cqrs(pool, Vec::new(), ())
}

/// Its replay of all events into one read model.
pub async fn replay(pool: Pool<Postgres>) -> Result<(), Failure> {
    let views =
        Arc::new(PostgresViewRepository::<StockRow, StockMember>::new("rows_of_members", pool.clone()));
    let query =
        GenericQuery::<PostgresViewRepository<StockRow, StockMember>, StockRow, StockMember>::new(views);
    let replay = QueryReplay::new(PostgresEventRepository::new(pool), query);
    replay.replay_all().await?;
    Ok(())
}
