//! Reads a letter that was written here: as much of MIME as that needs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use quoted_printable::ParseMode;

use super::Mail;

/// What a file says; `None` if it is no letter of ours.
pub fn mail(file: &str, sent_at: Timestamp) -> Option<Mail> {
    let whole = Part::read(file)?;
    let to = whole.header("to")?.trim_matches(['<', '>']).to_owned();
    let subject = words(&whole.header("subject").unwrap_or_default());
    let (mut text, mut html) = (None, None);
    for part in whole.parts() {
        match part.header("content-type") {
            Some(kind) if kind.starts_with("text/html") => html = part.content(),
            _ => text = part.content(),
        }
    }
    Some(Mail { to, subject, text: text?, html, sent_at })
}

/// Headers and what follows them.
struct Part<'a> {
    headers: Vec<(String, String)>,
    body: &'a str,
}

impl<'a> Part<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let headers = unfolded.split("\r\n").filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Some(Self { headers, body })
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// The parts that it consists of: itself, if it is not of several.
    fn parts(self) -> Vec<Part<'a>> {
        let kind = self.header("content-type").unwrap_or_default();
        let Some((_, boundary)) = kind.split_once("boundary=\"") else { return vec![self] };
        let line = format!("--{}", boundary.trim_end_matches('"'));
        let parts = self.body.split(&line).skip(1);
        parts.filter_map(|part| Part::read(part.strip_prefix("\r\n")?)).collect()
    }

    fn content(&self) -> Option<String> {
        let body = self.body.trim_end_matches("\r\n");
        let bytes = match self.header("content-transfer-encoding").as_deref() {
            Some("base64") => BASE64_STANDARD.decode(body.replace("\r\n", "")).ok()?,
            Some("quoted-printable") => quoted_printable::decode(body, ParseMode::Robust).ok()?,
            _ => body.as_bytes().to_vec(),
        };
        Some(String::from_utf8(bytes).ok()?.replace("\r\n", "\n"))
    }
}

/// A header's words, of which some may be encoded (RFC 2047); the space
/// between two that are is none.
fn words(header: &str) -> String {
    let mut read = String::new();
    let mut after_encoded = false;
    for word in header.split(' ') {
        let decoded = encoded(word);
        let one_word = after_encoded && decoded.is_some();
        if !read.is_empty() && !one_word {
            read.push(' ');
        }
        after_encoded = decoded.is_some();
        read.push_str(decoded.as_deref().unwrap_or(word));
    }
    read
}

fn encoded(word: &str) -> Option<String> {
    let base64 = word.strip_prefix("=?utf-8?b?")?.strip_suffix("?=")?;
    String::from_utf8(BASE64_STANDARD.decode(base64).ok()?).ok()
}
