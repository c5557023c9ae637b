//! Plaudit measured beside its peers: everything in one run, on one private
//! PostgreSQL with fsync on. Prints a table and writes `target/bench.json`.
//!
//! Ratios taken side by side in one run mean something on any machine; single
//! figures only on the one they were taken on.

mod append;
mod http;
mod noun;
mod pages;
mod publish;
mod rebuild;
mod report;
mod stand;
mod stock;
mod trail;

use report::Report;

/// What is measured, unless only some of it is asked for by name.
const SECTIONS: [&str; 8] = ["append", "publish", "latency", "rebuild", "placing", "verify", "http", "pages"];

#[tokio::main]
async fn main() -> Result<(), stand::Failure> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|name| !SECTIONS.contains(&name.as_str())) {
        return Err(format!("there is no section '{unknown}'; there are {}", SECTIONS.join(", ")).into());
    }
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    let mut report = Report::default();
    let servers = stand::servers().await?;
    if wanted("append") {
        append::run(&servers, &mut report).await?;
    }
    if wanted("publish") {
        publish::run(&servers, &mut report).await?;
    }
    if wanted("latency") {
        publish::latency(&servers, &mut report).await?;
    }
    if wanted("rebuild") {
        rebuild::run(&servers, &mut report).await?;
    }
    if wanted("placing") {
        trail::placing(&servers, &mut report).await?;
    }
    servers.stop().await;
    if wanted("verify") {
        trail::verifying(&mut report)?;
    }
    if wanted("http") {
        http::run(&mut report).await?;
    }
    if wanted("pages") {
        pages::run(&mut report).await;
    }
    report.finish()?;
    Ok(())
}
