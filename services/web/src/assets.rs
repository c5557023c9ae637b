//! Styles, modules and the face: each under the hash of its bytes, so that a
//! browser keeps it for ever and a new version is a new address.

use std::borrow::Cow;
use std::io::Write;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

struct Asset {
    name: &'static str,
    kind: &'static str,
    content: Cow<'static, [u8]>,
    /// Absent for what is compressed already.
    squeezed: Option<Vec<u8>>,
    address: String,
}

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const FACE: &str = "font/woff2";
const DRAWING: &str = "image/svg+xml";

macro_rules! ours {
    ($name:literal) => {
        include_bytes!(concat!("../assets/", $name))
    };
}

macro_rules! theirs {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name))
    };
}

/// All that there is; each name once, and after what it speaks of.
const FILES: &[(&str, &str, &[u8])] = &[
    ("govuk.css", STYLE, theirs!("govuk.css")),
    ("govuk.mjs", SCRIPT, theirs!("govuk.mjs")),
    ("bricolage.woff2", FACE, theirs!("bricolage.woff2")),
    ("plaudit.css", STYLE, ours!("plaudit.css")),
    ("plaudit.mjs", SCRIPT, ours!("plaudit.mjs")),
    ("passkey.mjs", SCRIPT, ours!("passkey.mjs")),
    ("organise.css", STYLE, ours!("organise.css")),
    ("trail.css", STYLE, ours!("trail.css")),
    ("awards.css", STYLE, ours!("awards.css")),
    ("results.css", STYLE, ours!("results.css")),
    ("charts.css", STYLE, ours!("charts.css")),
    ("icon.svg", DRAWING, ours!("icon.svg")),
    ("entrant.css", STYLE, ours!("entrant.css")),
    ("keeper.mjs", SCRIPT, ours!("keeper.mjs")),
    ("autosave.mjs", SCRIPT, ours!("autosave.mjs")),
    ("upload.mjs", SCRIPT, ours!("upload.mjs")),
    ("attachments.mjs", SCRIPT, ours!("attachments.mjs")),
    ("countdown.mjs", SCRIPT, ours!("countdown.mjs")),
    ("judging.css", STYLE, ours!("judging.css")),
    ("outbox.mjs", SCRIPT, ours!("outbox.mjs")),
    ("sums.mjs", SCRIPT, ours!("sums.mjs")),
    ("grades.mjs", SCRIPT, ours!("grades.mjs")),
    ("scoresheet.mjs", SCRIPT, ours!("scoresheet.mjs")),
    ("unsent.mjs", SCRIPT, ours!("unsent.mjs")),
    ("interests.mjs", SCRIPT, ours!("interests.mjs")),
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets: Vec<Asset> = Vec::with_capacity(FILES.len());
    for &(name, kind, content) in FILES {
        let content = if kind == FACE { Cow::Borrowed(content) } else { linked(content, &assets) };
        let digest = Sha256::digest(&content);
        let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let squeezed = (kind != FACE).then(|| squeeze(&content)).flatten();
        assets.push(Asset { name, kind, content, squeezed, address: format!("/assets/{hash}/{name}") });
    }
    assets
});

/// Puts the addresses of those before it where a file says `asset:<name>`.
fn linked(content: &'static [u8], before: &[Asset]) -> Cow<'static, [u8]> {
    let Ok(text) = std::str::from_utf8(content) else { return Cow::Borrowed(content) };
    let mut text = Cow::Borrowed(text);
    for asset in before {
        let mark = format!("asset:{}", asset.name);
        if text.contains(&mark) {
            text = Cow::Owned(text.replace(&mark, &asset.address));
        }
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

fn squeeze(content: &[u8]) -> Option<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content).ok()?;
    gzip.finish().ok()
}

/// The address of an asset of this name, which must be one of ours.
pub fn address(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.address.as_str())
}

/// Serves an asset under its own hash, and under no other.
pub async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let wanted = format!("/assets/{hash}/{name}");
    let Some(asset) = ASSETS.iter().find(|asset| asset.address == wanted) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let takes = headers.get(header::ACCEPT_ENCODING).and_then(|takes| takes.to_str().ok());
    let squeezed = asset.squeezed.as_deref().filter(|_| takes.is_some_and(|takes| takes.contains("gzip")));
    let mut answer = squeezed.unwrap_or(&asset.content).into_response();
    let sent = answer.headers_mut();
    sent.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    sent.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    sent.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if squeezed.is_some() {
        sent.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_has_an_address_of_its_own() {
        for (name, _, _) in FILES {
            assert!(address(name).ends_with(name), "{name}");
        }
        assert_eq!(address("none.css"), "");
        for asset in ASSETS.iter() {
            assert!(!String::from_utf8_lossy(&asset.content).contains("asset:"), "{}", asset.name);
        }
    }

    #[test]
    fn the_design_systems_own_face_is_not_asked_for() {
        let style = String::from_utf8_lossy(FILES[0].2);
        assert!(
            !style.contains("Transport") && !style.contains("@font-face") && style.contains("govuk-button")
        );
    }
}
