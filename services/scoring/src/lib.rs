//! Scoring: rounds, scorecards, results.
//!
//! A mark is sealed by its judge and stays closed, to organisers as well,
//! until two people open the locked round; then the result follows by itself,
//! as a pure function of the pinned rules and the counted marks.

pub mod access;
mod api;
mod draft;
mod facts;
pub mod intake;
pub mod read_model;
pub mod result;
pub mod round;
pub mod rules;
pub mod scorecard;

use plaudit_chassis::facts::{TakeAnnouncement, TakeJudgeFacts, TakePitchFacts, TakeProgrammeFacts};
use plaudit_chassis::intake::ForgetMembers;
use plaudit_chassis::{Module, manager, model};

mod drafts_migrations {
    refinery::embed_migrations!("migrations");
}

/// The service, for whoever runs it.
pub fn module() -> Module {
    Module {
        name: "scoring",
        api: api::api(),
        read_models: vec![
            model::<read_model::Rounds>(),
            model::<read_model::Scorecards>(),
            model::<read_model::Results>(),
        ],
        managers: vec![
            manager(TakeProgrammeFacts),
            manager(TakePitchFacts),
            manager(TakeJudgeFacts),
            manager(intake::TakeAssignments),
            manager(TakeAnnouncement),
            manager(intake::Consequences),
            manager(intake::ForgetRounds),
            manager(intake::TidyDrafts),
            manager(ForgetMembers),
        ],
        migrations: Some(drafts_migrations::migrations::runner()),
        on_record: true,
        background: Vec::new(),
    }
}
