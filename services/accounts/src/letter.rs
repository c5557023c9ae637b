//! The letters that carry codes, in plain text and in HTML.

use jiff::Timestamp;
use url::Url;

use plaudit_chassis::mail::Mail;

/// The page where a code is used, without the code.
const CODE_PAGE: &str = "/sign-in/code";

/// A code to sign in by, and the link that carries it. Both work only in the
/// browser that asked: a machine that opens the links of letters gets nowhere.
pub fn sign_in(to: String, code: &str, public: &Url, now: Timestamp) -> Mail {
    let link = link(public, code);
    let text = format!(
        "Your code for Plaudit is {code}\n\n\
         Or open this link in the browser where you asked:\n{link}\n\n\
         Either works once, for ten minutes, and only where you asked for it. \
         If you did not ask for it, do nothing: nobody gets in without it.\n"
    );
    let html = page(&format!(
        "<p>Your code for Plaudit is</p>{}\
         <p>Or <a href=\"{link}\">sign in by this link</a>, in the browser where you asked.</p>\
         <p>Either works once, for ten minutes, and only where you asked for it. \
         If you did not ask for it, do nothing: nobody gets in without it.</p>",
        large(code)
    ));
    Mail { to, subject: "Your code for Plaudit".to_owned(), text, html: Some(html), sent_at: now }
}

/// A code to prove within a session who it is.
pub fn second_key(to: String, code: &str, now: Timestamp) -> Mail {
    let warning = "If you did not ask for it, somebody else may be signed in as you: \
                   do not pass it on, and end your sessions under “Your account”.";
    let text = format!(
        "Your code to confirm that it is you is {code}\n\n\
         Plaudit asks for it before marks are opened, awards approved or money paid. \
         It works once, for ten minutes, where you asked for it. {warning}\n"
    );
    let html = page(&format!(
        "<p>Your code to confirm that it is you is</p>{}\
         <p>Plaudit asks for it before marks are opened, awards approved or money paid. \
         It works once, for ten minutes, where you asked for it.</p><p>{warning}</p>",
        large(code)
    ));
    Mail { to, subject: "Confirm that it is you".to_owned(), text, html: Some(html), sent_at: now }
}

/// Written so that it needs no escaping in an attribute.
fn link(public: &Url, code: &str) -> String {
    let mut link = public.clone();
    link.set_path(CODE_PAGE);
    link.set_fragment(None);
    link.set_query(Some(&format!("code={code}")));
    link.into()
}

fn large(code: &str) -> String {
    format!("<p style=\"font-size:2em;letter-spacing:.15em\"><strong>{code}</strong></p>")
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Plaudit</title></head>\
         <body style=\"font-family:sans-serif;line-height:1.5\">{body}</body></html>"
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_link_leads_to_the_page_of_this_installation() {
        let public = "https://prize.example/".parse().unwrap();
        let mail = sign_in("ada@example.org".to_owned(), "012345", &public, Timestamp::UNIX_EPOCH);
        let link = "https://prize.example/sign-in/code?code=012345";
        assert!(mail.text.lines().any(|line| line == link), "{}", mail.text);
        assert!(
            mail.html.as_deref().unwrap().contains(&format!("href=\"{link}\""))
                && mail.html.as_deref().unwrap().contains("012345</strong>")
        );
    }

    #[test]
    fn a_code_for_the_second_key_comes_without_a_link() {
        let mail = second_key("ada@example.org".to_owned(), "012345", Timestamp::UNIX_EPOCH);
        assert!(mail.text.contains("012345") && mail.html.as_deref().unwrap().contains("012345"));
        assert!(!mail.text.contains("http") && !mail.html.as_deref().unwrap().contains("href"));
    }
}
