//! `plaudit doctor`: how every service stands in PostgreSQL and in NATS.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use async_nats::jetstream::stream::Stream;
use futures_util::StreamExt;
use plaudit_chassis::nats;
use plaudit_servers::SERVICES;
use tokio_postgres::Client;

use crate::Failure;
use crate::events::connect;
use crate::installation::Installation;

#[derive(clap::Args)]
pub struct Options {
    /// The data folder of a running `plaudit up`.
    #[arg(long, env = "PLAUDIT_DATA")]
    data: Option<PathBuf>,
}

/// Looks at everything, and fails if something is wrong rather than late.
pub async fn examine(options: Options) -> Result<ExitCode, Failure> {
    let installation = Installation::read(options.data)?;
    let mut services = Vec::new();
    let mut heads = BTreeMap::new();
    for name in SERVICES {
        let addresses = installation.service(name)?;
        let client = connect(&addresses.database_url).await?;
        let context = nats::connect(&addresses.nats_url, name).await?;
        let stream = context.get_stream(nats::stream_name(name)).await?;
        let head: i64 = client.query_one("select position from head", &[]).await?.get(0);
        heads.insert(name, head);
        services.push((name, client, stream));
    }
    let mut well = true;
    for (name, client, stream) in &services {
        println!("{name}");
        well &= log(client, stream).await?;
        well &= checkpoints(client, &heads).await?;
    }
    println!("{}", if well { "All is well." } else { "Something is wrong: see above." });
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// PostgreSQL's log and NATS's copy of it.
async fn log(client: &Client, stream: &Stream) -> Result<bool, Failure> {
    let query = "select (select position from head), count(*), coalesce(max(position), 0) from events";
    let row = client.query_one(query, &[]).await?;
    let (head, events, last): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
    let state = stream.get_info().await?.state;
    let dense = head == events && head == last;
    let behind = (head as u64).saturating_sub(state.last_sequence);
    println!("  PostgreSQL: head {head}, {events} events, {}", if dense { "no gaps" } else { "GAPS" });
    println!("  NATS: last sequence {}, {} messages, {behind} behind", state.last_sequence, state.messages);
    if state.messages != state.last_sequence || state.last_sequence > head as u64 {
        println!("  NATS HAS LOST MESSAGES, or is ahead of PostgreSQL");
        return Ok(false);
    }
    let differs = first_difference(client, stream, state.last_sequence).await?;
    match differs {
        None => println!("  position = sequence, byte for byte, throughout"),
        Some(position) => println!("  EVENT {position} IS NOT MESSAGE {position}"),
    }
    Ok(dense && differs.is_none())
}

/// Everybody who reads, how far they are, and whether they have stopped.
async fn checkpoints(client: &Client, heads: &BTreeMap<&str, i64>) -> Result<bool, Failure> {
    let query = "select reader, source, position, stopped from checkpoints order by source, reader";
    let mut running = true;
    for row in client.query(query, &[]).await? {
        let (reader, source, position): (&str, &str, i64) = (row.get(0), row.get(1), row.get(2));
        let lag = heads.get(source).map_or(0, |head| (head - position).max(0));
        let stopped: Option<&str> = row.get(3);
        let state = stopped.map_or("runs".to_owned(), |why| format!("STOPPED: {why}"));
        println!("  {reader}: at {source}/{position}, {lag} behind, {state}");
        running &= stopped.is_none();
    }
    Ok(running)
}

/// The first position at which the two logs are not the same bytes.
async fn first_difference(client: &Client, stream: &Stream, last: u64) -> Result<Option<u64>, Failure> {
    if last == 0 {
        return Ok(None);
    }
    let everything = pull::OrderedConfig { deliver_policy: DeliverPolicy::All, ..Default::default() };
    let mut messages = stream.create_consumer(everything).await?.messages().await?;
    let statement = client
        .prepare("select bytes from events where position > $1 and position <= $2 order by position")
        .await?;
    let mut from = 0_i64;
    while (from as u64) < last {
        let to = (from + 1000).min(last as i64);
        for row in client.query(&statement, &[&from, &to]).await? {
            let message = messages.next().await.ok_or("the consumer has ended")??;
            from += 1;
            if message.info()?.stream_sequence != from as u64 || message.payload != row.get::<_, &[u8]>(0) {
                return Ok(Some(from as u64));
            }
        }
    }
    Ok(None)
}
