//! Commands a second.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use plaudit_chassis::Service;
use plaudit_chassis::id::MemberId;
use plaudit_servers::Servers;
use serde_json::{Map, json};
use tokio::task::JoinSet;

use crate::noun::Join;
use crate::report::{Report, rounded};
use crate::stand::{Failure, ask, module, settings};
use crate::stock::{self, Stock};

/// The server takes 200 connections, and some are others'.
const MOST_CLIENTS: usize = 80;

const CALLERS: [usize; 4] = [1, 8, 64, 256];

/// The houses take turns, so that a machine whose speed changes changes it for
/// both. The first turn does not count.
const TURNS: u32 = 7;
const TURN: Duration = Duration::from_secs(1);

/// Load, decide and append with so many callers, in three houses in turn.
/// Nobody publishes or reads meanwhile, at ours as little as at stock. A new
/// stream is not read by ours: the append finds out that it is new.
pub async fn run(servers: &Servers, report: &mut Report) -> Result<(), Failure> {
    let service = Service::at_rest(module(Vec::new()), settings(servers, "accounts")?).await?;
    service.store().open_unpublished();
    for callers in CALLERS {
        let mut figures = Map::new();
        for (way, kind) in [(Way::OneTask, ""), (Way::TaskEach, "_task_each")] {
            let pool = stock::pool(servers).await?;
            let framework = Arc::new(stock::framework(pool.clone()));
            let (mut ours, mut stock) = (0, 0);
            for turn in 0..=TURNS {
                let done =
                    (self::ours(&service, callers, way).await, self::stock(&framework, callers, way).await);
                if turn > 0 {
                    (ours, stock) = (ours + done.0, stock + done.1);
                }
            }
            pool.close().await;
            let (ours, stock) = (a_second(ours), a_second(stock));
            figures.insert(format!("plaudit{kind}"), json!(ours.round()));
            figures.insert(format!("postgres_es{kind}"), json!(stock.round()));
            figures.insert(format!("ratio{kind}"), json!(rounded(ours / stock, 2)));
        }
        figures.insert("insert".to_owned(), json!(pgbench(servers, callers)?.round()));
        report.note("append", json!({ callers.to_string(): figures }));
    }
    Ok(())
}

/// Who calls: futures that one task polls together, or a task each, as the
/// requests of a server are. Threads have to wake each other more often in the
/// first, which costs whoever makes more round trips more.
#[derive(Clone, Copy)]
enum Way {
    OneTask,
    TaskEach,
}

fn a_second(done: usize) -> f64 {
    done as f64 / (TURN * TURNS).as_secs_f64()
}

async fn ours(service: &Service, callers: usize, way: Way) -> usize {
    let service = service.clone();
    turn(callers, way, move || {
        let service = service.clone();
        async move { service.run(&ask(), &Join(MemberId::random())).await.is_ok() }
    })
    .await
}

async fn stock(framework: &Arc<Stock>, callers: usize, way: Way) -> usize {
    let framework = Arc::clone(framework);
    turn(callers, way, move || {
        let framework = framework.clone();
        async move { framework.execute(&uuid::Uuid::new_v4().to_string(), ()).await.is_ok() }
    })
    .await
}

/// Commands that were begun in a turn.
///
/// # Panics
/// Where a command is not carried out.
async fn turn<F>(callers: usize, way: Way, command: impl Fn() -> F + Clone + Send + 'static) -> usize
where
    F: Future<Output = bool> + Send,
{
    let end = Instant::now() + TURN;
    let work = (0..callers).map(|_| {
        let command = command.clone();
        async move {
            let mut done = 0_usize;
            while Instant::now() < end {
                assert!(command().await, "a command was not carried out");
                done += 1;
            }
            done
        }
    });
    let done: Vec<usize> = match way {
        Way::OneTask => join_all(work).await,
        Way::TaskEach => {
            let tasks: JoinSet<usize> = work.collect();
            tasks.join_all().await
        }
    };
    done.into_iter().sum()
}

/// A bare INSERT of one row of the same size, by pgbench.
fn pgbench(servers: &Servers, callers: usize) -> Result<f64, Failure> {
    let script = tempfile::NamedTempFile::new()?;
    std::fs::write(script.path(), "insert into plain (bytes) values (decode(repeat('61', 420), 'hex'));\n")?;
    let program = std::fs::read_dir("/usr/lib/postgresql")
        .ok()
        .and_then(|versions| versions.flatten().map(|version| version.path().join("bin/pgbench")).max())
        .filter(|path| path.exists())
        .unwrap_or_else(|| "pgbench".into());
    let url = servers.postgres_admin_url.rsplit_once('/').ok_or("an address")?.0.to_owned() + "/stock";
    let seconds = (5 * TURN).as_secs().to_string();
    let output = std::process::Command::new(program)
        .args([
            "-n",
            "-M",
            "prepared",
            "-j",
            "2",
            "-T",
            &seconds,
            "-c",
            &callers.min(MOST_CLIENTS).to_string(),
            "-f",
        ])
        .arg(script.path())
        .arg(url)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    tps.ok_or_else(|| format!("pgbench: {said}{}", String::from_utf8_lossy(&output.stderr)).into())
}
