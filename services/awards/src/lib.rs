//! Awards: who wins what, who agreed to it, whether it was paid, and what
//! support is owed.

mod access;
mod api;
mod award;
mod guard;
mod intake;
mod money;
mod payout;
mod pot;
mod ranking;
mod read_model;
mod reason;
mod support;

use plaudit_chassis::facts::{TakePitchFacts, TakeProgrammeFacts};
use plaudit_chassis::intake::ForgetMembers;
use plaudit_chassis::{Module, manager, model};

/// The awards service.
pub fn module() -> Module {
    Module {
        name: "awards",
        api: api::api(),
        read_models: vec![
            model::<read_model::Awards>(),
            model::<read_model::Announcements>(),
            model::<read_model::Rankings>(),
            model::<read_model::Supports>(),
        ],
        managers: vec![
            manager(TakeProgrammeFacts),
            manager(TakePitchFacts),
            manager(intake::TakeResults),
            manager(intake::AnnounceAtMoment),
            manager(intake::LapseAwards),
            manager(intake::TakePaymentsAsReceived),
            manager(ForgetMembers),
        ],
        migrations: None,
        on_record: true,
        background: Vec::new(),
    }
}
