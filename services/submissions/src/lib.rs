//! Submissions: programmes, their rulebooks and calls, pitches, screening.
//!
//! - [`programme`] and [`pitch`] are the nouns: what they decide and become.
//! - [`rulebook`] says whether a rulebook makes sense, [`entry`] whether what
//!   an entrant hands in does; [`draft`] keeps what isn't handed in yet.
//! - [`access`] says who may do and see what.
//! - [`intake`] is what follows by itself, [`read_model`] the lists, [`api`]
//!   the doors.

mod access;
mod api;
mod draft;
mod entry;
mod intake;
mod pitch;
mod programme;
mod read_model;
mod reason;
mod rulebook;

use plaudit_chassis::facts::{TakeAnnouncement, TakeJudgeFacts};
use plaudit_chassis::{Module, manager, model};

mod drafts_migrations {
    refinery::embed_migrations!("migrations");
}

/// The service, ready to be started.
pub fn module() -> Module {
    Module {
        name: "submissions",
        api: api::api(),
        read_models: vec![
            model::<read_model::Programmes>(),
            model::<read_model::Pitches>(),
            model::<read_model::Teams>(),
        ],
        managers: vec![
            manager(intake::CloseAtDeadline),
            manager(intake::TidyDrafts),
            manager(intake::ForgetEntrants),
            manager(intake::ForgetPitches),
            manager(TakeJudgeFacts),
            manager(TakeAnnouncement),
        ],
        migrations: Some(drafts_migrations::migrations::runner()),
        on_record: true,
        background: Vec::new(),
    }
}
