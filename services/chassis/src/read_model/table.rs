//! The one shape of table that every read model has.

use tokio_postgres::{Client, Error, Transaction};

/// The statements that make a read model's table under a name. Names come
/// from constants in the code and are checked besides: they can't be bound.
pub(super) fn create(name: &str) -> String {
    format!(
        "create table {name} (
             key       text  collate \"C\" primary key,
             programme uuid  not null,
             owner     uuid,
             sort      text  collate \"C\" not null,
             body      jsonb not null
         )"
    )
}

/// What makes its lists fast; in a rebuild made after the rows. PostgreSQL
/// names them: a name would outlive its table's renaming.
pub(super) fn indexes(name: &str) -> String {
    format!(
        "create index on {name} (programme, sort, key);
         create index on {name} (owner, sort, key) where owner is not null"
    )
}

/// Lower-case letters, digits and underscores: safe to write into SQL.
pub(super) fn safe(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Makes the table and the checkpoint if they are not there.
///
/// # Panics
/// Where a read model has a name that is no name of a table.
pub(super) async fn ensure(client: &mut Client, name: &str, source: &str) -> Result<(), Error> {
    assert!(safe(name), "'{name}' can't be a read model's name");
    let transaction = client.transaction().await?;
    lock(&transaction, name).await?;
    let there: bool = transaction.query_one("select to_regclass($1) is not null", &[&name]).await?.get(0);
    if !there {
        transaction.batch_execute(&create(name)).await?;
        transaction.batch_execute(&indexes(name)).await?;
    }
    transaction
        .execute(
            "insert into checkpoints (reader, source) values ($1, $2) on conflict do nothing",
            &[&name, &source],
        )
        .await?;
    transaction.commit().await
}

/// One maker of a table at a time.
async fn lock(transaction: &Transaction<'_>, name: &str) -> Result<(), Error> {
    transaction.execute("select pg_advisory_xact_lock(hashtext('table'), hashtext($1))", &[&name]).await?;
    Ok(())
}
