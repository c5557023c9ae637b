//! Attachments: the files that come with a pitch. They arrive in parts, so
//! that a lost connection loses at most one; they are taken for what their
//! bytes are, whatever they are called; they rest encrypted with the pitch's
//! key. A submission seals the list of those that its team then has. What it
//! names stays until the pitch is forgotten, though the team takes it off.

mod bucket;
mod error;
mod kind;
mod objects;
mod sealed;
mod sweep;
mod table;
#[cfg(test)]
mod tests;
mod upload;
mod zip;

pub use bucket::Bucket;
pub use error::AttachmentError;
pub use kind::Kind;
pub use objects::{Objects, ObjectsError};
pub use sealed::{Listed, Sealing};
pub use sweep::{ForgetAttachments, sweep_for_ever};
pub use table::{About, Attachment, Attachments};
pub use upload::LEAST_PART;
