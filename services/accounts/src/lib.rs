//! Accounts: people, how they sign in, and the edge. The only place that knows
//! who somebody is; everywhere else there are members.
//!
//! What people are and have lies in tables, so that it can be forgotten; the
//! log says only that a programme has a member ([`member`]). What members do
//! here is an ordinary service's API ([`module`]); what people do, and the way
//! to every other service, is the edge's ([`edge`]).

mod access;
mod api;
pub mod edge;
mod errand;
mod letter;
mod member;
mod membership;
mod page;
mod passkey;
mod person;
pub mod provider;
mod refused;
mod row;
mod scope;
mod secret;
mod session;
mod sign_in;
mod token;

use axum::Extension;
pub use membership::InvitationsADay;
use plaudit_chassis::facts::TakeProgrammeFacts;
use plaudit_chassis::{Module, manager};

/// For the operator: people with API tokens and without any right.
pub mod people {
    pub use crate::person::{NewPerson, Provided, create};
}

/// Mail, as every service sends it.
pub use plaudit_chassis::mail;

mod migrations {
    refinery::embed_migrations!("migrations");
}

/// Accounts as a service.
pub fn module(invitations: InvitationsADay) -> Module {
    Module {
        name: "accounts",
        api: api::api().layer(Extension(invitations)),
        read_models: Vec::new(),
        managers: vec![manager(TakeProgrammeFacts), manager(membership::ForgetAsked)],
        migrations: Some(migrations::migrations::runner()),
        on_record: true,
        background: Vec::new(),
    }
}
