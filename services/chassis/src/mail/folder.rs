//! Letters as files: for a machine without a mail server.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use lettre::Address;
use lettre::message::Mailbox;
use uuid::Uuid;

use super::{Heading, Mail, MailError, read, write};

/// Only its owner reads what is in it: codes are.
pub struct Folder {
    path: PathBuf,
    kept: usize,
}

const ENDING: &str = "eml";

impl Folder {
    pub fn new(path: PathBuf, kept: usize) -> Self {
        Self { path, kept }
    }

    /// Writes a letter, and drops the oldest that are too many. Under its
    /// name it is whole.
    pub fn put(&self, heading: &Heading, mail: &Mail) -> Result<(), MailError> {
        let from = Mailbox::new(
            Some("Plaudit".to_owned()),
            Address::new("plaudit", "localhost").map_err(|_| MailError::Address)?,
        );
        let message = write::message(&from, heading, mail)?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.path)?;
        // Names sort by when their letters were sent.
        let name = format!("{:015}-{}", mail.sent_at.as_millisecond(), Uuid::now_v7().simple());
        let part = self.path.join(format!("{name}.part"));
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        file.write_all(&message.formatted())?;
        fs::rename(&part, self.path.join(format!("{name}.{ENDING}")))?;
        for old in self.files().iter().skip(self.kept) {
            // Another process may have been faster.
            let _ = fs::remove_file(old);
        }
        Ok(())
    }

    /// Its letters, newest first. One that goes while they are read is
    /// missing.
    pub fn mails(&self) -> Vec<Mail> {
        self.files().iter().filter_map(|file| mail(file)).collect()
    }

    /// Drops what was sent to an address.
    pub fn forget(&self, to: &str) {
        for file in self.files() {
            if mail(&file).is_some_and(|mail| mail.to == to)
                && let Err(error) = fs::remove_file(&file)
            {
                tracing::warn!(%error, "a letter to somebody who left can't be deleted");
            }
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|ending| ending == ENDING)).collect();
        files.sort_unstable_by(|one, other| other.cmp(one));
        files
    }
}

fn mail(file: &Path) -> Option<Mail> {
    let millis = file.file_stem()?.to_str()?.split('-').next()?.parse().ok()?;
    read::mail(&fs::read_to_string(file).ok()?, Timestamp::from_millisecond(millis).ok()?)
}
