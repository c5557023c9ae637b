//! The service on real PostgreSQL and real NATS, by its HTTP API.
#![allow(clippy::unwrap_used)]

mod attachments;
mod bucket;
mod collaborators;
mod deadline;
mod late;
mod panels;
mod programme;
mod rulebook_draft;
mod stand;
mod tokens;
mod wall;
mod within;
