//! Plaudit measured beside its peers: everything in one run, on one private
//! PostgreSQL with fsync on. Prints a table and writes `target/bench.json`.
//!
//! Ratios taken side by side in one run mean something on any machine; single
//! figures only on the one they were taken on.

mod append;
mod http;
mod noun;
mod rebuild;
mod report;
mod stand;
mod stock;

use report::Report;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut report = Report::default();
    let stand = stand::Stand::start().await?;
    append::run(&stand, &mut report).await?;
    append::latency(&stand, &mut report).await?;
    rebuild::run(&stand, &mut report).await?;
    stand.servers.stop().await;
    http::run(&mut report).await?;
    report.finish()?;
    Ok(())
}
