//! Mail to people: by SMTP, or, where no server is configured, into an outbox
//! in memory that `/dev/mail` shows to whoever sits at the machine.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use lettre::message::Mailbox;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::Serialize;

/// A letter.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Mail {
    /// An address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
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
    /// The server did not take it.
    #[error("the mail server did not take the mail (status {0:?})")]
    Server(Option<lettre::transport::smtp::response::Code>),
}

/// Where letters go. Cheap to clone.
#[derive(Clone)]
pub struct Outbox(Way);

#[derive(Clone)]
enum Way {
    Memory(Arc<Mutex<VecDeque<Mail>>>),
    Smtp(Arc<Smtp>),
}

struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// How many letters an outbox in memory holds; the oldest go first.
const KEPT: usize = 200;

impl Outbox {
    /// In memory, for one machine without a mail server.
    pub fn in_memory() -> Self {
        Self(Way::Memory(Arc::default()))
    }

    /// By the server of an address such as `smtps://user:password@host` or
    /// `smtp://host:25?tls=opportunistic`, from `Plaudit <no-reply@host>`.
    pub fn smtp(url: &str, from: &str) -> Result<Self, MailError> {
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(MailError::Url)?;
        let from = from.parse().map_err(|_| MailError::Address)?;
        Ok(Self(Way::Smtp(Arc::new(Smtp { server: server.build(), from }))))
    }

    /// Sends a letter; returns when the server has taken it.
    pub async fn send(&self, mail: Mail) -> Result<(), MailError> {
        match &self.0 {
            Way::Memory(held) => {
                let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
                held.truncate(KEPT - 1);
                held.push_front(mail);
                Ok(())
            }
            Way::Smtp(smtp) => {
                let to: Address = mail.to.parse().map_err(|_| MailError::Address)?;
                let message = Message::builder()
                    .from(smtp.from.clone())
                    .to(Mailbox::new(None, to))
                    .subject(mail.subject)
                    .body(mail.text)?;
                // The server's words may repeat the address: only its code is kept.
                smtp.server.send(message).await.map(drop).map_err(|error| MailError::Server(error.status()))
            }
        }
    }

    /// What was sent, newest first; `None` where a mail server has it.
    pub fn held(&self) -> Option<Vec<Mail>> {
        match &self.0 {
            Way::Memory(held) => {
                let held = held.lock().unwrap_or_else(PoisonError::into_inner);
                Some(held.iter().cloned().collect())
            }
            Way::Smtp(_) => None,
        }
    }

    /// Drops what was sent to an address.
    pub fn forget(&self, to: &str) {
        if let Way::Memory(held) = &self.0 {
            held.lock().unwrap_or_else(PoisonError::into_inner).retain(|mail| mail.to != to);
        }
    }
}
