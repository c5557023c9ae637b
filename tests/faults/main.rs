//! What survives: the program killed, its servers stopped, their folders lost
//! or old, two copies of it at once; the logs' tiles and tables lost. An outside
//! ledger says what must be there afterwards, a reader of the logs that none
//! forks, and both are shown to notice when it isn't so.
//!
//! `make faults` kills fifty times; `PLAUDIT_SEED` repeats a run's choices.
#![allow(clippy::unwrap_used)]

mod cast;
mod copies;
mod deadline;
mod kills;
mod ledger;
mod lies;
mod load;
mod log;
mod nats;
mod postgres;
mod proxy;
mod served;
mod servers;
mod stage;
mod trail;
mod trail_losses;
mod verify;

use stage::Stage;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_is_killed_stopped_lost_or_old_every_acknowledged_command_is_there_once() {
    let mut stage = Stage::set("faults").await;
    postgres::copy_aside(&mut stage);
    nats::copy_aside(&mut stage);
    stage.program.start_again();
    let trail = trail::Log::of(&stage.program, &stage.cast.programme).await;
    let deadline = deadline::comes_soon(&stage).await;
    kills::at_random_moments(&mut stage).await;
    trail.is_whole(&stage).await;
    nats::stopped_for_a_while(&mut stage).await;
    nats::folder_deleted(&mut stage).await;
    trail.is_whole(&stage).await;
    nats::older_copy(&mut stage).await;
    trail.is_whole(&stage).await;
    nats::killed(&mut stage).await;
    nats::messages_deleted_from_the_middle(&mut stage).await;
    trail.is_whole(&stage).await;
    postgres::stopped_at_once(&mut stage).await;
    deadline.closed_the_call_once(&mut stage).await;
    trail.is_whole(&stage).await;
    postgres::older_copy(&mut stage).await;
    trail.is_whole(&stage).await;
    deadline.closed_the_call_once(&mut stage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_copies_at_once_are_one_and_a_planted_acknowledgement_is_noticed() {
    let mut stage = Stage::set("two copies").await;
    copies::at_the_same_time(&mut stage).await;
    lies::are_noticed(&mut stage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_at_random_moments_no_programmes_log_forks_or_skips() {
    let mut stage = Stage::set("trail").await;
    trail::program_killed_at_random_moments(&mut stage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn audit_killed_and_its_tiles_and_tables_lost_no_log_forks_or_skips() {
    let mut stage = Stage::set("trail, audit alone").await;
    trail::audit_killed_and_robbed(&mut stage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_log_that_forks_is_noticed() {
    let mut stage = Stage::set("trail, a planted fork").await;
    trail::a_fork_is_noticed(&mut stage).await;
}
