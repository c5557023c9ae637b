#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;

fn mail(to: &str) -> Mail {
    let (subject, text) = ("Your code".to_owned(), "It is 123456.".to_owned());
    Mail { to: to.to_owned(), subject, text, html: None, sent_at: Timestamp::UNIX_EPOCH }
}

/// Speaks as much SMTP as one letter needs; answers what it was told.
async fn postman(listener: TcpListener, last_word: &'static [u8]) -> Vec<String> {
    let (stream, _) = listener.accept().await.unwrap();
    let (reader, mut writer) = stream.into_split();
    let (mut lines, mut told) = (BufReader::new(reader).lines(), Vec::new());
    writer.write_all(b"220 postman\r\n").await.unwrap();
    let mut in_letter = false;
    while let Some(line) = lines.next_line().await.unwrap() {
        let answer: &[u8] = match line.as_str() {
            "." => last_word,
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

/// Sends a letter to a postman with this last word; what he was told, and how it ended.
async fn sends(last_word: &'static [u8]) -> (String, Result<(), MailError>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let postman = tokio::spawn(postman(listener, last_word));
    let outbox = Outbox::smtp(&url, "Plaudit <no-reply@plaudit.example>").unwrap();
    let heading = Heading {
        message_id: Some("one@plaudit.example".to_owned()),
        unsubscribe: Some("https://plaudit.example/no-more".to_owned()),
    };
    let html = Some("<p>It is <b>123456</b>.</p>".to_owned());
    let sent = outbox.send_under(&heading, Mail { html, ..mail("ada@example.org") }).await;
    assert!(outbox.held().is_none());
    (postman.await.unwrap().join("\n"), sent)
}

#[tokio::test]
async fn a_server_gets_the_letter_in_both_forms_under_its_heading() {
    let (told, sent) = sends(b"250 taken\r\n").await;
    sent.unwrap();
    for line in [
        "RCPT TO:<ada@example.org>",
        "Subject: Your code",
        "Message-ID: <one@plaudit.example>",
        "Auto-Submitted: auto-generated",
        "List-Unsubscribe: <https://plaudit.example/no-more>",
        "It is 123456.",
        "<p>It is <b>123456</b>.</p>",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
}

#[tokio::test]
async fn what_the_server_says_last_decides_whether_it_may_have_gone() {
    for (last_word, fate) in
        [(b"451 not now\r\n".as_slice(), Fate::Later), (b"554 never\r\n", Fate::Never), (b"", Fate::Unknown)]
    {
        let (_, sent) = sends(last_word).await;
        assert_eq!(sent.unwrap_err().fate(), fate, "{last_word:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_without_the_address() {
    let outbox = Outbox::smtp("smtp://127.0.0.1:1", "no-reply@plaudit.example").unwrap();
    assert!(!outbox.answers().await);
    let error = outbox.send(mail("ada@example.org")).await.unwrap_err();
    assert!(!error.to_string().contains("ada"));
    assert!(Outbox::smtp("smtps://user:password@localhost", "no-reply@plaudit.example").is_ok());
    assert!(Outbox::smtp("localhost", "no-reply@plaudit.example").is_err());
    assert!(Outbox::smtp("smtp://localhost", "nobody").is_err());
}

#[tokio::test]
async fn a_folder_holds_the_newest_first_and_not_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail");
    let outbox = Outbox::in_folder(&path);
    assert_eq!(outbox.held(), Some(Vec::new()));
    for number in 0..KEPT as i64 + 10 {
        let sent_at = Timestamp::from_millisecond(1_800_000_000_000 + number).unwrap();
        outbox.send(Mail { sent_at, ..mail(&format!("{number}@example.org")) }).await.unwrap();
    }
    let held = outbox.held().unwrap();
    assert_eq!((held.len(), held[0].to.as_str()), (KEPT, "509@example.org"));
    outbox.forget("509@example.org");
    // Another process reads the same files.
    let other = Outbox::in_folder(&path);
    assert_eq!(other.held().unwrap()[0].to, "508@example.org");
    for file in std::fs::read_dir(&path).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever is written can be read.
    #[test]
    fn a_letter_in_a_file_says_what_it_said(
        subject in "[a-zA-Z0-9éß王 .=?]{1,120}", lines in prop::collection::vec("[ -~é王]{0,200}", 1..8), both: bool,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let text = lines.join("\n").trim_end().to_owned();
        let html = both.then(|| format!("<p>{text}</p>"));
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let sent = Mail { subject, text, html, ..mail("ada@example.org") };
        let outbox = Outbox::in_folder(folder.path());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(outbox.send(sent.clone())).unwrap();
        prop_assert_eq!(outbox.held().unwrap(), vec![sent]);
    }
}

#[test]
fn a_page_of_letters_is_only_text() {
    let sly =
        Mail { text: "<script>x</script> https://plaudit.example/?a=1&b=\"2\"\n".to_owned(), ..mail("a@b") };
    let page = page(&[sly]);
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert!(page.contains("<a href=\"https://plaudit.example/?a=1&amp;b=&quot;2&quot;\">"));
}
