//! PostgreSQL stopped at once, and restored from an older copy.

use rustix::process::Signal;

use crate::servers::{end, postgres};
use crate::stage::{Stage, copy};

const OLDER: &str = "postgres-older";

/// Copies what PostgreSQL has by now. The program is stopped for that.
pub fn copy_aside(stage: &mut Stage) {
    stage.program.stop();
    copy(&stage.program.folder().join("postgres/data"), &stage.aside(OLDER));
}

/// Its "immediate" mode: no farewell, and recovery at the next start, which
/// the program sees to.
pub async fn stopped_at_once(stage: &mut Stage) {
    let load = stage.load();
    stage.goes_on(100).await;
    let first = postgres(&stage.program);
    end(first, Signal::QUIT).await;
    stage.goes_on(100).await;
    assert_ne!(postgres(&stage.program), first, "it was started again");
    load.stop().await;
    stage.holds("PostgreSQL was stopped at once").await;
}

/// NATS is ahead of what was restored: the tail is taken back from there
/// before anything is written.
pub async fn older_copy(stage: &mut Stage) {
    stage.rests();
    stage.program.stop();
    let folder = stage.program.folder().join("postgres/data");
    std::fs::remove_dir_all(&folder).unwrap();
    copy(&stage.aside(OLDER), &folder);
    tokio::task::block_in_place(|| stage.program.start_again());
    stage.texts_are_lost();
    stage.holds("PostgreSQL was replaced by an older copy").await;
    let load = stage.load();
    stage.goes_on(200).await;
    load.stop().await;
    stage.holds("PostgreSQL was replaced, and all went on").await;
}
