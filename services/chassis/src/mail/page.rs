//! Letters as a page: for tests and for whoever sits at the machine.

use std::fmt::Write;

use super::Mail;

/// Text as it may stand in HTML, attributes included.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// The page of a list of letters. It needs no style and no script.
pub fn page(mails: &[Mail]) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>Mail</title></head>\
         <body><main><h1>Mail</h1><p>There is no mail server, so letters stay here. The newest is first.</p>",
    );
    if mails.is_empty() {
        page.push_str("<p>Nothing was sent yet.</p>");
    }
    for mail in mails {
        let (to, subject, at) = (escape(&mail.to), escape(&mail.subject), mail.sent_at);
        // Writing into a string can't fail.
        let _ = write!(
            page,
            "<article><h2>{subject}</h2><p>To {to}, <time datetime=\"{at}\">{at}</time></p><pre>{}</pre></article>",
            linked(&mail.text)
        );
    }
    page.push_str("</main></body></html>");
    page
}

/// Text with its addresses as links.
fn linked(text: &str) -> String {
    let is_address = |word: &str| word.starts_with("https://") || word.starts_with("http://");
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let (address, rest) = word.split_at(word.trim_end().len());
        let (address, escaped) = (is_address(address), escape(address));
        match address {
            true => format!("<a href=\"{escaped}\">{escaped}</a>{rest}"),
            false => format!("{escaped}{rest}"),
        }
    });
    words.collect()
}
