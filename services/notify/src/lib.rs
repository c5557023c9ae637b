//! Notify: letters to those whom an event concerns.
//!
//! ```text
//! all services' events ──► reading ──► letters, mailings (PostgreSQL) ──► sending ──► mail
//! ```
//!
//! [`reading`] folds the events into [`facts`] and makes a [`letter`] for
//! everybody concerned, or a [`mailing`] where there are many or it isn't time
//! yet, in one transaction with how far it has read. [`sending`] claims each
//! letter before it is sent, so that it goes once; where a crash, or a server
//! that did not answer, leaves it open whether one has gone, it goes again
//! with the same Message-ID, and the log says that it may have gone twice.
//! [`words`] is what letters say.
//!
//! Notify appends no events: that somebody was written to is no part of the
//! record of a programme, and members can be forgotten without a trace in it.
//! Who they are and what a programme is called it asks the services that know
//! ([`peers`]) at the moment of sending, and keeps neither.
//!
//! All letters but one are needed for taking part: a person who enters, judges
//! or organises has to know. What somebody pledges to a winner
//! ([`letter::Kind::SupportPledged`]) can be done without: that letter says
//! how to have no more of them (`List-Unsubscribe`).

mod access;
mod api;
mod facts;
mod letter;
mod mailing;
mod peers;
mod reading;
mod row;
mod sending;
mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use plaudit_chassis::mail::Outbox;
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Module, Service};

pub use peers::Peers;

/// What notify is told besides what every service is.
#[derive(Clone)]
pub struct NotifySettings {
    /// Where the pages are, such as `https://prizes.example.org`.
    pub public_url: String,
    /// Takes the letters.
    pub outbox: Outbox,
    /// The services that know names.
    pub peers: Peers,
}

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// The notify service.
pub fn module(settings: NotifySettings) -> Module {
    let settings = Arc::new(settings);
    let api = api::api().layer(Extension(settings.clone()));
    Module {
        name: "notify",
        api,
        read_models: Vec::new(),
        managers: Vec::new(),
        on_record: false,
        migrations: Some(migrations::migrations::runner()),
        background: vec![Box::new(move |service: Service| Box::pin(run(service, settings)))],
    }
}

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// The advisory lock's number: "plaudit" and "mail" in ASCII, folded.
const LOCK: i64 = 0x706c_6175_6d61_696c;

async fn run(service: Service, settings: Arc<NotifySettings>) {
    reading::SOURCES.into_iter().for_each(|source| service.follows(source, 0));
    loop {
        if let Err(error) = work(&service, &settings).await {
            tracing::warn!(%error, "no letters are written just now");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Works as long as this is the one copy that does.
async fn work(service: &Service, settings: &NotifySettings) -> Result<(), StoreError> {
    let lock = service.pool().get().await?;
    if !lock.query_one("select pg_try_advisory_lock($1)", &[&LOCK]).await?.get::<_, bool>(0) {
        return Ok(());
    }
    // The lock is the connection's: back in the pool it would keep others out.
    let lock = deadpool_postgres::Object::take(lock);
    letter::unclaim(service).await?;
    let lost = async {
        while !lock.is_closed() {
            tokio::time::sleep(AGAIN).await;
        }
    };
    tokio::select! {
        ended = reading::read(service) => ended,
        ended = mailing::keep_time(service, &settings.peers) => ended,
        ended = sending::send(service, settings) => ended,
        () = lost => Ok(()),
    }
}
