//! `plaudit events`: the log as it is stored.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use plaudit_servers::SERVICES;
use tokio_postgres::{Client, NoTls};

use crate::Failure;
use crate::installation::Installation;

/// Events read at once.
const CHUNK: i64 = 2000;

#[derive(clap::Args)]
pub struct Options {
    /// Only this service's events; all services' otherwise, one after the other.
    #[arg(long)]
    service: Option<String>,
    /// Only this stream's, such as pitch/<id>.
    #[arg(long)]
    stream: Option<String>,
    /// Only those after this position.
    #[arg(long, default_value_t = 0)]
    after: i64,
    /// Go on printing as events come.
    #[arg(long)]
    follow: bool,
    /// The data folder of a running `plaudit up`.
    #[arg(long, env = "PLAUDIT_DATA")]
    data: Option<PathBuf>,
}

/// Prints a line an event: position, a tab, exactly the stored bytes.
pub async fn print(options: Options) -> Result<ExitCode, Failure> {
    let installation = Installation::read(options.data.clone())?;
    let names: Vec<&str> = match &options.service {
        Some(service) => vec![service.as_str()],
        None => SERVICES.to_vec(),
    };
    let mut sources = Vec::new();
    for name in names {
        let client = connect(&installation.service(name)?.database_url).await?;
        sources.push((client, options.after));
    }
    loop {
        for (client, after) in &mut sources {
            if !print_after(client, options.stream.as_deref(), after).await? {
                return Ok(ExitCode::SUCCESS);
            }
        }
        if !options.follow {
            return Ok(ExitCode::SUCCESS);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Prints what comes after a position and moves it. False: nobody reads it
/// any more.
async fn print_after(client: &Client, stream: Option<&str>, after: &mut i64) -> Result<bool, Failure> {
    let statement = client
        .prepare(
            "select position, bytes from events \
             where position > $1 and ($2::text is null or stream = $2) order by position limit $3",
        )
        .await?;
    let mut out = std::io::stdout().lock();
    loop {
        let rows = client.query(&statement, &[&*after, &stream, &CHUNK]).await?;
        for row in &rows {
            let (position, bytes): (i64, &[u8]) = (row.get(0), row.get(1));
            let written = write!(out, "{position}\t")
                .and_then(|()| out.write_all(bytes))
                .and_then(|()| out.write_all(b"\n"));
            match written {
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(false),
                written => written?,
            }
            *after = position;
        }
        if (rows.len() as i64) < CHUNK {
            out.flush()?;
            return Ok(true);
        }
    }
}

/// A connection to one database.
pub async fn connect(url: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .map_err(|error| format!("PostgreSQL can't be reached ({error}): is `plaudit up` running?"))?;
    tokio::spawn(connection);
    Ok(client)
}
