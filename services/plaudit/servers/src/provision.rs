use std::fmt;

use futures_util::future::try_join_all;
use tokio_postgres::{Client, NoTls};
use url::Url;

use crate::{Error, Secrets};

const SERVICE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../deploy/postgres/service.sql"));
const CLUSTER: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../deploy/postgres/cluster.sql"));

/// Any number will do, as long as every provisioning takes the same.
const ONE_AT_A_TIME: i64 = 0x706c_6175_6469_7400;

/// Where a service's data is, with its own role and password in both addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceDatabase {
    pub service: String,
    /// Events, vault and read models.
    pub url: String,
    /// The keys of subjects: a store of its own with backups of its own.
    pub keys_url: String,
}

/// The addresses hold passwords, which don't belong in a log.
impl fmt::Debug for ServiceDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceDatabase").field("service", &self.service).finish_non_exhaustive()
    }
}

/// Gives each service a role and two databases that only this role may enter, on the PostgreSQL of `admin_url`, with
/// passwords from `secrets`. What exists stays as it is, except that the passwords are set again.
///
/// Other databases of that server are left alone; one that lets PUBLIC connect lets these roles connect too
/// (`deploy/postgres/cluster.sql` closes them, on a server that is Plaudit's alone).
///
/// # Errors
/// When the address is no `postgres://` URL with a host, a service's name can't be one, or PostgreSQL refuses.
pub async fn provision(
    admin_url: &str,
    services: &[&str],
    secrets: &Secrets,
) -> Result<Vec<ServiceDatabase>, Error> {
    let admin_address = Url::parse(admin_url).map_err(|_| Error::AdminUrl)?;
    let gate = connect(admin_url).await?;
    // Two starts against one server would both find a role missing. The lock goes with this connection.
    gate.execute("SELECT pg_advisory_lock($1)", &[&ONE_AT_A_TIME])
        .await
        .map_err(Error::postgres("waiting for another provisioning"))?;
    // Side by side, each on a connection of its own: most of the time goes into syncing files.
    let made = services.iter().map(async |service| {
        check_name(service)?;
        let password = secrets.password(&format!("postgres/{service}"))?;
        make(&connect(admin_url).await?, service, &password).await?;
        let url = |suffix| address(&admin_address, service, &password, suffix);
        Ok(ServiceDatabase { service: (*service).to_owned(), url: url("")?, keys_url: url("_keys")? })
    });
    try_join_all(made).await
}

/// Closes every database of a cluster that is ours alone to whoever doesn't own it.
pub(crate) async fn close_to_public(admin_url: &str) -> Result<(), Error> {
    run_generated(&connect(admin_url).await?, CLUSTER, "closing the databases").await
}

pub(crate) async fn connect(url: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .map_err(Error::postgres("connecting as the administrator"))?;
    // Its error comes out at the client's next call too.
    tokio::spawn(connection);
    Ok(client)
}

async fn make(admin: &Client, service: &str, password: &str) -> Result<(), Error> {
    let doing = format!("making the databases of {service}");
    // PostgreSQL gets what it would store, never the password: statements end up in logs and statistics.
    let verifier = postgres_protocol::password::scram_sha_256(password.as_bytes());
    let settings =
        "SELECT set_config('plaudit.service', $1, false), set_config('plaudit.password', $2, false)";
    admin.query_one(settings, &[&service, &verifier]).await.map_err(Error::postgres(doing.as_str()))?;
    run_generated(admin, SERVICE, &doing).await
}

/// What psql does with such a file: runs each query, and then each text that it returns.
async fn run_generated(admin: &Client, script: &str, doing: &str) -> Result<(), Error> {
    for query in script.split("\\gexec\n").filter(|query| has_sql(query)) {
        let statements = admin.query(query, &[]).await.map_err(Error::postgres(doing))?;
        for statement in statements {
            admin.batch_execute(statement.get(0)).await.map_err(Error::postgres(doing))?;
        }
    }
    Ok(())
}

/// False for what is only comment, and for the nothing after the last `\gexec`.
fn has_sql(query: &str) -> bool {
    query.lines().any(|line| !line.trim().is_empty() && !line.starts_with("--"))
}

/// The administrator's address with the service's role, password and database; host, port and options stay.
fn address(admin: &Url, service: &str, password: &str, suffix: &str) -> Result<String, Error> {
    let role = format!("plaudit_{service}");
    let mut url = admin.clone();
    url.set_username(&role).map_err(|()| Error::AdminUrl)?;
    url.set_password(Some(password)).map_err(|()| Error::AdminUrl)?;
    url.set_path(&format!("/{role}{suffix}"));
    Ok(url.into())
}

/// The name becomes a role's, a database's and a subject's; in all of them these letters need no quoting.
fn check_name(service: &str) -> Result<(), Error> {
    let fits = service.len() <= 32
        && service.starts_with(|c: char| c.is_ascii_lowercase())
        && service.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    fits.then_some(()).ok_or_else(|| Error::ServiceName(service.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_host_and_the_options_of_the_administrator() {
        let admin = Url::parse("postgres://root:x@db.example:6432/postgres?sslmode=require");
        let url = address(&admin.unwrap(), "scoring", "pw", "_keys").unwrap();
        let expected = "postgres://plaudit_scoring:pw@db.example:6432/plaudit_scoring_keys?sslmode=require";
        assert_eq!(url, expected);
    }

    #[test]
    fn a_name_that_needs_quoting_is_refused() {
        for name in ["", "Scoring", "a-b", "a b", "1a", "a;drop", "a'b"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        assert!(check_name("scoring_2").is_ok());
    }

    #[test]
    fn both_files_hold_queries_that_return_statements() {
        let queries = |script: &str| script.split("\\gexec\n").filter(|q| has_sql(q)).count();
        assert_eq!(queries(SERVICE), 5);
        assert_eq!(queries(CLUSTER), 1);
    }
}
