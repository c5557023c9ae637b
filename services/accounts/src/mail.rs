//! Mail to people: by SMTP, or, where no server is configured, into an outbox
//! in memory that `/dev/mail` shows to whoever sits at the machine.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use lettre::message::{Mailbox, MultiPart};
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
    /// The same as a page.
    pub html: String,
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
                    .multipart(MultiPart::alternative_plain_html(mail.text, mail.html))?;
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;

    fn mail(to: &str) -> Mail {
        let (subject, text) = ("Your code".to_owned(), "It is 123456.".to_owned());
        let html = "<p>It is 123456.</p>".to_owned();
        Mail { to: to.to_owned(), subject, text, html, sent_at: Timestamp::UNIX_EPOCH }
    }

    /// Speaks as much SMTP as one letter needs; answers what it was told.
    async fn postman(listener: TcpListener) -> Vec<String> {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let (mut lines, mut told) = (BufReader::new(reader).lines(), Vec::new());
        writer.write_all(b"220 postman\r\n").await.unwrap();
        let mut in_letter = false;
        while let Some(line) = lines.next_line().await.unwrap() {
            let answer: &[u8] = match line.as_str() {
                "." => b"250 taken\r\n",
                "DATA" => b"354 go on\r\n",
                _ if in_letter => b"",
                _ => b"250 yes\r\n",
            };
            in_letter = (in_letter || line == "DATA") && line != ".";
            writer.write_all(answer).await.unwrap();
            let last = line == ".";
            told.push(line);
            if last {
                break;
            }
        }
        told
    }

    #[tokio::test]
    async fn a_server_gets_the_letter() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let postman = tokio::spawn(postman(listener));
        let outbox = Outbox::smtp(&url, "Plaudit <no-reply@plaudit.example>").unwrap();
        outbox.send(mail("ada@example.org")).await.unwrap();
        let told = postman.await.unwrap().join("\n");
        for line in
            ["RCPT TO:<ada@example.org>", "Subject: Your code", "It is 123456.", "<p>It is 123456.</p>"]
        {
            assert!(told.contains(line), "{told}");
        }
        assert!(outbox.held().is_none());
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_an_error_without_the_address() {
        let outbox = Outbox::smtp("smtp://127.0.0.1:1", "no-reply@plaudit.example").unwrap();
        let error = outbox.send(mail("ada@example.org")).await.unwrap_err();
        assert!(!error.to_string().contains("ada"));
        assert!(Outbox::smtp("smtps://user:password@localhost", "no-reply@plaudit.example").is_ok());
        assert!(Outbox::smtp("localhost", "no-reply@plaudit.example").is_err());
        assert!(Outbox::smtp("smtp://localhost", "nobody").is_err());
    }

    #[tokio::test]
    async fn memory_holds_the_newest_first_and_not_for_ever() {
        let outbox = Outbox::in_memory();
        for number in 0..KEPT + 10 {
            outbox.send(mail(&format!("{number}@example.org"))).await.unwrap();
        }
        let held = outbox.held().unwrap();
        assert_eq!((held.len(), held[0].to.as_str()), (KEPT, "209@example.org"));
        outbox.forget("209@example.org");
        assert_eq!(outbox.held().unwrap()[0].to, "208@example.org");
    }
}
