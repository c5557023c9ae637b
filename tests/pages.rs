//! Pages, as a browser asks for them, and what each costs PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use plaudit_servers::Secrets;
use reqwest::{Client, StatusCode, header, redirect};

use crate::people::Person;
use crate::prize::{Prize, Won};
use crate::program::{Program, root};

/// So long is looked at what services ask by themselves.
const A_WHILE: Duration = Duration::from_secs(6);

/// A page is asked for no longer than this, but so often at least.
const LONG_ENOUGH: Duration = Duration::from_secs(2);
const AT_LEAST: usize = 8;

/// Every page that there is: their paths, as the table of the pages has them,
/// which is held against the sources.
pub fn paths() -> Vec<String> {
    let table = std::fs::read_to_string(root().join("tests/pages/walls.txt")).unwrap();
    let pages = table.split("\n== ").find_map(|part| part.strip_prefix("pages\n")).unwrap();
    let paths =
        pages.lines().filter_map(|line| line.strip_suffix(" GET")).filter(|line| line.starts_with('/'));
    paths.map(str::to_owned).collect()
}

/// Somebody's browser.
pub struct Browser {
    client: Client,
    url: String,
    cookie: Option<String>,
}

impl Browser {
    /// The public's.
    pub fn anyone(program: &Program) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { client, url: program.url().to_owned(), cookie: None }
    }

    /// Of somebody who is signed in.
    pub fn of(program: &Program, person: &Person) -> Self {
        let cookie = person.token().map(|token| format!("__Host-plaudit={token}"));
        Self { cookie, ..Self::anyone(program) }
    }

    /// One page: its status, and how long it took to its last byte.
    pub async fn sees(&self, address: &str) -> (StatusCode, Duration) {
        let mut request = self
            .client
            .get(format!("{}{address}", self.url))
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_ENCODING, "gzip");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let asked = Instant::now();
        let answer = request.send().await.unwrap();
        let status = answer.status();
        answer.bytes().await.unwrap();
        (status, asked.elapsed())
    }
}

/// What PostgreSQL was asked, counted by itself (`pg_stat_statements`).
pub struct Statements {
    client: tokio_postgres::Client,
    /// What services ask again and again by themselves.
    always: BTreeSet<String>,
}

/// How often each statement is executed; statements are known by their texts.
pub type Calls = BTreeMap<String, i64>;

impl Statements {
    /// Starts the program again with a PostgreSQL that counts.
    pub async fn counted(program: &mut Program) -> Self {
        let admin = administrator(program).await;
        admin
            .batch_execute("alter system set shared_preload_libraries = 'pg_stat_statements'")
            .await
            .unwrap();
        drop(admin);
        program.stop();
        program.start_again();
        let client = administrator(program).await;
        client.batch_execute("create extension if not exists pg_stat_statements").await.unwrap();
        let counted = Self { client, always: BTreeSet::new() };
        Self { always: counted.meanwhile(A_WHILE).await, ..counted }
    }

    async fn calls(&self) -> Calls {
        let said = "select query, sum(calls)::bigint from pg_stat_statements group by query";
        let rows = self.client.query(said, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// What is asked for a while, in which nobody asks for a page.
    async fn meanwhile(&self, a_while: Duration) -> BTreeSet<String> {
        let before = self.calls().await;
        tokio::time::sleep(a_while).await;
        let asked =
            |(statement, calls): (String, i64)| (before.get(&statement) != Some(&calls)).then_some(statement);
        self.calls().await.into_iter().filter_map(asked).collect()
    }

    /// Waits until the services have done what followed by itself.
    async fn quiet(&self) {
        for _ in 0..120 {
            if self.meanwhile(Duration::from_secs(1)).await.is_subset(&self.always) {
                return;
            }
        }
        panic!("the services do not come to rest");
    }

    /// What one asking for a page costs, without what services do by
    /// themselves.
    async fn of(&self, browser: &Browser, address: &str, times: usize) -> Cost {
        let before = self.calls().await;
        let mut took = Vec::with_capacity(times);
        let begun = Instant::now();
        while took.len() < times && (took.len() < AT_LEAST || begun.elapsed() < LONG_ENOUGH) {
            let (status, one) = browser.sees(address).await;
            assert_eq!(status, StatusCode::OK, "{address}");
            took.push(one);
        }
        took.sort();
        let (after, times) = (self.calls().await, took.len() as i64);
        let each = |(statement, calls): (String, i64)| {
            let more = calls - before.get(&statement).copied().unwrap_or(0);
            Some((statement, (more + times / 2) / times))
                .filter(|(said, more)| *more > 0 && !self.always.contains(said))
        };
        Cost { statements: after.into_iter().filter_map(each).collect(), took }
    }
}

/// What one page costs.
pub struct Cost {
    /// What PostgreSQL was asked for it, and how often.
    pub statements: Calls,
    /// To its last byte, each time; the fastest first.
    pub took: Vec<Duration>,
}

impl Cost {
    /// What is asked more often than for another page, as a row more would
    /// make it: a page of the log may lie across the end of a bundle, and what
    /// happens once in a few seconds can seem to be asked for.
    pub fn more_than(&self, other: &Self) -> Vec<String> {
        const SLACK: i64 = 5;
        let more = self.statements.iter().filter_map(|(statement, &often)| {
            let there = other.statements.get(statement).copied().unwrap_or(0);
            (often > there + SLACK).then(|| format!("{there} times and {often} times: {statement}"))
        });
        more.collect()
    }
}

/// What pages cost, by path and reader.
pub type Costs = BTreeMap<(String, &'static str), Cost>;

/// What every page costs that this prize has now, by its path and who asked:
/// each reader by itself, since a page is not the same for all.
pub async fn costs(program: &Program, counted: &Statements, prize: &Prize, won: &Won, times: usize) -> Costs {
    let readers = [
        ("organiser", Browser::of(program, &prize.crowd.ada)),
        ("judge", Browser::of(program, prize.judge(&won.pitch).await)),
        ("entrant", Browser::of(program, prize.entrant(&won.pitch))),
        ("nobody", Browser::anyone(program)),
    ];
    counted.quiet().await;
    let mut costs = BTreeMap::new();
    for path in paths() {
        let Some(address) = won.address(prize, &path) else { continue };
        for (role, browser) in &readers {
            // Also fills what is filled once.
            if browser.sees(&address).await.0 == StatusCode::OK {
                let cost = counted.of(browser, &address, times).await;
                costs.insert((path.clone(), *role), cost);
            }
        }
    }
    costs
}

async fn administrator(program: &Program) -> tokio_postgres::Client {
    let secrets = Secrets::open(&program.folder().join("secrets")).unwrap();
    let password = secrets.password("postgres/administrator").unwrap();
    let pid = std::fs::read_to_string(program.folder().join("postgres/data/postmaster.pid")).unwrap();
    let port = pid.lines().nth(3).unwrap();
    let url = format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres");
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
