//! Audit: one transparency log a programme, in which every event has a place
//! that nobody can change unseen.
//!
//! ```text
//! six services' events ──► merge ──► ledger (PostgreSQL) ──► shelf (tiles) ──► signed checkpoint
//! ```
//!
//! [`plaudit_chassis::merge`] gives events an order, [`ledger`] keeps it, [`shelf`] has the
//! files that are served, [`entries`] mends them, [`log`] signs, [`sequencer`] drives them,
//! [`witnesses`] has others cosign, `api` serves under `/log/<programme>/`.

mod access;
mod api;
mod entries;
mod ledger;
mod log;
mod memory;
mod pages;
mod recovery;
mod sequencer;
mod shelf;
mod witnesses;

pub use pages::pages;
pub use witnesses::{WitnessPolicy, WitnessPolicyError};

use std::path::PathBuf;
use std::sync::Arc;

use axum::Extension;
use plaudit_chassis::facts::{TakeAnnouncement, TakeProgrammeFacts};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Module, Service, manager};
use tokio::sync::mpsc;

use crate::memory::Memory;
use crate::shelf::Shelf;
use crate::witnesses::News;

/// The services whose events have a place in the log. Their order here is
/// written down in what is remembered beside the key: more may follow.
const SOURCES: [&str; 6] = ["submissions", "panels", "scoring", "awards", "accounts", "audit"];

/// What audit is told besides what every service is.
#[derive(Clone)]
pub struct LogSettings {
    /// Where tiles and the memory of what was signed lie.
    pub folder: PathBuf,
    /// The log's Ed25519 key: 32 secret bytes.
    pub key: [u8; 32],
    /// The address that logs are served at, without scheme and without a
    /// slash at the end: `prizes.example.org`.
    pub host: String,
    /// Who cosigns the logs.
    pub witnesses: WitnessPolicy,
}

/// What the sequencer and the API share.
struct Trail {
    settings: LogSettings,
    shelf: Shelf,
    memory: Memory,
    asks: mpsc::Sender<sequencer::Sign>,
    /// What each witness has yet to hear, in the policy's order.
    news: Vec<News>,
}

impl Trail {
    /// The origin of a programme's log.
    fn origin(&self, programme: ProgrammeId, generation: i32) -> String {
        match generation {
            1 => format!("{}/log/{programme}", self.settings.host),
            later => format!("{}/log/{programme}/{later}", self.settings.host),
        }
    }

    /// There is a checkpoint that the witnesses may not know. Never waits.
    fn tell_witnesses(&self, programme: ProgrammeId) {
        self.news.iter().for_each(|news| news.tell(programme));
    }
}

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// The audit service.
pub fn module(settings: LogSettings) -> Module {
    let (asks, asked) = mpsc::channel(64);
    let trail = Arc::new(Trail {
        shelf: Shelf::new(settings.folder.join("log")),
        memory: Memory::new(settings.folder.join("signed")),
        news: settings.witnesses.asked().iter().map(|_| News::default()).collect(),
        settings,
        asks,
    });
    let api = api::api().layer(Extension(trail.clone()));
    let witnessed = trail.clone();
    Module {
        name: "audit",
        api,
        read_models: Vec::new(),
        managers: vec![manager(TakeProgrammeFacts), manager(TakeAnnouncement)],
        migrations: Some(migrations::migrations::runner()),
        on_record: true,
        background: vec![
            Box::new(move |service: Service| Box::pin(sequencer::run(service, trail, asked))),
            Box::new(move |service: Service| Box::pin(witnesses::run(service, witnessed))),
        ],
    }
}
