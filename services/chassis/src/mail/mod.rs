//! Mail to people: by SMTP, or, where no server is configured, into files in
//! a folder that `/dev/mail` shows to whoever sits at the machine.

mod folder;
mod page;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::Serialize;

pub use page::{escape, page};

use folder::Folder;

/// A letter.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Mail {
    /// An address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as a page, for those who read it as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
}

/// What programs on the way are told of a letter, besides what it says.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// What stands between the angle brackets of `Message-ID`; a random one
    /// without it. The same letter, sent again, has the same.
    pub message_id: Option<String>,
    /// Where whoever wants no more letters of this kind says so.
    pub unsubscribe: Option<String>,
}

/// Why a letter was not sent. It never says to whom.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The configuration is wrong.
    #[error("the SMTP address is none, such as smtps://user:password@mail.example.org: {0}")]
    Url(lettre::transport::smtp::Error),
    /// An address that mail can't have.
    #[error("the address can't receive mail")]
    Address,
    /// A letter that can't be written.
    #[error("the mail can't be written: {0}")]
    Message(#[from] lettre::error::Error),
    /// The server did not take it, or did not say that it has.
    #[error("the mail server did not take the mail (status {0:?})")]
    Server(Option<lettre::transport::smtp::response::Code>),
    /// The folder can't be written to.
    #[error("the mail folder can't be used: {0}")]
    Folder(#[from] std::io::Error),
}

/// What has become of a letter that was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has not gone, and may later.
    Later,
    /// It has not gone, and never will.
    Never,
    /// It may have gone: the server did not say.
    Unknown,
}

impl MailError {
    /// See [`Fate`].
    pub fn fate(&self) -> Fate {
        match self {
            Self::Address | Self::Message(_) => Fate::Never,
            Self::Url(_) | Self::Folder(_) => Fate::Later,
            Self::Server(Some(code)) if u16::from(*code) >= 500 => Fate::Never,
            Self::Server(Some(_)) => Fate::Later,
            Self::Server(None) => Fate::Unknown,
        }
    }
}

/// Where letters go. Cheap to clone.
#[derive(Clone)]
pub struct Outbox(Way);

#[derive(Clone)]
enum Way {
    Memory(Arc<Mutex<VecDeque<Mail>>>),
    Folder(Arc<Folder>),
    Smtp(Arc<Smtp>),
}

struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// How long a server may be silent.
const SILENCE: Duration = Duration::from_secs(30);

/// How many letters are kept where there is no server; the oldest go first.
const KEPT: usize = 500;

impl Outbox {
    /// In memory, for tests.
    pub fn in_memory() -> Self {
        Self(Way::Memory(Arc::default()))
    }

    /// A file a letter, in a folder that is made with the first: for one
    /// machine without a mail server.
    pub fn in_folder(path: impl Into<PathBuf>) -> Self {
        Self(Way::Folder(Arc::new(Folder::new(path.into(), KEPT))))
    }

    /// By the server of an address such as `smtps://user:password@host` or
    /// `smtp://host:25?tls=opportunistic`, from `Plaudit <no-reply@host>`.
    pub fn smtp(url: &str, from: &str) -> Result<Self, MailError> {
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(MailError::Url)?;
        let from = from.parse().map_err(|_| MailError::Address)?;
        let server = server.timeout(Some(SILENCE)).build();
        Ok(Self(Way::Smtp(Arc::new(Smtp { server, from }))))
    }

    /// Sends a letter; returns when the server has taken it.
    pub async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.send_under(&Heading::default(), mail).await
    }

    /// The same, with more in its head.
    pub async fn send_under(&self, heading: &Heading, mail: Mail) -> Result<(), MailError> {
        match &self.0 {
            Way::Memory(held) => {
                let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
                held.truncate(KEPT - 1);
                held.push_front(mail);
                Ok(())
            }
            Way::Folder(folder) => folder.put(heading, &mail),
            Way::Smtp(smtp) => {
                let message = write::message(&smtp.from, heading, &mail)?;
                // The server's words may repeat the address: only its code is kept.
                smtp.server.send(message).await.map(drop).map_err(|error| MailError::Server(error.status()))
            }
        }
    }

    /// Whether letters would be taken just now: asked before one is claimed.
    pub async fn answers(&self) -> bool {
        match &self.0 {
            Way::Memory(_) | Way::Folder(_) => true,
            Way::Smtp(smtp) => smtp.server.test_connection().await.unwrap_or(false),
        }
    }

    /// What was sent, newest first; `None` where a mail server has it.
    pub fn held(&self) -> Option<Vec<Mail>> {
        match &self.0 {
            Way::Memory(held) => {
                let held = held.lock().unwrap_or_else(PoisonError::into_inner);
                Some(held.iter().cloned().collect())
            }
            Way::Folder(folder) => Some(folder.mails()),
            Way::Smtp(_) => None,
        }
    }

    /// Drops what was sent to an address.
    pub fn forget(&self, to: &str) {
        match &self.0 {
            Way::Memory(held) => {
                held.lock().unwrap_or_else(PoisonError::into_inner).retain(|mail| mail.to != to);
            }
            Way::Folder(folder) => folder.forget(to),
            Way::Smtp(_) => {}
        }
    }
}
