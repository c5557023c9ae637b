//! The contracts of Plaudit: every event, once, as `plaudit/<service>/v1/events.proto`
//! says it, with the ProtoJSON that is stored, published, logged and hashed.

/// The modules nest as the packages do.
macro_rules! package {
    ($file:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $file, ".rs"));
        include!(concat!(env!("OUT_DIR"), "/", $file, ".serde.rs"));
    };
}

/// Shared words: money, rulebook, roles, reasons.
#[allow(clippy::all, clippy::unwrap_used, missing_docs)]
pub mod v1 {
    package!("plaudit.v1");
}

#[allow(clippy::all, clippy::unwrap_used, missing_docs)]
pub mod submissions {
    pub mod v1 {
        package!("plaudit.submissions.v1");
    }
}

#[allow(clippy::all, clippy::unwrap_used, missing_docs)]
pub mod panels {
    pub mod v1 {
        package!("plaudit.panels.v1");
    }
}

#[allow(clippy::all, clippy::unwrap_used, missing_docs)]
pub mod scoring {
    pub mod v1 {
        package!("plaudit.scoring.v1");
    }
}

#[allow(clippy::all, clippy::unwrap_used, missing_docs)]
pub mod awards {
    pub mod v1 {
        package!("plaudit.awards.v1");
    }
}

#[allow(clippy::all, clippy::unwrap_used, missing_docs)]
pub mod accounts {
    pub mod v1 {
        package!("plaudit.accounts.v1");
    }
}

#[allow(clippy::all, clippy::unwrap_used, missing_docs)]
pub mod intake {
    pub mod v1 {
        package!("plaudit.intake.v1");
    }
}

pub use pbjson_types::Timestamp;

const SEALED: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/sealed.rs"));

/// The fields of a message that hold commitments, by their names in its
/// ProtoJSON.
pub fn sealed_fields(type_name: &str) -> &'static [&'static str] {
    SEALED.iter().find(|(name, _)| *name == type_name).map_or(&[], |(_, fields)| fields)
}
