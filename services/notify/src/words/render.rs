//! A letter as it is sent: the wording, filled in, as text and as a page.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::mail::escape;

use super::wording::{Placeholder, Wording, filled};
use crate::letter::{About, Kind};

/// What a letter is about, for whoever reads it.
pub struct Told<'a> {
    pub kind: Kind,
    pub programme: ProgrammeId,
    pub about: &'a About,
    /// The reader's name; may be empty.
    pub name: &'a str,
    /// The programme's; none if it was forgotten.
    pub title: Option<&'a str>,
    pub time_zone: &'a str,
    /// Where the pages are.
    pub public_url: &'a str,
}

/// A letter, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Writes it.
pub fn written(wording: &Wording, told: &Told<'_>) -> Written {
    let value = |placeholder| told.value(placeholder);
    let subject = filled(&wording.subject, value);
    let text = filled(&wording.text, value);
    let (foot, no_more) = (told.foot(), told.no_more());
    let no_more_text = no_more.as_ref().map(|link| format!("\nNo more letters of this kind: {link}"));
    let html = page(&subject, &text, &foot, no_more.as_deref());
    let text = format!("{text}\n\n-- \n{foot}{}\n", no_more_text.unwrap_or_default());
    // Titles and names are one line already; a header is one in any case.
    Written { subject: subject.replace(char::is_control, " "), text, html }
}

impl Told<'_> {
    fn value(&self, placeholder: Placeholder) -> String {
        match placeholder {
            Placeholder::Name => match self.name {
                "" => "reader".to_owned(),
                name => name.to_owned(),
            },
            Placeholder::Programme => self.title().to_owned(),
            Placeholder::Link => self.link(),
            Placeholder::When => self.about.at_ms.map(|at| self.when(at)).unwrap_or_default(),
            Placeholder::Number => self.about.number.map(|number| number.to_string()).unwrap_or_default(),
            Placeholder::What => {
                let word = self.about.word.as_deref().unwrap_or_default();
                article(self.kind, word)
            }
            Placeholder::Fingerprint => self.about.commitment.clone().unwrap_or_default(),
        }
    }

    fn title(&self) -> &str {
        self.title.unwrap_or("the programme")
    }

    /// An instant in the programme's time.
    fn when(&self, millis: i64) -> String {
        let zone = TimeZone::get(self.time_zone).unwrap_or(TimeZone::UTC);
        let at = Timestamp::from_millisecond(millis).unwrap_or_default().to_zoned(zone);
        at.strftime("%A %-d %B %Y at %H:%M (%Z)").to_string()
    }

    /// The page where it goes on.
    fn link(&self) -> String {
        let about = self.about;
        let page = match self.kind {
            Kind::Receipt | Kind::Query => about.pitch.map(|pitch| format!("/pitches/{pitch}")),
            Kind::Won | Kind::AwardAccepted | Kind::PaymentSent => {
                about.award.map(|award| format!("/awards/{award}"))
            }
            Kind::SupportPledged | Kind::SupportDelivered => match (about.award, about.pitch) {
                (Some(award), _) => Some(format!("/awards/{award}")),
                (None, pitch) => pitch.map(|pitch| format!("/pitches/{pitch}")),
            },
            Kind::JudgeInvited | Kind::Assignment | Kind::Nudge | Kind::CommentReturned => {
                Some("/judging".to_owned())
            }
            Kind::Answer | Kind::WinnerAnswered => Some("/organise".to_owned()),
            Kind::RoleGranted if matches!(about.word.as_deref(), Some("organiser" | "approver")) => {
                Some("/organise".to_owned())
            }
            Kind::Result => Some("/results".to_owned()),
            _ => None,
        };
        self.address(&page.unwrap_or_default())
    }

    fn address(&self, page: &str) -> String {
        format!("{}/programmes/{}{page}", self.public_url.trim_end_matches('/'), self.programme)
    }

    fn foot(&self) -> String {
        format!("Sent by Plaudit, because you take part in {} or were invited to.", self.title())
    }

    /// Where to say so, if taking part doesn't need this letter.
    pub fn no_more(&self) -> Option<String> {
        self.kind.is_optional().then(|| self.address("/letters"))
    }
}

