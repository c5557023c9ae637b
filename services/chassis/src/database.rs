//! A service's databases: pools and migrations.

use std::ops::DerefMut;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::NoTls;

use crate::store::StoreError;

/// Why a service can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address that is none.
    #[error("a database URL is not one: {0}")]
    Url(#[from] tokio_postgres::Error),
    /// A pool that can't be made.
    #[error("a database pool can't be made: {0}")]
    Pool(#[from] deadpool_postgres::BuildError),
    /// A database that can't be reached or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A database that can't be brought up to date.
    #[error("a database can't be migrated: {0}")]
    Migration(#[from] refinery::Error),
    /// NATS can't be addressed.
    #[error("NATS: {0}")]
    Nats(String),
}

mod store_migrations {
    refinery::embed_migrations!("migrations");
}

mod keys_migrations {
    refinery::embed_migrations!("migrations-keys");
}

/// A service's own database, migrated: the event store's tables first, then
/// those of its own.
pub async fn open(url: &str, connections: usize, own: Option<refinery::Runner>) -> Result<Pool, StartError> {
    let pool = pool(url, connections)?;
    let mut client = pool.get().await.map_err(StoreError::from)?;
    migrate(&mut client, "migrations_of_the_event_store", store_migrations::migrations::runner()).await?;
    if let Some(own) = own {
        migrate(&mut client, "migrations_of_the_service", own).await?;
    }
    drop(client);
    Ok(pool)
}

/// The database of the keys of a service's vault, migrated.
pub async fn open_keys(url: &str) -> Result<Pool, StartError> {
    let pool = pool(url, 2)?;
    let mut client = pool.get().await.map_err(StoreError::from)?;
    migrate(&mut client, "migrations_of_the_keys", keys_migrations::migrations::runner()).await?;
    drop(client);
    Ok(pool)
}

/// Two copies of a service may start at once: one migrates, the other waits.
async fn migrate(
    client: &mut deadpool_postgres::Object,
    table: &str,
    mut runner: refinery::Runner,
) -> Result<(), StartError> {
    client.batch_execute("select pg_advisory_lock(hashtext('migrations'))").await?;
    let client = client.deref_mut().deref_mut();
    let migrated = runner.set_migration_table_name(table).run_async(client).await;
    client.batch_execute("select pg_advisory_unlock(hashtext('migrations'))").await?;
    migrated?;
    Ok(())
}

/// After half a minute of silence a session is over, and its locks with it.
const ALIVE: &str = "-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000";

fn pool(url: &str, connections: usize) -> Result<Pool, StartError> {
    let mut config: tokio_postgres::Config = url.parse()?;
    config.connect_timeout(Duration::from_secs(5));
    // A host that vanishes says nothing: don't wait for it as long as TCP would.
    config.tcp_user_timeout(Duration::from_secs(15));
    // Nor may PostgreSQL keep the locks of a service whose host has vanished.
    let options = format!("{} {ALIVE}", config.get_options().unwrap_or_default());
    config.options(options.trim());
    let manager =
        Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    Ok(Pool::builder(manager)
        .max_size(connections)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(10)))
        .create_timeout(Some(Duration::from_secs(10)))
        .build()?)
}
