//! Submissions: programmes, their rulebooks and calls, pitches, screening.
//!
//! - [`programme`] and [`pitch`] are the nouns: what they decide and become.
//! - [`rulebook`] says whether a rulebook makes sense, [`entry`] whether what
//!   an entrant hands in does; [`draft`] keeps what isn't handed in yet.
//! - [`attachment`] takes the files that come with a pitch.
//! - [`access`] says who may do and see what.
//! - [`intake`] is what follows by itself, [`read_model`] the lists, [`api`]
//!   the doors.

mod access;
mod api;
mod attachment;
mod draft;
mod entry;
mod intake;
mod pitch;
mod programme;
mod read_model;
mod reason;
mod rulebook;

pub use attachment::{Bucket, Objects, ObjectsError};
use attachment::{ForgetAttachments, sweep_for_ever};
use axum::Extension;
use plaudit_chassis::facts::{TakeAnnouncement, TakeJudgeFacts};
use plaudit_chassis::{Module, manager, model};

mod drafts_migrations {
    refinery::embed_migrations!("migrations");
}

/// The service, ready to be started. Files are kept in `objects`.
pub fn module(objects: &Objects) -> Module {
    let (swept, forgotten) = (objects.clone(), objects.clone());
    Module {
        name: "submissions",
        api: api::api().layer(Extension(objects.clone())),
        read_models: vec![
            model::<read_model::Programmes>(),
            model::<read_model::Pitches>(),
            model::<read_model::Teams>(),
            model::<read_model::Winners>(),
        ],
        managers: vec![
            manager(intake::CloseAtDeadline),
            manager(intake::TidyDrafts),
            manager(intake::ForgetEntrants),
            manager(intake::ForgetPitches),
            manager(ForgetAttachments(forgotten)),
            manager(TakeJudgeFacts),
            manager(TakeAnnouncement),
        ],
        migrations: Some(drafts_migrations::migrations::runner()),
        on_record: true,
        background: vec![Box::new(|service| Box::pin(sweep_for_ever(service, swept)))],
    }
}
