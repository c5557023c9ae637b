//! What a file is, by its bytes alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::zip;

/// The types that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Pdf,
    Png,
    Jpeg,
    Gif,
    Webp,
    Text,
    Docx,
    Xlsx,
    Pptx,
    Odt,
    Ods,
    Odp,
}

const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const ODP: &str = "application/vnd.oasis.opendocument.presentation";

/// What would run when somebody opens the document.
const MACROS: [&str; 3] = ["vbaproject.bin", "basic/", "scripts/"];

impl Kind {
    /// What a whole file is; `None` for what is not taken.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let begins = |with: &[u8]| bytes.starts_with(with);
        if begins(b"%PDF-") {
            Some(Self::Pdf)
        } else if begins(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if begins(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if begins(b"GIF87a") || begins(b"GIF89a") {
            Some(Self::Gif)
        } else if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else if begins(b"PK") {
            document(bytes)
        } else {
            is_text(bytes).then_some(Self::Text)
        }
    }

    /// What it is served as.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Text => "text/plain; charset=utf-8",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => ODT,
            Self::Ods => ODS,
            Self::Odp => ODP,
        }
    }

    /// The endings that its name may have; the first is the usual one.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Text => &["txt", "text", "md", "csv"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
        }
    }

    /// The name with an ending that fits: whoever opens it by its name opens
    /// it as what it is.
    pub fn named(self, name: &str) -> String {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        if ending.is_some_and(|ending| self.endings().contains(&ending.as_str())) {
            name.to_owned()
        } else {
            format!("{name}.{}", self.endings()[0])
        }
    }
}

/// UTF-8 without the control characters that no text has.
fn is_text(bytes: &[u8]) -> bool {
    let plain = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    std::str::from_utf8(bytes).is_ok_and(|text| !text.is_empty() && text.chars().all(plain))
}

fn document(bytes: &[u8]) -> Option<Kind> {
    let names = zip::names(bytes)?;
    let has = |name: &str| names.iter().any(|named| named == name);
    let runs = |name: &String| {
        let name = name.to_ascii_lowercase();
        MACROS.iter().any(|part| name.starts_with(part) || name.ends_with(part))
    };
    if names.iter().any(runs) {
        return None;
    }
    match zip::media_type(bytes) {
        Some(ODT) => return Some(Kind::Odt),
        Some(ODS) => return Some(Kind::Ods),
        Some(ODP) => return Some(Kind::Odp),
        Some(_) => return None,
        None => {}
    }
    let parts = [
        ("word/document.xml", Kind::Docx),
        ("xl/workbook.xml", Kind::Xlsx),
        ("ppt/presentation.xml", Kind::Pptx),
    ];
    let kind = parts.into_iter().find(|(part, _)| has(part)).map(|(_, kind)| kind);
    kind.filter(|_| has("[Content_Types].xml"))
}
