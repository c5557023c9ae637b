//! A letter as it travels (RFC 5322, MIME).

use std::time::SystemTime;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::{Heading, Mail, MailError};

pub fn message(from: &Mailbox, heading: &Heading, mail: &Mail) -> Result<Message, MailError> {
    let to: Address = mail.to.parse().map_err(|_| MailError::Address)?;
    let builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .date(SystemTime::from(mail.sent_at))
        .message_id(heading.message_id.as_ref().map(|id| format!("<{id}>")));
    let text = mail.text.clone();
    let mut message = match &mail.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(text, html.clone()))?,
        None => builder.singlepart(SinglePart::plain(text))?,
    };
    // RFC 3834: nobody's holiday answers this.
    set(&mut message, HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    if let Some(address) = &heading.unsubscribe {
        set(&mut message, HeaderName::new_from_ascii_str("List-Unsubscribe"), format!("<{address}>"));
    }
    Ok(message)
}

fn set(message: &mut Message, name: HeaderName, value: String) {
    message.headers_mut().insert_raw(HeaderValue::new(name, value));
}
