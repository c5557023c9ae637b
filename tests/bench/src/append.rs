//! Commands a second, and how soon a reader sees one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use plaudit_chassis::Service;
use plaudit_chassis::id::MemberId;
use serde_json::json;

use crate::noun::Join;
use crate::report::{Report, rate};
use crate::stand::{Failure, Stand, ask};
use crate::stock::{self, Stock};

/// The server takes 200 connections, and some are others'.
const MOST_CLIENTS: usize = 80;

const CALLERS: [usize; 4] = [1, 8, 64, 256];
const MEASURED: Duration = Duration::from_secs(6);

/// Load, decide and append with so many callers, in three houses in turn.
pub async fn run(stand: &Stand, report: &mut Report) -> Result<(), Failure> {
    let service = &stand.accounts.service;
    for callers in CALLERS {
        let pool = stock::pool(stand, (callers as u32).clamp(2, 64)).await?;
        let framework = Arc::new(stock::framework(pool.clone()));
        let ours = ours(service, callers).await;
        let stock = stock(framework, callers).await;
        pool.close().await;
        let insert = pgbench(stand, callers)?;
        report.note("append", &format!("{callers} callers"), json!({
            "plaudit": ours.round(), "postgres_es": stock.round(), "insert": insert.round(),
            "plaudit / postgres_es": (ours / stock * 100.0).round() / 100.0,
        }));
    }
    published(service, report).await;
    Ok(())
}

async fn ours(service: &Service, callers: usize) -> f64 {
    measured(callers, || {
        let service = service.clone();
        async move { service.run(&ask(), &Join(MemberId::random())).await.is_ok() }
    })
    .await
}

async fn stock(framework: Arc<Stock>, callers: usize) -> f64 {
    measured(callers, || {
        let framework = framework.clone();
        async move { framework.execute(&uuid::Uuid::new_v4().to_string(), ()).await.is_ok() }
    })
    .await
}

/// Commands a second that succeed, after a second that does not count.
async fn measured<F: Future<Output = bool>>(callers: usize, command: impl Fn() -> F) -> f64 {
    let done = AtomicUsize::new(0);
    let warm = Instant::now() + Duration::from_secs(1);
    let end = warm + MEASURED;
    let work = (0..callers).map(|_| async {
        while Instant::now() < end {
            let counts = command().await && Instant::now() >= warm;
            done.fetch_add(usize::from(counts), Ordering::Relaxed);
        }
    });
    join_all(work).await;
    done.load(Ordering::Relaxed) as f64 / MEASURED.as_secs_f64()
}

/// A bare INSERT of one row of the same size, by pgbench.
fn pgbench(stand: &Stand, callers: usize) -> Result<f64, Failure> {
    let script = tempfile::NamedTempFile::new()?;
    std::fs::write(script.path(), "insert into plain (bytes) values (decode(repeat('61', 420), 'hex'));\n")?;
    let program = std::fs::read_dir("/usr/lib/postgresql")
        .ok()
        .and_then(|versions| versions.flatten().map(|version| version.path().join("bin/pgbench")).max())
        .filter(|path| path.exists())
        .unwrap_or_else(|| "pgbench".into());
    let url = stand.servers.postgres_admin_url.rsplit_once('/').ok_or("an address")?.0.to_owned() + "/stock";
    let seconds = MEASURED.as_secs().to_string();
    let output = std::process::Command::new(program)
        .args(["-n", "-M", "prepared", "-j", "2", "-T", &seconds, "-c", &callers.min(MOST_CLIENTS).to_string(), "-f"])
        .arg(script.path())
        .arg(url)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    tps.ok_or_else(|| format!("pgbench: {said}{}", String::from_utf8_lossy(&output.stderr)).into())
}

/// How fast the publisher catches up with what was appended.
async fn published(service: &Service, report: &mut Report) {
    settle(service).await;
    let stream = "PLAUDIT_ACCOUNTS";
    let head = service.health().head;
    if service.context().delete_stream(stream).await.is_err() {
        return;
    }
    // The next append finds the stream gone: everything is sent again.
    let started = Instant::now();
    let _ = service.run(&ask(), &Join(MemberId::random())).await;
    let last = || async {
        match service.context().get_stream(stream).await {
            Ok(stream) => stream.get_info().await.map_or(0, |info| info.state.last_sequence),
            Err(_) => 0,
        }
    };
    while last().await <= head {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    report.note("publish", "events a second", rate(head as usize, started.elapsed().as_secs_f64()));
    settle(service).await;
}

/// From the answer to the row, at a thousand commands a second.
pub async fn latency(stand: &Stand, report: &mut Report) -> Result<(), Failure> {
    let service = &stand.accounts.service;
    settle(service).await;
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    let mut waiting = Vec::new();
    for _ in 0..10_000 {
        ticks.tick().await;
        let service = service.clone();
        waiting.push(tokio::spawn(async move {
            let asked = Instant::now();
            let done = service.run(&ask(), &Join(MemberId::random())).await.ok()?;
            let answered = asked.elapsed();
            let seen = service.reaches("accounts", done.position, Duration::from_secs(30)).await;
            seen.then(|| (answered, asked.elapsed()))
        }));
    }
    let mut measured: Vec<(Duration, Duration)> = Vec::new();
    for one in waiting {
        measured.extend(one.await?);
    }
    let mut to_row: Vec<f64> = measured.iter().map(|(_, row)| row.as_secs_f64() * 1000.0).collect();
    let mut to_answer: Vec<f64> = measured.iter().map(|(answer, _)| answer.as_secs_f64() * 1000.0).collect();
    for (name, all) in [("to the answer", &mut to_answer), ("to the row", &mut to_row)] {
        all.sort_by(f64::total_cmp);
        let at = |part: f64| (all[((all.len() - 1) as f64 * part) as usize] * 100.0).round() / 100.0;
        report.note("latency_ms", name, json!({ "p50": at(0.5), "p99": at(0.99), "commands": all.len() }));
    }
    Ok(())
}

/// Waits until everything is published and read.
pub async fn settle(service: &Service) {
    let head = service.health().head;
    while service.health().published < head || !service.reaches("accounts", head, Duration::from_secs(1)).await {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