/// `an organiser`, `a judge`, `the chair`.
fn article(kind: Kind, word: &str) -> String {
    match word {
        _ if kind == Kind::WinnerAnswered => word.to_owned(),
        "chair" | "deputy" => format!("the {word}"),
        "organiser" | "approver" => format!("an {word}"),
        _ => format!("a {word}"),
    }
}

/// The same as a page: paragraphs, and a line that is an address as a link.
fn page(subject: &str, text: &str, foot: &str, no_more: Option<&str>) -> String {
    let paragraphs: String = text.split("\n\n").map(|part| format!("<p>{}</p>", paragraph(part))).collect();
    let no_more =
        no_more.map(|link| format!("<br><a href=\"{}\">No more letters of this kind</a>", escape(link)));
    format!(
        "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\
         <body style=\"margin:0;padding:24px;font:17px/1.5 Georgia,serif\">\
         <div style=\"max-width:36em;margin:0 auto\">{paragraphs}\
         <p style=\"font-size:14px;border-top:1px solid;padding-top:12px\">{}{}</p></div></body></html>",
        escape(subject),
        escape(foot),
        no_more.unwrap_or_default()
    )
}

fn paragraph(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line {
            link if is_link(link) => format!("<a href=\"{0}\">{0}</a>", escape(link)),
            line => escape(line),
        })
        .collect();
    lines.join("<br>")
}

fn is_link(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://")) && !line.contains(char::is_whitespace)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::words::default;

    fn told(kind: Kind, about: &About) -> Told<'_> {
        Told {
            kind,
            programme: ProgrammeId::default(),
            about,
            name: "Ada <Lovelace>",
            title: Some("The Den & Co"),
            time_zone: "Europe/London",
            public_url: "https://prizes.example.org/",
        }
    }

    #[test]
    fn a_receipt_says_when_which_version_and_the_fingerprint() {
        let about = About {
            pitch: Some("0193e4a2-0000-8000-8000-000000000001".parse().unwrap()),
            at_ms: Some(1_783_000_000_000),
            number: Some(2),
            commitment: Some("ab12".to_owned()),
            ..About::default()
        };
        let letter = written(&default(Kind::Receipt), &told(Kind::Receipt, &about));
        assert_eq!(letter.subject, "The Den & Co: your pitch has come in");
        for part in [
            "Thursday 2 July 2026 at 14:46 (BST)",
            "version 2",
            "\nab12\n",
            "Dear Ada <Lovelace>,",
            "/pitches/0193e4a2-0000-8000-8000-000000000001\n",
        ] {
            assert!(letter.text.contains(part), "{part} in {}", letter.text);
        }
        assert!(letter.html.contains("Ada &lt;Lovelace&gt;") && !letter.html.contains("<Lovelace"));
        assert!(letter.html.contains("<a href=\"https://prizes.example.org/programmes/"));
    }

    #[test]
    fn no_letter_is_sent_with_a_brace_or_an_empty_place() {
        let about = About {
            pitch: Some(Default::default()),
            award: Some(Default::default()),
            at_ms: Some(0),
            number: Some(1),
            commitment: Some("ab".to_owned()),
            word: Some("judge".to_owned()),
        };
        let kinds = [
            "receipt",
            "reminder-day",
            "query",
            "answer",
            "member-invited",
            "role-granted",
            "judge-invited",
            "entrant-invited",
            "assignment",
            "nudge",
            "comment-returned",
            "result",
            "won",
            "award-accepted",
            "winner-answered",
            "payment-sent",
            "support-pledged",
            "support-delivered",
            "deadline-moved",
            "rulebook-amended",
            "reminder-hour",
        ];
        for kind in kinds.map(|name| Kind::named(name).unwrap()) {
            let letter = written(&default(kind), &told(kind, &about));
            for text in [&letter.subject, &letter.text, &letter.html] {
                assert!(!text.contains(['{', '}']), "{kind:?}: {text}");
            }
            assert!(letter.text.contains("https://prizes.example.org/programmes/00000000-"), "{kind:?}");
            assert_eq!(letter.text.contains("No more letters"), kind == Kind::SupportPledged);
        }
    }

    #[test]
    fn a_title_cannot_add_a_header() {
        let about = About::default();
        let sly = Told { title: Some("a\r\nBcc: b@example.org"), ..told(Kind::Result, &about) };
        assert!(!written(&default(Kind::Result), &sly).subject.contains(['\r', '\n']));
    }
}
