//! Who may do what, when: every role × every route × every phase.
#![allow(clippy::unwrap_used)]
