//! Whether audit gives events their places as fast as they are published.

use std::time::{Duration, Instant};

use plaudit_audit::{LogSettings, WitnessPolicy};
use plaudit_chassis::{Running, Service};
use plaudit_servers::Servers;
use serde_json::json;
use tokio_postgres::{Client, NoTls};

use crate::publish::fill;
use crate::report::{Report, rate, rounded};
use crate::stand::{Failure, module, running, settings};

/// So many are published each time.
const EVENTS: u64 = 200_000;

/// Publishes a backlog while nobody listens; lets audit catch up with it; and publishes another while audit gives
/// places. All of one programme: nothing is more to do for one log.
pub async fn run(servers: &Servers, report: &mut Report) -> Result<(), Failure> {
    let (client, connection) = tokio_postgres::connect(servers.database_url("audit")?, NoTls).await?;
    tokio::spawn(connection);
    let last = backlog(servers).await?;
    let started = Instant::now();
    let accounts = running(servers, Vec::new()).await?;
    published(&accounts, last).await;
    let alone = rate(EVENTS as usize, started.elapsed().as_secs_f64());
    drop(accounts);

    let folder = tempfile::tempdir()?;
    let log = LogSettings {
        folder: folder.path().to_owned(),
        key: [9; 32],
        host: "prizes.example.org".to_owned(),
        witnesses: WitnessPolicy::none(),
    };
    let started = Instant::now();
    let audit = Service::start(plaudit_audit::module(log), settings(servers, "audit")?).await?;
    placed(&client, last).await?;
    let catching_up = rate(last as usize, started.elapsed().as_secs_f64());

    let last = backlog(servers).await?;
    // A publisher begins while its service still starts: that is counted in both.
    let started = Instant::now();
    let accounts = running(servers, Vec::new()).await?;
    published(&accounts, last).await;
    let (done, unplaced) = (Instant::now(), last - through(&client).await?);
    let published = rate(EVENTS as usize, (done - started).as_secs_f64());
    placed(&client, last).await?;
    let behind = done.elapsed();
    let placed = rate(EVENTS as usize, started.elapsed().as_secs_f64());
    drop(audit);
    report.note(
        "placing",
        json!({
            "events": EVENTS, "published_alone": alone, "placed_catching_up": catching_up,
            "published": published, "placed": placed, "ratio": rounded(placed / published, 3),
            "unplaced_at_the_last": unplaced, "behind_ms": behind.as_millis() as u64,
        }),
    );
    Ok(())
}

/// Appends events that nobody publishes yet, and answers with the last.
async fn backlog(servers: &Servers) -> Result<u64, Failure> {
    let resting = Service::at_rest(module(Vec::new()), settings(servers, "accounts")?).await?;
    let head = plaudit_chassis::store::head(resting.pool()).await?;
    fill(&resting, head + EVENTS).await?;
    Ok(*resting.store().head().borrow())
}

/// Waits until all is published.
async fn published(accounts: &Running, last: u64) {
    while accounts.service.health().published < last {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn placed(client: &Client, last: u64) -> Result<(), Failure> {
    while through(client).await? < last {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// The last of accounts' events that has a place.
async fn through(client: &Client) -> Result<u64, Failure> {
    let known = "select to_regclass('taken') is not null";
    if !client.query_one(known, &[]).await?.get::<_, bool>(0) {
        return Ok(0);
    }
    let query = "select position from taken where service = 'accounts'";
    let row = client.query_opt(query, &[]).await?;
    Ok(row.map_or(0, |row| row.get::<_, i64>(0) as u64))
}
