//! The panels service: who judges a round. Panels are convened, judges invited
//! and seated, interests declared, pitches shared out among judges; and when
//! somebody stands aside later, the least change that makes it hold again.

mod access;
mod api;
pub mod assignment;
mod bench;
mod commands;
#[cfg(test)]
mod given;
mod intake;
mod judge;
mod panel;
mod read_model;
mod words;

use plaudit_chassis::facts::{TakePitchFacts, TakeProgrammeFacts};
use plaudit_chassis::intake::ForgetMembers;
use plaudit_chassis::{Module, manager, model};

/// The service, ready to start.
pub fn module() -> Module {
    Module {
        name: "panels",
        api: api::api(),
        read_models: vec![
            model::<read_model::Panels>(),
            model::<read_model::Judges>(),
            model::<read_model::Assignments>(),
        ],
        managers: vec![
            manager(TakeProgrammeFacts),
            manager(TakePitchFacts),
            manager(intake::MendAssignments),
            manager(ForgetMembers),
        ],
        migrations: None,
        on_record: true,
        background: Vec::new(),
    }
}
