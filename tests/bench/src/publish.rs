//! How fast events are published, and how soon a reader has one.

use std::time::{Duration, Instant};

use plaudit_chassis::id::MemberId;
use plaudit_chassis::{Service, model};
use plaudit_servers::Servers;
use serde_json::json;

use crate::noun::{Join, Members};
use crate::report::{Report, rate, rounded};
use crate::stand::{Failure, ask, module, running, settings};

/// At least so many are published.
const EVENTS: u64 = 200_000;
const A_SECOND: usize = 1_000;
const SECONDS: usize = 10;

/// Everything that was appended while nobody published goes to a new stream.
pub async fn run(servers: &Servers, report: &mut Report) -> Result<(), Failure> {
    let resting = Service::at_rest(module(Vec::new()), settings(servers, "accounts")?).await?;
    fill(&resting, EVENTS).await?;
    let events = *resting.store().head().borrow();
    let running = running(servers, Vec::new()).await?;
    let accounts = &running.service;
    let (before, started) = (accounts.health().published, Instant::now());
    while accounts.health().published < events {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    report.note("publish", json!(rate((events - before) as usize, started.elapsed().as_secs_f64())));
    Ok(())
}

/// As many commands as are needed for so many events, by many callers.
pub async fn fill(service: &Service, events: u64) -> Result<(), Failure> {
    service.store().open_unpublished();
    let callers = (0..256).map(|_| async {
        while *service.store().head().borrow() < events {
            service
                .run(&ask(), &Join(MemberId::random()))
                .await
                .map_err(|problem| problem.detail().to_owned())?;
        }
        Ok::<(), String>(())
    });
    futures_util::future::try_join_all(callers).await?;
    Ok(())
}

/// From the request to the answer, and to the row that a reader sees, at a
/// thousand commands a second.
pub async fn latency(servers: &Servers, report: &mut Report) -> Result<(), Failure> {
    let accounts = running(servers, vec![model::<Members>()]).await?;
    let service = &accounts.service;
    service.rebuild().await?;
    settle(service).await?;
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / A_SECOND as u32);
    let mut waiting = Vec::new();
    for _ in 0..A_SECOND * SECONDS {
        ticks.tick().await;
        let service = service.clone();
        waiting.push(tokio::spawn(async move {
            let asked = Instant::now();
            let done = service.run(&ask(), &Join(MemberId::random())).await.ok()?;
            let answered = Instant::now();
            let seen = service.reaches("accounts", done.position, Duration::from_secs(30)).await;
            seen.then(|| (answered - asked, answered.elapsed()))
        }));
    }
    let (mut answers, mut rows) = (Vec::new(), Vec::new());
    for one in waiting {
        let (answer, row) = one.await?.ok_or("a command was not carried out")?;
        answers.push(answer);
        rows.push(row);
    }
    let at = |times: &mut Vec<Duration>, part: f64| {
        times.sort();
        rounded(times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0, 2)
    };
    report.note(
        "latency_ms",
        json!({
            "p50": at(&mut rows, 0.5), "p99": at(&mut rows, 0.99),
            "answer_p50": at(&mut answers, 0.5), "answer_p99": at(&mut answers, 0.99),
            "commands": rows.len(), "a_second": A_SECOND,
        }),
    );
    Ok(())
}

/// Waits until everything is published, and read: until one more event has
/// come through behind all others.
async fn settle(service: &Service) -> Result<(), Failure> {
    let done = service
        .run(&ask(), &Join(MemberId::random()))
        .await
        .map_err(|problem| problem.detail().to_owned())?;
    while !service.reaches("accounts", done.position, Duration::from_secs(60)).await {}
    Ok(())
}
