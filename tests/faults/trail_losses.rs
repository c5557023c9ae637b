//! What audit has, taken from it while it is down: its tiles, its tables, both.
//! And put back, all of it, as it was before: then it must fork.

use std::path::{Path, PathBuf};

use plaudit_tests::program::Program;
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::Value;
use tokio_postgres::NoTls;

use crate::stage::copy;

/// One kill in so many is followed by none.
const NOTHING_LOST: u32 = 3;

const TABLES: [&str; 4] = ["logs", "leaves", "taken", "signed_checkpoints"];

/// Ways to lose the ledger, or enough of it.
const LOSE_TABLES: [&str; 5] = [
    "delete from leaves; delete from signed_checkpoints; delete from taken; delete from logs",
    "delete from leaves",
    "delete from leaves where index % 5 = 2",
    "drop table leaves",
    "drop table leaves, signed_checkpoints, taken, logs",
];

/// How often what was lost.
#[derive(Debug, Default)]
pub struct Losses {
    pub nothing: usize,
    pub tiles: usize,
    pub tables: usize,
    pub both: usize,
}

impl Losses {
    /// Takes something away. The program's PostgreSQL must run, audit not.
    pub async fn happen(&mut self, program: &Program, rng: &mut StdRng) {
        if rng.random_ratio(1, NOTHING_LOST) {
            self.nothing += 1;
            return;
        }
        let tables = LOSE_TABLES[rng.random_range(0..LOSE_TABLES.len())];
        match rng.random_range(0..3) {
            0 => {
                self.tiles += 1;
                lose_tiles(program);
            }
            1 => {
                self.tables += 1;
                sql(program, tables).await;
            }
            _ => {
                self.both += 1;
                lose_tiles(program);
                sql(program, tables).await;
            }
        }
    }
}

fn audit_folder(program: &Program) -> PathBuf {
    program.folder().join("audit")
}

fn lose_tiles(program: &Program) {
    // Killed twice at its start, it may have none to lose.
    let _ = std::fs::remove_dir_all(audit_folder(program).join("log"));
}

/// Copies what audit has by now: its tables, its tiles, and with `memory` also
/// what it remembers beside its key of what it has signed.
pub async fn copy_aside(program: &Program, aside: &Path) {
    for table in TABLES {
        sql(program, &format!("create table older_{table} as select * from {table}")).await;
    }
    copy(&audit_folder(program), aside);
}

/// Puts the copy in place of what audit has.
pub async fn put_back(program: &Program, aside: &Path, memory: bool) {
    for table in TABLES.iter().rev() {
        sql(program, &format!("delete from {table}")).await;
    }
    for table in TABLES {
        sql(program, &format!("insert into {table} select * from older_{table}")).await;
    }
    for folder in ["log", "signed"].into_iter().filter(|folder| memory || *folder != "signed") {
        let place = audit_folder(program).join(folder);
        std::fs::remove_dir_all(&place).unwrap();
        copy(&aside.join(folder), &place);
    }
}

/// Runs SQL on audit's database, as audit.
async fn sql(program: &Program, statements: &str) {
    let installation = std::fs::read(program.folder().join("installation.json")).unwrap();
    let installation: Value = serde_json::from_slice(&installation).unwrap();
    let url = installation["services"]["audit"]["database_url"].as_str().unwrap();
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(statements).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}
